#include "source/book_json.h"

#include <algorithm>
#include <map>

#include "api/address.h"
#include "source/json_values.h"

namespace splitdelivery::source {
namespace {

using api::AddressBook;
using api::Directory;
using api::Kinds;
using api::Ledger;
using api::LedgerEntry;
using State = api::LedgerEntry::State;

constexpr std::uint64_t kVersion = 1;

Json toJson(Kinds kinds) {
  Json words = Json::array();
  for (const auto& choice : api::kChoices<api::Kind>) {
    if (kinds.any(choice.value)) words.push_back(choice.text);
  }
  return words;
}

Kinds kindsIn(const Json& object, const char* name) {
  Kinds kinds;
  for (const auto& word : textsIn(object, name)) {
    const auto kind = api::choiceFrom<api::Kind>(word);
    if (!kind) throw WrongShape{};
    kinds |= *kind;
  }
  return kinds;
}

Json toJson(const api::Identity& identity) {
  return {{"provider", identity.provider},
          {"host", identity.host},
          {"user", identity.user},
          {"domain", identity.domain},
          {"organization", identity.organization}};
}

api::Identity identityFrom(const Json& json) {
  return {textIn(json, "provider"), textIn(json, "host"), textIn(json, "user"), textIn(json, "domain"),
          textIn(json, "organization")};
}

Json toJson(const LedgerEntry& entry) {
  Json json{{"local", entry.local},
            {"state", api::choiceText(entry.state)},
            {"destinations", entry.destinations},
            {"kinds", toJson(entry.kinds)}};
  if (entry.state == State::Updating) json["previous"] = entry.previous;
  if (!entry.approved.empty()) json["approved"] = entry.approved;
  return json;
}

bool isCanonical(const api::Destinations& destinations) {
  return !destinations.empty() && api::canonicalDestinations(destinations) == destinations;
}

LedgerEntry entryFrom(const Json& json) {
  LedgerEntry entry{textIn(json, "local"), choiceIn<State>(json, "state"), textsIn(json, "destinations"), {}, {}, {}};
  entry.kinds = kindsIn(json, "kinds");
  if (entry.state == State::Updating) entry.previous = textsIn(json, "previous");
  if (json.contains("approved")) entry.approved = textIn(json, "approved");
  const bool canonical = entry.local == api::canonicalLocal(entry.local) && api::isForwardable(entry.local) &&
                         isCanonical(entry.destinations) &&
                         (entry.state != State::Updating || isCanonical(entry.previous));
  if (!canonical) throw WrongShape{};
  return entry;
}

/// The entries that can be relied on, and how many cannot.
std::size_t readEntries(const Json& list, std::vector<LedgerEntry>& entries) {
  std::map<std::string, std::size_t> seen;
  for (const auto& json : list) {
    try {
      entries.push_back(entryFrom(json));
      ++seen[entries.back().local];
    } catch (const Json::exception&) {
      continue;
    } catch (const WrongShape&) {
      continue;
    }
  }
  std::erase_if(entries, [&](const LedgerEntry& entry) { return seen[entry.local] > 1; });
  std::ranges::sort(entries, std::less<>{}, &LedgerEntry::local);
  return list.size() - entries.size();
}

Json toJson(const std::vector<api::Tally>& tallies) {
  Json list = Json::array();
  for (const auto& tally : tallies) list.push_back({{"at", api::rfc3339Exact(tally.at)}, {"count", tally.count}});
  return list;
}

std::vector<api::Tally> talliesIn(const Json& object, const char* name) {
  std::vector<api::Tally> tallies;
  for (const auto& json : listIn(object, name)) tallies.push_back({timeIn(json, "at"), countIn(json, "count")});
  return tallies;
}

Json toJson(const Ledger& ledger) {
  Json entries = Json::array();
  for (const auto& entry : ledger.entries) entries.push_back(toJson(entry));
  return {{"identity", ledger.identity ? toJson(*ledger.identity) : Json()},
          {"entries", std::move(entries)},
          {"changes", toJson(ledger.changes)},
          {"managed", toJson(ledger.managed)},
          {"approvalsUsed", ledger.approvalsUsed}};
}

Ledger ledgerFrom(const Json& json, std::size_t& dropped) {
  Ledger ledger;
  if (const auto& identity = json.at("identity"); !identity.is_null()) ledger.identity = identityFrom(identity);
  dropped = readEntries(listIn(json, "entries"), ledger.entries);
  ledger.changes = talliesIn(json, "changes");
  ledger.managed = talliesIn(json, "managed");
  ledger.approvalsUsed = countIn(json, "approvalsUsed");
  return ledger;
}

Json toJson(const Directory& directory) {
  Json zoho = Json::array();
  for (const auto& entry : directory.zoho) {
    zoho.push_back({{"local", entry.address.local},
                    {"domain", entry.address.domain},
                    {"kinds", toJson(entry.kinds)},
                    {"blocked", entry.blocked}});
  }
  Json forwarders = Json::array();
  for (const auto& forwarder : directory.forwarders) {
    Json json{{"local", forwarder.local}, {"destinations", forwarder.destinations}};
    if (!forwarder.name.empty()) json["name"] = forwarder.name;
    forwarders.push_back(std::move(json));
  }
  return {{"zoho", std::move(zoho)},
          {"accounts", api::choiceText(directory.accounts)},
          {"groups", api::choiceText(directory.groups)},
          {"domains", api::choiceText(directory.domains)},
          {"verifiedAt", api::rfc3339Exact(directory.verifiedAt)},
          {"mailboxes", directory.mailboxes},
          {"mailboxesKnown", directory.mailboxesKnown},
          {"forwarders", std::move(forwarders)}};
}

Directory directoryFrom(const Json& json) {
  Directory directory;
  for (const auto& entry : listIn(json, "zoho")) {
    directory.zoho.push_back(
        {{textIn(entry, "local"), textIn(entry, "domain")}, kindsIn(entry, "kinds"), flagIn(entry, "blocked")});
  }
  directory.accounts = choiceIn<api::Completeness>(json, "accounts");
  directory.groups = choiceIn<api::Completeness>(json, "groups");
  directory.domains = choiceIn<api::Completeness>(json, "domains");
  directory.verifiedAt = timeIn(json, "verifiedAt");
  directory.mailboxes = textsIn(json, "mailboxes");
  directory.mailboxesKnown = flagIn(json, "mailboxesKnown");
  for (const auto& entry : listIn(json, "forwarders")) {
    directory.forwarders.push_back({textIn(entry, "local"), textsIn(entry, "destinations"),
                                    entry.contains("name") ? textIn(entry, "name") : std::string()});
  }
  return directory;
}

Json toJson(const api::RoutingRecord& routing) {
  return {{"routingHost", routing.routingHost},
          {"exists", routing.exists},
          {"mx", routing.mx},
          {"seenAt", api::rfc3339Exact(routing.seenAt)}};
}

api::RoutingRecord routingFrom(const Json& json) {
  return {textIn(json, "routingHost"), flagIn(json, "exists"), textsIn(json, "mx"), timeIn(json, "seenAt")};
}

Json toJson(const api::SwitchRecord& record) {
  return {{"before", record.before}, {"turnedAt", api::rfc3339Exact(record.turnedAt)}};
}

}  // namespace

std::string encodeBook(const AddressBook& book) {
  Json json{{"version", kVersion},
            {"ledger", toJson(book.ledger)},
            {"directory", toJson(book.directory)},
            {"plan", book.plan}};
  if (!book.routing.routingHost.empty()) json["routing"] = toJson(book.routing);
  if (book.localDelivery) json["localDelivery"] = toJson(*book.localDelivery);
  return jsonText(json);
}

tl::expected<DecodedBook, BookFault> decodeBook(std::string_view text) {
  try {
    const Json json = Json::parse(text);
    const auto& version = json.at("version");
    if (!version.is_number_unsigned() || version == 0) return tl::unexpected(BookFault::Damaged);
    if (version > kVersion) return tl::unexpected(BookFault::TooNew);
    DecodedBook decoded;
    decoded.book.ledger = ledgerFrom(json.at("ledger"), decoded.dropped);
    decoded.book.directory = directoryFrom(json.at("directory"));
    decoded.book.plan = textsIn(json, "plan");
    if (json.contains("routing")) decoded.book.routing = routingFrom(json["routing"]);
    if (const auto record = json.find("localDelivery"); record != json.end()) {
      decoded.book.localDelivery = api::SwitchRecord{flagIn(*record, "before"), timeIn(*record, "turnedAt")};
    }
    return decoded;
  } catch (const Json::exception&) {
    return tl::unexpected(BookFault::Damaged);
  } catch (const WrongShape&) {
    return tl::unexpected(BookFault::Damaged);
  }
}

}  // namespace splitdelivery::source
