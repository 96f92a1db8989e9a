#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/kubectl/resources.h"
#include "kube/reflector.h"

namespace splitdelivery::cli::kubectl {

/// What was asked of resources, each with the value of its reconcile-at annotation.
using Requests = std::map<api::ObjectKey, std::string>;

/// What became of them.
struct Handled {
  std::vector<Resource> handled;       ///< as their pass left them
  std::vector<api::ObjectKey> gone;    ///< deleted meanwhile
  Requests waiting;                    ///< no pass has come by the deadline
  std::optional<base::Error> trouble;  ///< why the watch ended before
};

/// Watches until each of these has had its pass (status.lastHandledReconcileAt), for `patience` at most.
base::Task<Handled> waitUntilHandled(const Session& session, Requests requests, std::chrono::nanoseconds patience);

}  // namespace splitdelivery::cli::kubectl
