#include "kube/user_access.h"

#include <fstream>
#include <sstream>
#include <utility>

namespace splitdelivery::kube {
namespace {

namespace fs = std::filesystem;
using base::ErrorKind;
using base::fail;
using base::Result;

constexpr const char* kServiceAccount = "/var/run/secrets/kubernetes.io/serviceaccount";

std::vector<fs::path> pathsIn(const std::string& list) {
  std::vector<fs::path> paths;
  std::istringstream parts(list);
  for (std::string part; std::getline(parts, part, ':');) {
    if (!part.empty()) paths.emplace_back(part);
  }
  return paths;
}

/// Nothing when it cannot be read.
std::optional<KubeconfigFile> read(const fs::path& path) {
  std::ifstream input(path, std::ios::binary);
  std::ostringstream text;
  if (!input || !(text << input.rdbuf())) return std::nullopt;
  return KubeconfigFile{text.str(), fs::absolute(path).parent_path()};
}

tl::unexpected<base::Error> unreadable(const std::string& which) {
  return fail(ErrorKind::Stall, "KubeconfigUnusable",
              "cannot read the kubeconfig " + which + ": check --kubeconfig, KUBECONFIG and the file's permissions");
}

Result<Access> accessFrom(const std::vector<KubeconfigFile>& files, const std::string& which, const UserWish& wish) {
  auto access = readKubeconfig(files, {.context = wish.context, .allowExec = true});
  if (!access) access.error().message = "the kubeconfig " + which + " " + access.error().message;
  return access;
}

Result<Access> fromPod(const UserWish& wish, const Environment& environment) {
  if (!environment("KUBERNETES_SERVICE_HOST") || !wish.context.empty()) {
    return fail(ErrorKind::Stall, "KubeconfigUnusable",
                "there is no kubeconfig: give --kubeconfig FILE, set KUBECONFIG, or write ~/.kube/config");
  }
  auto config = inClusterConfig(environment, kServiceAccount);
  if (!config) return fail(std::move(config).error());
  return Access{.config = std::move(*config), .context = "of this pod"};
}

}  // namespace

Result<Access> findUserAccess(const UserWish& wish, const Environment& environment) {
  if (!wish.kubeconfig.empty()) {
    auto file = read(wish.kubeconfig);
    return file ? accessFrom({std::move(*file)}, wish.kubeconfig, wish) : unreadable(wish.kubeconfig);
  }
  if (const std::string list = environment("KUBECONFIG").value_or(""); !list.empty()) {
    std::vector<KubeconfigFile> files;
    for (const fs::path& path : pathsIn(list)) {
      std::error_code ignored;
      if (!fs::exists(path, ignored)) continue;
      auto file = read(path);
      if (!file) return unreadable(path.string());
      files.push_back(std::move(*file));
    }
    return files.empty() ? unreadable(list) : accessFrom(files, list, wish);
  }
  const fs::path file = fs::path(environment("HOME").value_or("/")) / ".kube" / "config";
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return fromPod(wish, environment);
  auto found = read(file);
  return found ? accessFrom({std::move(*found)}, file.string(), wish) : unreadable(file.string());
}

Result<Config> logIn(Access access, bool terminal) {
  Config config = std::move(access.config);
  if (!access.plugin) return config;
  auto credential = runExecPlugin(*access.plugin, terminal);
  if (!credential) return fail(std::move(credential).error());
  config.token = std::move(credential->token);
  if (!credential->clientCertificate.empty()) {
    config.clientCertificate = std::move(credential->clientCertificate);
    config.clientKey = std::move(credential->clientKey);
  }
  return config;
}

}  // namespace splitdelivery::kube
