#pragma once

#include <string>
#include <string_view>

namespace splitdelivery::http {

/// Percent-encodes everything but letters, digits and `-._~`: fit for a path segment, a query and a
/// form body alike.
[[nodiscard]] std::string percentEncoded(std::string_view text);

/// %XX, and '+' as a blank. A '%' that two hexadecimal digits do not follow stays as it is.
[[nodiscard]] std::string percentDecoded(std::string_view text);

}  // namespace splitdelivery::http
