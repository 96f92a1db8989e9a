#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace splitdelivery::api {

/// A duration as Go's time.ParseDuration reads it, which is what Kubernetes does: "90s", "1h30m",
/// "1.5h". None for anything else, for a negative one and for more than 100 years.
[[nodiscard]] std::optional<std::chrono::nanoseconds> parseDuration(std::string_view text);

/// "5m", "1h30m", "45s".
[[nodiscard]] std::string durationText(std::chrono::seconds duration);

}  // namespace splitdelivery::api
