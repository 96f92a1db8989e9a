#pragma once

#include "cli/options.h"

namespace CLI {  // NOLINT(readability-identifier-naming): the library's
class App;
}

namespace splitdelivery::cli {

/// --status-page and --status-addresses, of run.
void addStatusPageOptions(CLI::App& command, FolderOptions& options);

/// Whether what run was asked for of its status page goes together; else says on standard error what to change.
[[nodiscard]] bool statusPageFits(const FolderOptions& options);

}  // namespace splitdelivery::cli
