#pragma once

#include <chrono>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/secret.h"

namespace splitdelivery::kube {

/// A credential plugin that a kubeconfig names: the program that EKS, GKE, AKS and others log people in with.
///
/// https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
struct ExecPlugin {
  enum class Interactive : std::uint8_t { Never, IfAvailable, Always };

  std::string apiVersion;  ///< "client.authentication.k8s.io/v1" or …/v1beta1
  std::string command;     ///< a name to be looked for in PATH, or an absolute path
  std::vector<std::string> arguments{};
  std::vector<std::pair<std::string, std::string>> environment{};  ///< besides ours, and before it
  std::string installHint{};                                       ///< one line
  Interactive interactive = Interactive::IfAvailable;
  nlohmann::json cluster{};  ///< what provideClusterInfo tells it; null: nothing
};

/// What a plugin gives: a token, or a certificate with its key, or both.
struct ExecCredential {
  base::Secret token{};
  std::string clientCertificate{};  ///< PEM
  base::Secret clientKey{};         ///< PEM
};

/// How long a plugin may take.
inline constexpr std::chrono::seconds kPluginPatience{60};

/// Runs the plugin, without a shell, and reads what it gives. What it says on standard error goes to ours. `terminal`:
/// whether our standard input is one; only then the plugin may ask something of it. Blocking, for `patience` at most.
/// Error: Stall "CredentialPluginFailed".
[[nodiscard]] base::Result<ExecCredential> runExecPlugin(const ExecPlugin& plugin, bool terminal,
                                                         std::chrono::milliseconds patience = kPluginPatience);

/// What a plugin wrote on its standard output. Error: as above; nothing of the output is quoted.
[[nodiscard]] base::Result<ExecCredential> parseExecCredential(const ExecPlugin& plugin, const std::string& output);

}  // namespace splitdelivery::kube
