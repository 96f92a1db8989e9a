#include "mailserver/directadmin/names.h"

#include <algorithm>

#include "api/address.h"
#include "mailserver/directadmin/ascii.h"

namespace splitdelivery::mailserver::directadmin {
namespace {

using Names = std::vector<std::string>;
using nlohmann::json;

std::optional<Names> namesOf(const json& body) {
  if (body.is_object() && !body.empty()) {
    const auto list = body.find("list");
    return list != body.end() && body.size() == 1 && !list->is_object() ? namesOf(*list) : std::nullopt;
  }
  if (!body.is_array() && !body.is_object()) return std::nullopt;
  Names names;
  for (const json& name : body) {
    if (!name.is_string()) return std::nullopt;
    names.push_back(name.get<std::string>());
  }
  return names;
}

std::optional<Names> namesOf(const FormFields& fields) {
  Names names;
  for (const auto& [key, value] : fields) {
    if (key != "list[]") return std::nullopt;
    names.push_back(value);
  }
  return names;
}

std::optional<Names> namesOf(const Answer& answer) {
  std::optional<Names> names{Names{}};
  if (const auto* body = std::get_if<json>(&answer.body)) names = namesOf(*body);
  if (const auto* fields = std::get_if<FormFields>(&answer.body)) names = namesOf(*fields);
  if (names && !std::all_of(names->begin(), names->end(), isOneWord)) return std::nullopt;
  return names;
}

void sortUnique(Names& names) {
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
}

}  // namespace

std::string_view withoutDomain(std::string_view name, std::string_view domain) {
  const std::size_t at = name.rfind('@');
  if (at == std::string_view::npos || at == 0 || lowered(name.substr(at + 1)) != domain) return name;
  return name.substr(0, at);
}

std::optional<Names> parseDomains(const Answer& answer) {
  const auto names = namesOf(answer);
  if (!names) return std::nullopt;
  Names domains;
  for (const std::string& name : *names) {
    if (auto domain = api::canonicalDomain(name)) domains.push_back(std::move(*domain));
  }
  sortUnique(domains);
  return domains;
}

std::optional<Names> parseMailboxes(const Answer& answer, std::string_view domain) {
  auto names = namesOf(answer);
  if (!names) return std::nullopt;
  for (std::string& name : *names) name = api::canonicalLocal(withoutDomain(name, domain));
  sortUnique(*names);
  return names;
}

}  // namespace splitdelivery::mailserver::directadmin
