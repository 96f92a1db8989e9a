#include "kube/raw_json.h"

#include <array>

namespace splitdelivery::kube::raw_json {
namespace {

bool isBlank(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/// The bytes at which something begins or ends outside of a string. Most bytes are none.
constexpr auto kMarks = [] {
  std::array<bool, 256> marks{};
  for (const char c : {'"', '{', '}', '[', ']'}) marks[static_cast<unsigned char>(c)] = true;
  return marks;
}();

/// The next mark at `at` or behind it.
std::size_t nextMark(std::string_view text, std::size_t at) {
  while (at < text.size() && !kMarks[static_cast<unsigned char>(text[at])]) ++at;
  return at;
}

/// Behind a number or a word: it ends with what it is in.
std::size_t skipWord(std::string_view text, std::size_t at) {
  while (at < text.size() && text[at] != ',' && text[at] != '}' && text[at] != ']' && !isBlank(text[at])) ++at;
  return at;
}

}  // namespace

std::size_t skipBlanks(std::string_view text, std::size_t at) {
  while (at < text.size() && isBlank(text[at])) ++at;
  return at;
}

/// Behind its closing quote.
std::size_t skipString(std::string_view text, std::size_t at) {
  for (++at; at < text.size(); ++at) {
    if (text[at] == '"') return at + 1;
    if (text[at] == '\\') ++at;
  }
  return text.size();
}

std::size_t skipValue(std::string_view text, std::size_t at) {
  if (at < text.size() && text[at] == '"') return skipString(text, at);
  if (at < text.size() && text[at] != '{' && text[at] != '[') return skipWord(text, at);
  std::size_t depth = 0;
  for (at = nextMark(text, at); at < text.size(); at = nextMark(text, at)) {
    if (text[at] == '"') {
      at = skipString(text, at);
      continue;
    }
    const bool opens = text[at] == '{' || text[at] == '[';
    ++at;
    if (opens) {
      ++depth;
    } else if (--depth == 0) {
      return at;
    }
  }
  return text.size();
}

std::string_view plainText(std::string_view value) {
  const bool isText = value.size() >= 2 && value.front() == '"' && value.back() == '"';
  return isText && value.find('\\') == std::string_view::npos ? value.substr(1, value.size() - 2) : std::string_view{};
}

}  // namespace splitdelivery::kube::raw_json
