#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "kube/config.h"
#include "kube/exec_plugin.h"

namespace splitdelivery::kube {

/// One file of a kubeconfig. Relative paths in it start from `folder`.
struct KubeconfigFile {
  std::string text;
  std::filesystem::path folder;
};

/// What a caller wants of a kubeconfig, and lets it do.
struct KubeconfigWish {
  std::string context{};  ///< empty: current-context
  /// Opt-in: an entry with `exec` names a program that is to be run. Without, such an entry is refused, as a controller
  /// needs it: there nobody would notice.
  bool allowExec = false;
};

/// What a kubeconfig says.
struct Access {
  Config config;
  std::string context;                 ///< the one that was taken
  std::optional<ExecPlugin> plugin{};  ///< gives the credentials that `config` lacks; not run yet
};

/// Reads several files as one, as kubectl merges them: of entries of one name the first file's counts, and of
/// current-context the first that is there. Reads the files that they name; blocking. Error: Stall
/// "KubeconfigUnusable"; the message continues "the kubeconfig FILE ".
///
/// https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/#merging-kubeconfig-files
[[nodiscard]] base::Result<Access> readKubeconfig(const std::vector<KubeconfigFile>& files, const KubeconfigWish& wish);

}  // namespace splitdelivery::kube
