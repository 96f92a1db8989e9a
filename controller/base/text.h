#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace splitdelivery::base {

/// `text` in at most `most` bytes (3 at least): a longer one is cut between two characters of UTF-8 and ends in "…".
[[nodiscard]] std::string shortened(std::string text, std::size_t most);

/// `text` without the characters of `blanks` at both ends.
[[nodiscard]] std::string_view trimmed(std::string_view text, std::string_view blanks);

}  // namespace splitdelivery::base
