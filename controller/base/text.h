#pragma once

#include <cstddef>
#include <string>

namespace splitdelivery::base {

/// `text` in at most `most` bytes (3 at least): a longer one is cut between two characters of UTF-8 and ends in "…".
[[nodiscard]] std::string shortened(std::string text, std::size_t most);

}  // namespace splitdelivery::base
