#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

namespace splitdelivery::kube {

/// Which API server, and who we are to it.
struct Config {
  std::string origin;                 ///< "https://10.0.0.1:443"
  std::string pathPrefix{};           ///< "/k8s/clusters/c-1" of a server behind a gateway; else ""
  std::string caBundle{};             ///< PEM, who alone is trusted; or empty: the system's authorities
  std::string clientCertificate{};    ///< PEM, with clientKey; or empty
  base::Secret clientKey{};           ///< PEM
  base::Secret token{};               ///< empty: none, or the one of tokenFile
  std::filesystem::path tokenFile{};  ///< read again as it is rotated; empty: none
  std::string ns = "default";         ///< ours: where leases and the accounts' record live
};

/// Looks up an environment variable; nothing when it is not set.
using Environment = std::function<std::optional<std::string>(const char*)>;

/// The current context of a kubeconfig, which is YAML or JSON. `folder`: what relative paths in it start from.
/// Reads the files that it names; blocking. Error: Stall "KubeconfigUnusable", naming the entry.
///
/// https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
[[nodiscard]] base::Result<Config> parseKubeconfig(const std::string& text, const std::filesystem::path& folder);

/// Of the service account that every pod has. `mount` is /var/run/secrets/kubernetes.io/serviceaccount but in tests.
/// Blocking. Error: Stall "NotInCluster".
[[nodiscard]] base::Result<Config> inClusterConfig(const Environment& environment, const std::filesystem::path& mount);

/// For a controller: `kubeconfig` where that is not empty, then $KUBECONFIG (one file), then the pod's own, then
/// ~/.kube/config. Runs no credential plugin. Blocking. Error: as above.
[[nodiscard]] base::Result<Config> findConfig(const std::string& kubeconfig, const Environment& environment);

}  // namespace splitdelivery::kube
