#include "mailserver/directadmin/forwarders.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "http/percent.h"
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

/// A file, a command or a word of Exim's, which may hold blanks.
bool isSpecial(std::string_view text) {
  constexpr std::string_view kStarts = R"(/\|":)";
  return !text.empty() && contains(kStarts, text.substr(0, 1));
}

/// Destinations outside an array. A sentence is none, so a message that we do not know never becomes a
/// forwarder.
std::optional<std::vector<std::string>> bareDestinations(std::string_view text) {
  std::vector<std::string> destinations;
  splitInto(destinations, text);
  const auto plausible = [special = isSpecial(trimmed(text))](const std::string& part) {
    return special || isSpecial(part) ? std::none_of(part.begin(), part.end(), isControl) : isOneWord(part);
  };
  if (!std::all_of(destinations.begin(), destinations.end(), plausible)) return std::nullopt;
  return destinations;
}

/// Makes text printable of which we only want to know that it is not ours.
void makePrintable(std::string& text) {
  std::replace_if(text.begin(), text.end(), isControl, '?');
}

std::optional<Row> rowOf(const std::string& key, const json& value) {
  Row row{key, {}};
  if (value.is_string()) {
    auto destinations = isMessageKey(key) ? std::nullopt : bareDestinations(value.get_ref<const std::string&>());
    if (!destinations) return std::nullopt;
    row.second = std::move(*destinations);
    return row;
  }
  if (!value.is_array()) return std::nullopt;
  for (const json& destination : value) {
    if (!destination.is_string()) return std::nullopt;
    splitInto(row.second, destination.get_ref<const std::string&>());
  }
  std::for_each(row.second.begin(), row.second.end(), makePrintable);
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
    auto destinations = bareDestinations(encodedTwice ? http::percentDecoded(value) : value);
    if (!destinations) return std::nullopt;
    rows.emplace_back(key, std::move(*destinations));
  }
  return rows;
}

std::optional<std::vector<Row>> rowsOf(const Answer& answer) {
  if (const auto* body = std::get_if<json>(&answer.body)) return rowsOf(*body);
  if (const auto* fields = std::get_if<FormFields>(&answer.body)) return rowsOf(*fields);
  return std::vector<Row>{};
}

struct Merged {
  std::string name;
  api::Destinations destinations;
  std::size_t rows = 0;
};

/// Rows that differ in case alone become one; it keeps the name that is canonical, if one is, and every
/// destination as often as there are rows with it. A change would hit one of the rows and leave the
/// other, so it must look like nothing that we recorded, which is one destination.
api::Forwarders merged(const std::vector<Row>& rows, std::string_view domain) {
  std::map<std::string, Merged> rules;
  for (const Row& row : rows) {
    const std::string name(withoutDomain(row.first, domain));
    const std::string local = api::canonicalLocal(name);
    Merged& rule = rules[local];
    if (rule.name.empty() || name == local) rule.name = name;
    const auto destinations = api::canonicalDestinations(row.second);
    rule.destinations.insert(rule.destinations.end(), destinations.begin(), destinations.end());
    ++rule.rows;
  }
  api::Forwarders forwarders;
  forwarders.reserve(rules.size());
  for (auto& [local, rule] : rules) {
    if (rule.rows > 1 && rule.destinations.size() == 1) rule.destinations.push_back(rule.destinations.front());
    std::sort(rule.destinations.begin(), rule.destinations.end());
    forwarders.push_back({local, std::move(rule.destinations), std::move(rule.name)});
  }
  return forwarders;
}

}  // namespace

std::optional<api::Forwarders> parseForwarders(const Answer& answer, std::string_view domain) {
  const auto rows = rowsOf(answer);
  const auto named = [](const Row& row) { return isOneWord(row.first); };
  if (!rows || !std::all_of(rows->begin(), rows->end(), named)) return std::nullopt;
  return merged(*rows, domain);
}

}  // namespace splitdelivery::mailserver::directadmin
