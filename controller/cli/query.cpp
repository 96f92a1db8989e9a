#include "cli/query.h"

#include <algorithm>
#include <charconv>

namespace splitdelivery::cli {
namespace {

std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    const std::string_view hex = text[i] == '%' ? text.substr(i + 1, 2) : std::string_view{};
    const auto read = std::from_chars(hex.data(), hex.data() + hex.size(), byte, 16);
    if (hex.size() == 2 && read.ec == std::errc{} && read.ptr == hex.data() + 2) {
      out.push_back(static_cast<char>(byte));
      i += 2;
    } else {
      out.push_back(text[i] == '+' ? ' ' : text[i]);
    }
  }
  return out;
}

}  // namespace

std::optional<std::string> queryValue(std::string_view query, std::string_view name, std::size_t most) {
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view parameter = query.substr(0, end);
    const std::size_t equals = std::min(parameter.find('='), parameter.size());
    if (parameter.substr(0, equals) == name) {
      return decoded(parameter.substr(std::min(equals + 1, parameter.size()))).substr(0, most);
    }
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return std::nullopt;
}

}  // namespace splitdelivery::cli
