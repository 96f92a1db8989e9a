#pragma once

#include <iosfwd>

#include "cli/run_result.h"

namespace splitdelivery::cli {

/// Writes the result for a machine, as one JSON object; docs/cli.md has its shape.
void printJson(std::ostream& out, const RunResult& result);

}  // namespace splitdelivery::cli
