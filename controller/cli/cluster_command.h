#pragma once

#include "cli/options.h"

namespace splitdelivery::cli {

/// `run` without --manifests: the controller of a cluster, until told to stop. The exit code.
int runController(const FolderOptions& options, const ClusterOptions& cluster);

}  // namespace splitdelivery::cli
