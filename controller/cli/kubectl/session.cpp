#include "cli/kubectl/session.h"

#include <ostream>

#include "cli/cli.h"

namespace splitdelivery::cli::kubectl {

std::string commandFor(const Session& session, const std::string& verb, const api::ObjectKey& key,
                       const std::string& more) {
  std::string text = "kubectl sdd " + verb + " " + key.name;
  if (!more.empty()) text += " " + more;
  if (key.ns != session.client.config().ns) text += " -n " + key.ns;
  if (!session.options.context.empty()) text += " --context " + session.options.context;
  if (!session.options.kubeconfig.empty()) text += " --kubeconfig " + session.options.kubeconfig;
  return text;
}

int failed(const Session& session, const base::Error& error) {
  session.err << "error: " << plain(error.message) << "\n";
  return kError;
}

int done(const Session& session, const std::string& line) {
  session.out << plain(line) << "\n";
  return kOk;
}

}  // namespace splitdelivery::cli::kubectl
