#include "mailserver/directadmin/settings.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "api/address.h"
#include "http/percent.h"
#include "mailserver/directadmin/ascii.h"

namespace splitdelivery::mailserver::directadmin {
namespace {

using nlohmann::json;

/// The text under a key that is there once, and is text.
std::optional<std::string> textUnder(std::string_view key, const Answer& answer) {
  if (const auto* body = std::get_if<json>(&answer.body)) {
    if (!body->is_object()) return std::nullopt;
    const auto found = body->find(key);
    if (found == body->end() || !found->is_string()) return std::nullopt;
    return std::string(trimmed(found->get_ref<const std::string&>()));
  }
  const auto* fields = std::get_if<FormFields>(&answer.body);
  const auto isIt = [key](const auto& field) { return field.first == key; };
  if (fields == nullptr || std::count_if(fields->begin(), fields->end(), isIt) != 1) return std::nullopt;
  return std::string(trimmed(*findField(*fields, key)));
}

/// An address, canonical, or a user's name as it stands.
std::optional<std::string> receiver(const std::string& text) {
  if (!contains(text, "@")) {
    return api::isForwardable(api::canonicalLocal(text)) ? std::optional(text) : std::nullopt;
  }
  const auto address = api::parseAddress(text);
  if (!address || !api::isForwardable(address->local)) return std::nullopt;
  return address->text();
}

std::optional<Pointer> pointerOf(std::string_view name, std::string_view kind) {
  const bool alias = kind == "alias";
  auto domain = api::canonicalDomain(name);
  if (!domain || (!alias && kind != "pointer")) return std::nullopt;
  return Pointer{.name = std::move(*domain), .alias = alias};
}

/// The fields of a flat table of texts.
std::optional<FormFields> fieldsOf(const Answer& answer) {
  if (const auto* fields = std::get_if<FormFields>(&answer.body)) return *fields;
  const auto* body = std::get_if<json>(&answer.body);
  FormFields fields;
  if (body == nullptr || (body->is_array() && body->empty())) return fields;
  if (!body->is_object()) return std::nullopt;
  for (const auto& [key, value] : body->items()) {
    if (!value.is_string()) return std::nullopt;
    fields.emplace_back(key, value.get<std::string>());
  }
  return fields;
}

}  // namespace

std::optional<bool> parseInternal(const Answer& answer) {
  const auto text = textUnder("internal", answer);
  if (!text || (*text != "yes" && *text != "no")) return std::nullopt;
  return *text == "yes";
}

std::optional<CatchAll> parseCatchAll(const Answer& answer) {
  auto text = textUnder("value", answer);
  if (!text) return std::nullopt;
  // Encoded twice, as old versions do with forwarders.
  if (!contains(*text, "@") && contains(*text, "%")) text = http::percentDecoded(*text);
  if (*text == ":fail:") return CatchAll{.kind = CatchAll::Kind::Fail};
  if (*text == ":blackhole:") return CatchAll{.kind = CatchAll::Kind::Blackhole};
  auto address = receiver(*text);
  if (!address) return std::nullopt;
  return CatchAll{.kind = CatchAll::Kind::Address, .address = std::move(*address)};
}

std::optional<std::vector<Pointer>> parsePointers(const Answer& answer) {
  const auto fields = fieldsOf(answer);
  if (!fields) return std::nullopt;
  std::vector<Pointer> pointers;
  for (const auto& [name, kind] : *fields) {
    auto pointer = pointerOf(name, trimmed(kind));
    if (!pointer) return std::nullopt;
    pointers.push_back(std::move(*pointer));
  }
  std::ranges::sort(pointers, {}, [](const Pointer& pointer) { return std::pair(pointer.name, pointer.alias); });
  const auto repeated = std::ranges::unique(pointers);
  pointers.erase(repeated.begin(), repeated.end());
  // One name cannot be both.
  const bool contradicts = std::ranges::adjacent_find(pointers, {}, &Pointer::name) != pointers.end();
  if (contradicts) return std::nullopt;
  return pointers;
}

}  // namespace splitdelivery::mailserver::directadmin
