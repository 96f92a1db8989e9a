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
  std::string_view name;   ///< as it is written, without its quotes
  std::string_view value;  ///< as it is written, a string with its quotes
  std::size_t begin;       ///< of the name's quote, in the object's text
  std::size_t end;         ///< behind the value
};

/// Calls `visit(const Member&)` for each member of an object, in order, until it gives false.
template <class Visit>
void eachMember(std::string_view object, Visit visit) {
  std::size_t at = skipBlanks(object, 0);
  if (at >= object.size() || object[at] != '{') return;
  for (at = skipBlanks(object, at + 1); at < object.size() && object[at] == '"'; at = skipBlanks(object, at + 1)) {
    const std::size_t begin = at;
    const std::size_t nameEnd = skipString(object, at);
    at = skipBlanks(object, nameEnd);
    if (at >= object.size() || object[at] != ':') return;
    const std::size_t value = skipBlanks(object, at + 1);
    at = skipValue(object, value);
    if (!visit(Member{object.substr(begin + 1, nameEnd - begin - 2), object.substr(value, at - value), begin, at}))
      return;
    at = skipBlanks(object, at);
    if (at >= object.size() || object[at] != ',') return;
  }
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
