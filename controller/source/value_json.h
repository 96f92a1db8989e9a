#pragma once

#include <nlohmann/json.hpp>

#include "api/value.h"

namespace splitdelivery::source {

/// A document as JSON and back. A number that fits no 64-bit integer comes back as a double.
[[nodiscard]] nlohmann::json toJson(const api::Value& value);
[[nodiscard]] api::Value valueFrom(const nlohmann::json& json);

}  // namespace splitdelivery::source
