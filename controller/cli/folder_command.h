#pragma once

#include "cli/options.h"
#include "reconcile/write_gate.h"

namespace splitdelivery::cli {

/// plan and sync: one pass over every resource of a folder. Gives the exit code.
int runFolderCommand(const FolderOptions& options, reconcile::Mode mode);

}  // namespace splitdelivery::cli
