#pragma once

#include <string_view>

namespace splitdelivery::source::folder {

/// Whether a text is well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms).
[[nodiscard]] bool isUtf8(std::string_view text);

}  // namespace splitdelivery::source::folder
