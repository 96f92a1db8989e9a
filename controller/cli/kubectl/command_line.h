#pragma once

#include <optional>

#include "cli/kubectl/options.h"

namespace splitdelivery::cli::kubectl {

/// What the command line asks for, checked as far as it can be without the cluster; or how the program ends: help was
/// printed, or the mistake.
struct CommandLine {
  std::optional<Options> options;
  int exitCode = 0;  ///< without options
};

[[nodiscard]] CommandLine parseCommandLine(int argc, const char* const* argv);

}  // namespace splitdelivery::cli::kubectl
