#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "cli/env_source.h"

namespace splitdelivery::cli {

/// What a command that works without a cluster was asked for on the command line or in the environment.
struct FolderOptions {
  std::string manifests;
  std::string state;  ///< empty: as stateFolder says
  std::string output = "text";
  std::string logLevel = "warn";
  std::string logFormat = "text";
  std::size_t workers = 16;
  std::string listen{};                   ///< as http::parseListenAddress reads it; empty: nothing listens
  std::optional<bool> statusPage{};       ///< whether / is the status page; none: over a folder, and not in a cluster
  bool statusAddresses = false;           ///< whether that page shows e-mail addresses
  std::string record{};                   ///< folder for scrubbed exchanges; empty: none are kept
  std::vector<std::string> dnsServers{};  ///< as dns::parseServerAddress reads them; empty: the system's
  std::optional<FromEnv> env{};           ///< --from-env: in the place of manifests
};

/// --from-env and what goes with it, as given.
struct EnvFlags {
  bool fromEnv = false;
  std::string policy{};        ///< empty: Observe
  std::string approvedPlan{};  ///< empty: none
};

/// What run was asked for besides: without --manifests it works on a cluster.
struct ClusterOptions {
  std::string kubeconfig{};                   ///< empty: as kubectl finds it, or the pod's own
  std::vector<std::string> namespaces{};      ///< empty: all
  std::vector<std::string> allowedServers{};  ///< as api::ServerPattern reads them (S19)
  double apiQps = 500;                        ///< requests a second to the API server; 0: no limit
  double apiBurst = 1000;                     ///< how many may go at once after a quiet time
  bool leaderElect = false;                   ///< several replicas: one works, the others stand by
};

/// What import-env was asked for.
struct ImportOptions {
  std::string file;
  std::string record{};  ///< as above
  std::string logLevel = "warn";
};

}  // namespace splitdelivery::cli
