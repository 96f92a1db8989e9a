#include "mailserver/directadmin/limits.h"

#include <charconv>
#include <string>

#include "mailserver/directadmin/ascii.h"

namespace splitdelivery::mailserver::directadmin {
namespace {

constexpr std::string_view kForwarderCount = "nemailf";

std::string countText(const Answer& answer) {
  if (const auto* body = std::get_if<nlohmann::json>(&answer.body)) {
    const auto found = body->is_object() ? body->find(kForwarderCount) : body->end();
    if (found == body->end()) return {};
    if (found->is_string()) return found->get<std::string>();
    return found->is_number_unsigned() ? found->dump() : std::string{};
  }
  const auto* fields = std::get_if<FormFields>(&answer.body);
  const std::string* value = fields == nullptr ? nullptr : findField(*fields, kForwarderCount);
  return value == nullptr ? std::string{} : *value;
}

}  // namespace

std::optional<std::uint32_t> parseForwarderCount(const Answer& answer) {
  const std::string text = countText(answer);
  const std::string_view digits = trimmed(text);
  std::uint32_t count = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return count;
}

}  // namespace splitdelivery::mailserver::directadmin
