#include "kube/exec_plugin.h"

#include "kube/child_process.h"

namespace splitdelivery::kube {
namespace {

using base::ErrorKind;
using base::Result;
using Json = nlohmann::json;

/// A certificate chain with its key has a few kilobytes.
constexpr std::size_t kLongestOutput = std::size_t{1} << 20U;

tl::unexpected<base::Error> failed(const ExecPlugin& plugin, const std::string& why) {
  return base::fail(ErrorKind::Stall, "CredentialPluginFailed",
                    "the kubeconfig's credential plugin " + plugin.command + " " + why);
}

std::string textIn(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// The environment variable in which a plugin is told what it is asked.
std::string execInfo(const ExecPlugin& plugin, bool interactive) {
  Json info = {{"apiVersion", plugin.apiVersion}, {"kind", "ExecCredential"}, {"spec", {{"interactive", interactive}}}};
  if (!plugin.cluster.is_null()) info["spec"]["cluster"] = plugin.cluster;
  return info.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

Result<ExecCredential> parseExecCredential(const ExecPlugin& plugin, const std::string& output) {
  const Json answer = Json::parse(output, nullptr, false);
  if (!answer.is_object() || textIn(answer, "kind") != "ExecCredential") {
    return failed(plugin, "printed no ExecCredential: run it by hand to see what it says");
  }
  if (textIn(answer, "apiVersion") != plugin.apiVersion) {
    return failed(plugin, "speaks another version of the protocol than the kubeconfig's " + plugin.apiVersion +
                              ": update the plugin, or make the kubeconfig anew");
  }
  const auto status = answer.find("status");
  if (status == answer.end() || !status->is_object()) {
    return failed(plugin, "gave no credentials: log in with it again");
  }
  ExecCredential credential{.token = base::Secret(textIn(*status, "token")),
                            .clientCertificate = textIn(*status, "clientCertificateData"),
                            .clientKey = base::Secret(textIn(*status, "clientKeyData"))};
  if (credential.clientCertificate.empty() != credential.clientKey.empty()) {
    return failed(plugin, "gave a certificate and its key not together: update the plugin");
  }
  if (credential.token.empty() && credential.clientCertificate.empty()) {
    return failed(plugin, "gave no credentials: log in with it again");
  }
  return credential;
}

Result<ExecCredential> runExecPlugin(const ExecPlugin& plugin, bool terminal, std::chrono::milliseconds patience) {
  using Interactive = ExecPlugin::Interactive;
  if (plugin.interactive == Interactive::Always && !terminal) {
    return failed(plugin, "wants to ask you something: run this in a terminal");
  }
  const bool interactive = terminal && plugin.interactive != Interactive::Never;
  auto environment = plugin.environment;
  environment.emplace_back("KUBERNETES_EXEC_INFO", execInfo(plugin, interactive));
  const ChildEnd end = runChild({.command = plugin.command,
                                 .arguments = plugin.arguments,
                                 .environment = std::move(environment),
                                 .inheritsInput = interactive},
                                patience, kLongestOutput);
  switch (end.how) {
    case ChildEnd::How::NotFound:
      return failed(plugin,
                    "is not on this machine: " +
                        (plugin.installHint.empty() ? "install it, or make the kubeconfig anew" : plugin.installHint));
    case ChildEnd::How::TimedOut:
      return failed(plugin, "did not end within " +
                                std::to_string(std::chrono::duration_cast<std::chrono::seconds>(patience).count()) +
                                " s: run it by hand to see what it waits for");
    case ChildEnd::How::SaidTooMuch:
      return failed(plugin, "printed no ExecCredential: run it by hand to see what it says");
    case ChildEnd::How::NotStarted:
      return failed(plugin, "could not be started: check that it may be executed");
    case ChildEnd::How::Ended:
      break;
  }
  if (end.status != 0) {
    return failed(plugin, "failed (exit code " + std::to_string(end.status) + "): what it said stands above" +
                              (plugin.installHint.empty() ? "" : "; " + plugin.installHint));
  }
  return parseExecCredential(plugin, end.output);
}

}  // namespace splitdelivery::kube
