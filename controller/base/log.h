#pragma once

#include <string>

namespace splitdelivery::base {

/// Sets the process's logger up: to standard error, one line an event, `level` one of "trace",
/// "debug", "info", "warn", "error", "off".
void setUpLogging(const std::string& level);

}  // namespace splitdelivery::base
