#include "kube/raw_json.h"

namespace splitdelivery::kube {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";
constexpr auto kNone = std::string_view::npos;

std::size_t skipBlanks(std::string_view text, std::size_t at) {
  while (at < text.size() && kBlanks.find(text[at]) != kNone) ++at;
  return at;
}

/// Behind the closing quote of the string that begins at `at`.
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

/// Behind the value that begins at `at`.
std::size_t skipValue(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      at = skipString(text, at);
      if (depth == 0) return at;
      continue;
    }
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') {
      if (depth == 0) return at;  // a number, or a word, ends with what it is in
      if (--depth == 0) return at + 1;
    }
    if (depth == 0 && (c == ',' || kBlanks.find(c) != kNone)) return at;
    ++at;
  }
  return at;
}

/// Where a member stands, from its name's quote to behind its value.
struct Place {
  std::size_t begin = kNone;
  std::size_t value = kNone;
  std::size_t end = kNone;
};

Place find(std::string_view object, std::string_view name) {
  std::size_t at = skipBlanks(object, 0);
  if (at >= object.size() || object[at] != '{') return {};
  for (at = skipBlanks(object, at + 1); at < object.size() && object[at] == '"'; at = skipBlanks(object, at + 1)) {
    const std::size_t begin = at;
    at = skipString(object, at);
    const bool found = at == begin + name.size() + 2 && object.substr(begin + 1, name.size()) == name;
    at = skipBlanks(object, at);
    if (at >= object.size() || object[at] != ':') return {};
    const std::size_t value = skipBlanks(object, at + 1);
    at = skipValue(object, value);
    if (found) return {begin, value, at};
    at = skipBlanks(object, at);
    if (at >= object.size() || object[at] != ',') return {};
  }
  return {};
}

}  // namespace

std::string_view memberOf(std::string_view object, std::string_view name) {
  const Place place = find(object, name);
  return place.begin == kNone ? std::string_view{} : object.substr(place.value, place.end - place.value);
}

std::string_view plainTextOf(std::string_view object, std::string_view name) {
  const std::string_view value = memberOf(object, name);
  const bool isText = value.size() >= 2 && value.front() == '"' && value.back() == '"';
  return isText && value.find('\\') == kNone ? value.substr(1, value.size() - 2) : std::string_view{};
}

std::string without(std::string_view object, std::string_view outer, std::string_view inner) {
  const std::string_view around = memberOf(object, outer);
  const Place place = find(around, inner);
  if (place.begin == kNone) return std::string(object);
  std::size_t begin = place.begin;
  std::size_t end = skipBlanks(around, place.end);
  if (end < around.size() && around[end] == ',') {
    ++end;
  } else {
    // The last one takes the comma before it along.
    while (begin > 0 && around[begin - 1] != ',' && around[begin - 1] != '{') --begin;
    if (begin > 0 && around[begin - 1] == ',') --begin;
  }
  const auto offset = static_cast<std::size_t>(around.data() - object.data());
  std::string rest;
  rest.reserve(object.size() - (end - begin));
  rest.append(object.substr(0, offset + begin)).append(object.substr(offset + end));
  return rest;
}

}  // namespace splitdelivery::kube
