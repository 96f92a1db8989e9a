#pragma once

#include <string>
#include <string_view>

/// Letters as protocols mean them: ASCII only, whatever the locale. Bytes of other scripts stay as they are.
namespace splitdelivery::base {

[[nodiscard]] constexpr char lowered(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

[[nodiscard]] inline std::string lowered(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = lowered(c);
  return result;
}

}  // namespace splitdelivery::base
