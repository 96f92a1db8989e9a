#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

namespace splitdelivery::kube {

using Json = nlohmann::json;

/// An object as the API server has sent it; `is_discarded()` when it is no JSON. Its managedFields, which are often
/// half of it and which nobody here reads, are left out.
[[nodiscard]] Json parseObject(std::string_view text);

}  // namespace splitdelivery::kube
