#pragma once

#include <string>

#include "cli/options.h"

namespace splitdelivery::cli {

/// run --manifests: passes over every resource of a folder, each on its interval, until SIGTERM or
/// SIGINT. Gives the exit code.
int runService(const FolderOptions& options);

}  // namespace splitdelivery::cli
