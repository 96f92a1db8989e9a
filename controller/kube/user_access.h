#pragma once

#include <string>

#include "base/result.h"
#include "kube/config.h"
#include "kube/kubeconfig.h"

namespace splitdelivery::kube {

/// What a person gave on the command line.
struct UserWish {
  std::string kubeconfig{};  ///< --kubeconfig; empty: $KUBECONFIG, then ~/.kube/config
  std::string context{};     ///< --context; empty: the current one
};

/// The access of a person at a terminal, found as kubectl finds it: --kubeconfig (that file alone), then the files of
/// $KUBECONFIG, joined with ':' and merged (those that are missing are passed over), then ~/.kube/config, then the
/// pod's own. Credential plugins are named, not run. Blocking. Error: Stall "KubeconfigUnusable", "NotInCluster".
[[nodiscard]] base::Result<Access> findUserAccess(const UserWish& wish, const Environment& environment);

/// Runs the plugin that gives what `access` lacks, if there is one: the whole configuration. Blocking. Error: Stall
/// "CredentialPluginFailed".
[[nodiscard]] base::Result<Config> logIn(Access access, bool terminal);

}  // namespace splitdelivery::kube
