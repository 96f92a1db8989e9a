#pragma once

#include <iosfwd>

#include "cli/run_result.h"

namespace splitdelivery::cli {

/// Writes the result for a person, a paragraph for each domain. `colour`: ANSI colours.
void printText(std::ostream& out, const RunResult& result, bool colour);

}  // namespace splitdelivery::cli
