#include "mailserver/directadmin/forwarders.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "mailserver/directadmin/ascii.h"
#include "mailserver/directadmin/names.h"

namespace splitdelivery::mailserver::directadmin {
namespace {

using nlohmann::json;
/// A forwarder's name as the server spells it, and where it leads, nothing canonical yet.
using Row = std::pair<std::string, std::vector<std::string>>;

constexpr std::array<std::string_view, 5> kMessageKeys{"error", "success", "result", "text", "details"};

bool isMessageKey(std::string_view key) {
  return std::find(kMessageKeys.begin(), kMessageKeys.end(), key) != kMessageKeys.end();
}

/// Splits at commas, but not inside the quotation marks of a pipe.
void splitInto(std::vector<std::string>& destinations, std::string_view text) {
  bool quoted = false;
  std::size_t start = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] == '"') quoted = !quoted;
    if (i < text.size() && (text[i] != ',' || quoted)) continue;
    if (const auto part = trimmed(text.substr(start, i - start)); !part.empty()) destinations.emplace_back(part);
    start = i + 1;
  }
}

/// A sentence is no destination, so a message that we do not know never becomes a forwarder.
bool isDestination(const std::string& text) {
  const bool command = text.front() == '"' || text.front() == '|' || text.front() == ':';
  return command ? std::none_of(text.begin(), text.end(), isControl) : isOneWord(text);
}

std::optional<Row> rowOf(const std::string& key, const json& value) {
  Row row{key, {}};
  if (value.is_string()) {
    if (isMessageKey(key)) return std::nullopt;
    splitInto(row.second, value.get_ref<const std::string&>());
    return row;
  }
  if (!value.is_array()) return std::nullopt;
  for (const json& destination : value) {
    if (!destination.is_string()) return std::nullopt;
    splitInto(row.second, destination.get_ref<const std::string&>());
  }
  return row;
}

std::optional<std::vector<Row>> rowsOf(const json& body) {
  std::vector<Row> rows;
  if (body.is_array() && body.empty()) return rows;
  if (!body.is_object()) return std::nullopt;
  for (const auto& [key, value] : body.items()) {
    auto row = rowOf(key, value);
    if (!row) return std::nullopt;
    rows.push_back(std::move(*row));
  }
  return rows;
}

std::optional<std::vector<Row>> rowsOf(const FormFields& fields) {
  std::vector<Row> rows;
  for (const auto& [key, value] : fields) {
    if (key == "error" || key == "list[]") return std::nullopt;
    const bool encodedTwice = !contains(value, "@") && contains(value, "%40");
    Row row{key, {}};
    splitInto(row.second, encodedTwice ? percentDecoded(value) : value);
    rows.push_back(std::move(row));
  }
  return rows;
}

std::optional<std::vector<Row>> rowsOf(const Answer& answer) {
  if (const auto* body = std::get_if<json>(&answer.body)) return rowsOf(*body);
  if (const auto* fields = std::get_if<FormFields>(&answer.body)) return rowsOf(*fields);
  return std::vector<Row>{};
}

bool isPlausible(const Row& row) {
  return isOneWord(row.first) && std::all_of(row.second.begin(), row.second.end(), isDestination);
}

struct Merged {
  std::string name;
  std::vector<std::string> destinations;
};

/// Rows that differ in case alone become one; it keeps the name that is canonical, if one is.
api::Forwarders merged(const std::vector<Row>& rows, std::string_view domain) {
  std::map<std::string, Merged> rules;
  for (const Row& row : rows) {
    const std::string name(withoutDomain(row.first, domain));
    const std::string local = api::canonicalLocal(name);
    Merged& rule = rules[local];
    if (rule.name.empty() || name == local) rule.name = name;
    rule.destinations.insert(rule.destinations.end(), row.second.begin(), row.second.end());
  }
  api::Forwarders forwarders;
  forwarders.reserve(rules.size());
  for (auto& [local, rule] : rules) {
    forwarders.push_back({local, api::canonicalDestinations(std::move(rule.destinations)), std::move(rule.name)});
  }
  return forwarders;
}

}  // namespace

std::optional<api::Forwarders> parseForwarders(const Answer& answer, std::string_view domain) {
  const auto rows = rowsOf(answer);
  if (!rows || !std::all_of(rows->begin(), rows->end(), isPlausible)) return std::nullopt;
  return merged(*rows, domain);
}

}  // namespace splitdelivery::mailserver::directadmin
