#pragma once

#include <string>
#include <string_view>

namespace splitdelivery::zoho {

/// Percent-encodes everything but letters, digits and `-._~`: fit for a path segment, a query and a
/// form body alike.
[[nodiscard]] std::string percentEncode(std::string_view text);

}  // namespace splitdelivery::zoho
