#include "zoho/fields.h"

#include <algorithm>
#include <charconv>

#include "base/ascii.h"

namespace splitdelivery::zoho {
namespace {

std::optional<std::uint64_t> parseNumber(std::string_view digits) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

}  // namespace

bool sameWord(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return base::lowered(x) == base::lowered(y); });
}

const Json* member(const Json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

std::string_view textOf(const Json& object, const char* key) {
  const Json* value = member(object, key);
  return value != nullptr && value->is_string() ? std::string_view(value->get_ref<const std::string&>())
                                                : std::string_view{};
}

std::optional<std::uint64_t> numberOf(const Json& object, const char* key) {
  const Json* value = member(object, key);
  if (value == nullptr) return std::nullopt;
  if (value->is_number_unsigned()) return value->get<std::uint64_t>();
  if (value->is_string()) return parseNumber(value->get_ref<const std::string&>());
  return std::nullopt;
}

std::optional<bool> flagOf(const Json& object, const char* key) {
  const Json* value = member(object, key);
  if (value == nullptr) return std::nullopt;
  if (value->is_boolean()) return value->get<bool>();
  if (const auto number = numberOf(object, key)) return *number > 1 ? std::nullopt : std::optional(*number == 1);
  const std::string_view word = textOf(object, key);
  if (sameWord(word, "true")) return true;
  if (sameWord(word, "false")) return false;
  return std::nullopt;
}

std::optional<std::string> idOf(const Json& object, const char* key) {
  if (const auto number = numberOf(object, key)) return std::to_string(*number);
  const std::string_view text = textOf(object, key);
  return text.empty() ? std::nullopt : std::optional(std::string(text));
}

std::optional<std::span<const Json>> rowsOf(const Json& list) {
  if (list.is_array()) return std::span(list.get_ref<const Json::array_t&>());
  if (list.is_object()) return std::span(&list, 1);
  return std::nullopt;
}

}  // namespace splitdelivery::zoho
