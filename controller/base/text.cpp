#include "base/text.h"

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

std::string_view trimmed(std::string_view text, std::string_view blanks) {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace splitdelivery::base
