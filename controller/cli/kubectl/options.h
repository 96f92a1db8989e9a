#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace splitdelivery::cli::kubectl {

enum class Command : std::uint8_t { Status, Plan, Approve, Resync, Suspend, Resume };

/// What `kubectl sdd` was asked for.
struct Options {
  Command command = Command::Status;
  std::string kubeconfig{};
  std::string context{};
  std::string ns{};  ///< empty: the context's own
  bool allNamespaces = false;
  std::string output = "text";
  std::string logLevel = "off";
  std::string name{};     ///< of one resource; empty: all
  std::string address{};  ///< status: canonical; empty: not about an address
  std::string planId{};   ///< approve
  bool all = false;       ///< resync
  bool wait = true;       ///< resync
  std::chrono::nanoseconds timeout{std::chrono::minutes{1}};
};

}  // namespace splitdelivery::cli::kubectl
