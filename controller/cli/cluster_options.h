#pragma once

#include <string>
#include <vector>

#include "cli/options.h"

namespace CLI {  // NOLINT(readability-identifier-naming): the library's
class App;
}

namespace splitdelivery::cli {

/// The flags of `run` that a cluster alone has a use for.
void addClusterOptions(CLI::App& command, ClusterOptions& options);

/// Which of them were given, "--kubeconfig" and so on; nothing when all are left to their defaults.
[[nodiscard]] std::vector<std::string> givenClusterFlags(const ClusterOptions& options);

}  // namespace splitdelivery::cli
