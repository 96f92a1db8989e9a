#pragma once

#include <string>

#include "base/executor.h"

namespace splitdelivery::serve {

/// "2026-01-02 03:04:05 UTC".
[[nodiscard]] std::string utcText(base::WallTime time);
/// "2026-01-02T03:04:05Z".
[[nodiscard]] std::string utcStamp(base::WallTime time);
/// "12 s", "3 min", "5 h", "2 days"; of what is shorter than a second, or below zero, "a moment".
[[nodiscard]] std::string spanText(base::Duration span);
/// The same in milliseconds where it is short: "142 ms", "3.1 s".
[[nodiscard]] std::string shortSpanText(base::Duration span);

}  // namespace splitdelivery::serve
