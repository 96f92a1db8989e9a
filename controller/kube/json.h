#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

namespace splitdelivery::kube {

using Json = nlohmann::json;

/// What the API server has sent; `is_discarded()` when it is no JSON.
///
/// What others keep in an object's metadata for themselves (managedFields, kubectl's copy of the document) is left out:
/// it is often more than half of it, and nobody here reads it.
[[nodiscard]] Json parseObject(std::string_view text);

}  // namespace splitdelivery::kube
