#pragma once

#include <iosfwd>
#include <stop_token>
#include <string>

#include "api/resource.h"
#include "base/executor.h"
#include "base/result.h"
#include "cli/kubectl/options.h"
#include "cli/line_printer.h"
#include "kube/client.h"

namespace splitdelivery::cli::kubectl {

/// One run of `kubectl sdd`: what was asked, whom to ask, and where to write. Outlives the commands' tasks.
struct Session {
  base::Executor& executor;
  kube::Client& client;
  Options options;
  std::string context;  ///< name of the kubeconfig's context, for messages
  std::ostream& out;
  std::ostream& err;
  bool colour = false;
  std::stop_token stop{};

  /// The namespace that was asked for, or the context's.
  [[nodiscard]] std::string ns() const { return options.ns.empty() ? client.config().ns : options.ns; }
  [[nodiscard]] api::ObjectKey key() const { return {ns(), options.name}; }
  [[nodiscard]] bool json() const { return options.output == "json"; }
  [[nodiscard]] LinePrinter printer() const { return {out, colour}; }
};

/// "kubectl sdd VERB NAME", with what else a person has to type to mean this resource.
[[nodiscard]] std::string commandFor(const Session& session, const std::string& verb, const api::ObjectKey& key,
                                     const std::string& more = "");

/// Says what went wrong; the exit code.
int failed(const Session& session, const base::Error& error);

/// Whether that needs nobody's help: it stands there now.
int done(const Session& session, const std::string& line);

}  // namespace splitdelivery::cli::kubectl
