#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/executor.h"

namespace splitdelivery::api {

/// "2026-01-02T03:04:05Z": UTC, whole seconds, as metav1.Time is written.
[[nodiscard]] std::string rfc3339(base::WallTime time);

/// As `rfc3339`, with the nanoseconds where there are any: what comes back is what was written.
[[nodiscard]] std::string rfc3339Exact(base::WallTime time);

/// Reads both, with any offset from UTC. None for what is no date, or lies outside 1678 … 2261.
[[nodiscard]] std::optional<base::WallTime> parseRfc3339(std::string_view text);

}  // namespace splitdelivery::api
