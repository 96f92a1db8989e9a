#include "base/text.h"

#include <string_view>

namespace splitdelivery::base {
namespace {

constexpr std::string_view kEllipsis = "…";

/// Whether a byte goes on with a character that began before it.
bool continues(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

}  // namespace

std::string shortened(std::string text, std::size_t most) {
  if (text.size() <= most) return text;
  std::size_t end = most - kEllipsis.size();
  while (end > 0 && continues(text[end])) --end;
  text.resize(end);
  return text.append(kEllipsis);
}

}  // namespace splitdelivery::base
