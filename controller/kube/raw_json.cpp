#include "kube/raw_json.h"

#include <cstring>

namespace splitdelivery::kube::raw_json {
namespace {

bool isBlank(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

}  // namespace

std::size_t skipBlanks(std::string_view text, std::size_t at) {
  while (at < text.size() && isBlank(text[at])) ++at;
  return at;
}

/// Behind its closing quote.
std::size_t skipString(std::string_view text, std::size_t at) {
  for (++at; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      return at + 1;
    }
  }
  return text.size();
}

std::size_t skipValue(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  while (at < text.size()) {
    switch (text[at]) {
      case '"':
        at = skipString(text, at);
        if (depth == 0) return at;
        continue;
      case '{':
      case '[':
        ++depth;
        break;
      case '}':
      case ']':
        if (depth == 0) return at;  // a number, or a word, ends with what it is in
        if (--depth == 0) return at + 1;
        break;
      default:
        if (depth == 0 && (text[at] == ',' || isBlank(text[at]))) return at;
    }
    ++at;
  }
  return text.size();
}

std::string_view plainText(std::string_view value) {
  const bool isText = value.size() >= 2 && value.front() == '"' && value.back() == '"';
  return isText && value.find('\\') == std::string_view::npos ? value.substr(1, value.size() - 2) : std::string_view{};
}

}  // namespace splitdelivery::kube::raw_json
