#pragma once

#include <algorithm>
#include <string_view>

#include "base/ascii.h"

/// What we ask of text that came from a server: ASCII only, whatever the locale.
namespace splitdelivery::mailserver::directadmin {

using base::lowered;

[[nodiscard]] constexpr bool isBlank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

[[nodiscard]] constexpr bool isControl(char c) {
  return (c >= '\0' && c < ' ') || c == '\x7f';
}

[[nodiscard]] constexpr std::string_view trimmed(std::string_view text) {
  while (!text.empty() && isBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && isBlank(text.back())) text.remove_suffix(1);
  return text;
}

[[nodiscard]] constexpr bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// Whether a name can be one: not empty, no blanks, nothing unprintable.
[[nodiscard]] inline bool isOneWord(std::string_view text) {
  return !text.empty() && std::none_of(text.begin(), text.end(), [](char c) { return isBlank(c) || isControl(c); });
}

}  // namespace splitdelivery::mailserver::directadmin
