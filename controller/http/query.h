#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace splitdelivery::http {

/// The value of a parameter of "a=1&b=x%20y+z", decoded; "" where it has none; none where it is not there. At most
/// `most` bytes of it.
[[nodiscard]] std::optional<std::string> queryValue(std::string_view query, std::string_view name,
                                                    std::size_t most = 200);

}  // namespace splitdelivery::http
