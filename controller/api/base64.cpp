#include "api/base64.h"

#include <cstdint>

namespace splitdelivery::api {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::optional<std::string> decodeBase64(std::string_view text) {
  std::string bytes;
  std::uint32_t group = 0;
  unsigned characters = 0;
  unsigned padding = 0;
  for (const char c : text) {
    if (c == '\r' || c == '\n') continue;
    ++characters;
    group <<= 6U;
    if (c == '=') {
      ++padding;
    } else {
      const auto digit = kAlphabet.find(c);
      if (digit == std::string_view::npos || padding > 0) return std::nullopt;
      group |= static_cast<std::uint32_t>(digit);
    }
    if (characters % 4 != 0) continue;
    if (padding > 2) return std::nullopt;
    for (unsigned byte = 0; byte < 3 - padding; ++byte) {
      bytes.push_back(static_cast<char>((group >> (16 - 8 * byte)) & 255U));
    }
    group = 0;
  }
  if (characters % 4 != 0 || padding > 2) return std::nullopt;
  return bytes;
}

}  // namespace splitdelivery::api
