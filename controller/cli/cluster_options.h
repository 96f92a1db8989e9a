#pragma once

#include "cli/options.h"

namespace CLI {  // NOLINT(readability-identifier-naming): the library's
class App;
}

namespace splitdelivery::cli {

/// The flags of `run` that a cluster alone has a use for.
void addClusterOptions(CLI::App& command, ClusterOptions& options);

}  // namespace splitdelivery::cli
