#pragma once

#include "cli/options.h"

/// Commands that ask both systems and print documents, and that write nothing anywhere.
namespace splitdelivery::cli {

/// `discover`: documents for hosted domains that no resource covers. Gives the exit code.
int runDiscover(const FolderOptions& options);

/// `import-env`: documents for what the script's .env file describes. Gives the exit code.
int runImportEnv(const ImportOptions& options);

}  // namespace splitdelivery::cli
