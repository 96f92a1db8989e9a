#include "source/folder/yaml_scalar.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>

#include "api/base64.h"

namespace splitdelivery::source::folder {
namespace {

using api::Value;

constexpr std::string_view kDigits = "0123456789";

bool isOneOf(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, text) != words.end();
}

std::optional<Value> namedScalar(std::string_view text) {
  if (isOneOf(text, {"", "~", "null", "Null", "NULL"})) return Value{};
  if (isOneOf(text, {"y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"})) return Value{true};
  if (isOneOf(text, {"n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"})) return Value{false};
  if (isOneOf(text, {".nan", ".NaN", ".NAN"})) return Value{std::numeric_limits<double>::quiet_NaN()};
  if (isOneOf(text, {".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"})) {
    return Value{std::numeric_limits<double>::infinity()};
  }
  if (isOneOf(text, {"-.inf", "-.Inf", "-.INF"})) return Value{-std::numeric_limits<double>::infinity()};
  return std::nullopt;
}

/// The base that a number's prefix tells, which is taken off; a leading 0 alone means octal.
int takeBase(std::string_view& digits) {
  if (digits.size() < 2 || digits.front() != '0') return 10;
  const char letter = static_cast<char>(static_cast<unsigned char>(digits[1]) | 0x20U);
  const int base = letter == 'x' ? 16 : letter == 'b' ? 2 : 8;
  digits.remove_prefix(base != 8 || letter == 'o' ? 2 : 1);
  return base;
}

std::optional<Value> wholeNumber(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const int base = takeBase(text);
  std::uint64_t magnitude = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), magnitude, base);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  constexpr auto kLargest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (magnitude > kLargest) return Value{negative ? -static_cast<double>(magnitude) : static_cast<double>(magnitude)};
  const auto number = static_cast<std::int64_t>(magnitude);
  return Value{negative ? -number : number};
}

std::size_t skipDigits(std::string_view& text) {
  const auto count = std::min(text.find_first_not_of(kDigits), text.size());
  text.remove_prefix(count);
  return count;
}

void skipSign(std::string_view& text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
}

/// [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?
bool looksLikeFloat(std::string_view text) {
  skipSign(text);
  const bool whole = skipDigits(text) > 0;
  bool fraction = false;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    fraction = skipDigits(text) > 0;
  }
  if (!whole && !fraction) return false;
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    skipSign(text);
    if (skipDigits(text) == 0) return false;
  }
  return text.empty();
}

std::optional<Value> floatingNumber(std::string_view text) {
  if (!looksLikeFloat(text)) return std::nullopt;
  if (text.starts_with('+')) text.remove_prefix(1);
  double number = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), number).ec != std::errc{}) return std::nullopt;
  // JSON, which Kubernetes makes of it next, writes 5.0 as 5.
  constexpr double kExactlyWhole = 1e15;
  if (std::abs(number) < kExactlyWhole && std::trunc(number) == number) return Value{static_cast<std::int64_t>(number)};
  return Value{number};
}

}  // namespace

Value plainScalar(const std::string& text) {
  if (auto named = namedScalar(text)) return std::move(*named);
  const char first = text.front();
  if (first == '.') return floatingNumber(text).value_or(Value{text});
  if (first != '-' && first != '+' && kDigits.find(first) == std::string_view::npos) return Value{text};
  std::string digits = text;
  std::erase(digits, '_');
  if (auto number = wholeNumber(digits)) return std::move(*number);
  return floatingNumber(digits).value_or(Value{text});
}

std::optional<Value> taggedScalar(const std::string& tag, const std::string& text) {
  constexpr std::string_view kStandard = "tag:yaml.org,2002:";
  if (tag == "?" || tag.empty()) return plainScalar(text);
  if (tag == "!") return Value{text};
  if (!tag.starts_with(kStandard)) return std::nullopt;
  const auto name = std::string_view(tag).substr(kStandard.size());
  if (name == "str" || name == "timestamp") return Value{text};
  if (name == "binary") {
    auto bytes = api::decodeBase64(text);
    return bytes ? std::optional(Value{std::move(*bytes)}) : std::nullopt;
  }
  Value value = plainScalar(text);
  const bool whole = std::holds_alternative<std::int64_t>(value.data);
  const bool fits = (name == "bool" && std::holds_alternative<bool>(value.data)) || (name == "int" && whole) ||
                    (name == "float" && (whole || std::holds_alternative<double>(value.data))) ||
                    (name == "null" && value.isNull());
  return fits ? std::optional(std::move(value)) : std::nullopt;
}

}  // namespace splitdelivery::source::folder
