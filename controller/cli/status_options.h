#pragma once

#include "cli/options.h"

namespace CLI {  // NOLINT(readability-identifier-naming): the library's
class App;
}

namespace splitdelivery::cli {

/// --status-page and --status-addresses, of run.
void addStatusPageOptions(CLI::App& command, FolderOptions& options);

/// Whether run answers / with the status page: where it listens, over a folder unless told otherwise, in a cluster only
/// if told.
[[nodiscard]] bool hasStatusPage(const FolderOptions& options);

/// Whether what run was asked for of its status page goes together; else says on standard error what to change.
[[nodiscard]] bool statusPageFits(const FolderOptions& options);

}  // namespace splitdelivery::cli
