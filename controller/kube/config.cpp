#include "kube/config.h"

#include <cctype>
#include <fstream>
#include <sstream>

namespace splitdelivery::kube {
namespace {

namespace fs = std::filesystem;
using base::ErrorKind;
using base::fail;
using base::Result;

constexpr const char* kServiceAccount = "/var/run/secrets/kubernetes.io/serviceaccount";

std::string trimmed(std::string text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) text.pop_back();
  return text;
}

std::optional<std::string> contentOf(const fs::path& file) {
  std::ifstream input(file, std::ios::binary);
  if (!input) return std::nullopt;
  std::ostringstream text;
  text << input.rdbuf();
  return input.bad() ? std::nullopt : std::optional(text.str());
}

tl::unexpected<base::Error> notInCluster(const std::string& why) {
  return fail(ErrorKind::Stall, "NotInCluster", why);
}

}  // namespace

Result<Config> inClusterConfig(const Environment& environment, const fs::path& mount) {
  const auto host = environment("KUBERNETES_SERVICE_HOST");
  const auto port = environment("KUBERNETES_SERVICE_PORT");
  if (!host || !port) {
    return notInCluster(
        "this is no pod of a cluster, and there is no kubeconfig: give --kubeconfig FILE, or "
        "--manifests PATH to work without a cluster");
  }
  Config config;
  const bool isIpv6 = host->find(':') != std::string::npos;
  config.origin = "https://" + (isIpv6 ? "[" + *host + "]" : *host) + ":" + *port;
  config.tokenFile = mount / "token";
  auto ca = contentOf(mount / "ca.crt");
  auto token = contentOf(config.tokenFile);
  if (!ca || !token) {
    return notInCluster("the pod has no service account token in " + mount.string() +
                        ": set automountServiceAccountToken to true");
  }
  config.caBundle = std::move(*ca);
  config.token = base::Secret(trimmed(std::move(*token)));
  if (auto ns = contentOf(mount / "namespace")) config.ns = trimmed(std::move(*ns));
  return config;
}

Result<Config> findConfig(const std::string& kubeconfig, const Environment& environment) {
  fs::path file = kubeconfig;
  if (file.empty()) file = environment("KUBECONFIG").value_or("");
  if (file.empty() && environment("KUBERNETES_SERVICE_HOST")) return inClusterConfig(environment, kServiceAccount);
  if (file.empty()) {
    file = fs::path(environment("HOME").value_or("/")) / ".kube" / "config";
    std::error_code ignored;
    if (!fs::exists(file, ignored)) return inClusterConfig(environment, kServiceAccount);
  }
  const auto text = contentOf(file);
  if (!text) {
    return fail(ErrorKind::Stall, "KubeconfigUnusable",
                "cannot read the kubeconfig " + file.string() + ": check --kubeconfig or KUBECONFIG (one file)");
  }
  auto config = parseKubeconfig(*text, fs::absolute(file).parent_path());
  if (!config) config.error().message = "the kubeconfig " + file.string() + " " + config.error().message;
  return config;
}

}  // namespace splitdelivery::kube
