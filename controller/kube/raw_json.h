#pragma once

#include <string_view>

/// Looks into the text of JSON without parsing it: most of what the API server sends need not become a tree.
///
/// Of text that is no JSON it may tell anything, but reads nothing outside of it.
namespace splitdelivery::kube::raw_json {

/// Where the value that begins at `at` has ended.
[[nodiscard]] std::size_t skipValue(std::string_view text, std::size_t at);
[[nodiscard]] std::size_t skipString(std::string_view text, std::size_t at);
[[nodiscard]] std::size_t skipBlanks(std::string_view text, std::size_t at);

struct Member {
  std::string_view name;  ///< as it is written, without its quotes
  std::size_t begin;      ///< of the name's quote, in the object's text
  std::size_t value;      ///< where its value begins
};

constexpr std::size_t kBroken = std::string_view::npos;

/// Calls `visit(const Member&)` for each member of the object that `text` begins with, in order; it gives back where
/// the member's value has ended (skipValue, or better). Gives where the object has ended; kBroken where it is none.
template <class Visit>
std::size_t eachMember(std::string_view text, Visit visit) {
  std::size_t at = skipBlanks(text, 0);
  if (at >= text.size() || text[at] != '{') return kBroken;
  at = skipBlanks(text, at + 1);
  if (at < text.size() && text[at] == '}') return at + 1;
  for (; at < text.size() && text[at] == '"'; at = skipBlanks(text, at + 1)) {
    const std::size_t begin = at;
    const std::size_t nameEnd = skipString(text, at);
    at = skipBlanks(text, nameEnd);
    if (at >= text.size() || text[at] != ':') return kBroken;
    const std::size_t value = skipBlanks(text, at + 1);
    at = skipBlanks(text, visit(Member{text.substr(begin + 1, nameEnd - begin - 2), begin, value}));
    if (at < text.size() && text[at] == '}') return at + 1;
    if (at >= text.size() || text[at] != ',') return kBroken;
  }
  return kBroken;
}

/// Calls `visit(std::string_view)` with the text of each element of an array.
template <class Visit>
void eachElement(std::string_view array, Visit visit) {
  std::size_t at = skipBlanks(array, 0);
  if (at >= array.size() || array[at] != '[') return;
  for (at = skipBlanks(array, at + 1); at < array.size() && array[at] != ']'; at = skipBlanks(array, at + 1)) {
    const std::size_t begin = at;
    at = skipValue(array, at);
    if (at == begin) return;
    visit(array.substr(begin, at - begin));
    at = skipBlanks(array, at);
    if (at >= array.size() || array[at] != ',') return;
  }
}

/// The text of a string without escapes, without its quotes; empty for any other value.
[[nodiscard]] std::string_view plainText(std::string_view value);

}  // namespace splitdelivery::kube::raw_json
