#include "source/folder/utf8.h"

#include <cstddef>
#include <cstdint>

namespace splitdelivery::source::folder {
namespace {

/// How many bytes the character has that starts with `lead`; 0 when none does.
std::size_t lengthOf(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  if (lead >= 0xF0 && lead < 0xF5) return 4;
  return 0;
}

}  // namespace

bool isUtf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = lengthOf(static_cast<unsigned char>(text.front()));
    if (length == 0 || length > text.size()) return false;
    std::uint32_t point = static_cast<unsigned char>(text.front()) & (0xFFU >> length);
    for (std::size_t i = 1; i < length; ++i) {
      const auto byte = static_cast<unsigned char>(text[i]);
      if ((byte & 0xC0U) != 0x80U) return false;
      point = (point << 6U) | (byte & 0x3FU);
    }
    const bool surrogate = point >= 0xD800 && point < 0xE000;
    if (surrogate || point > 0x10FFFF || (length == 3 && point < 0x800) || (length == 4 && point < 0x10000))
      return false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace splitdelivery::source::folder
