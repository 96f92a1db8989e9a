#include "source/account_records.h"

#include <algorithm>
#include <iterator>

#include "source/json_values.h"

namespace splitdelivery::source {
namespace {

using api::AccountRecord;

// S9: 10 tokens in 10 minutes; an older one counts no more.
constexpr std::chrono::minutes kMintWindow{10};
// S9: 30 calls a minute; those from the future come from a clock that was put back.
constexpr std::chrono::minutes kCallWindow{1};

Json toJson(const std::vector<base::WallTime>& times) {
  Json list = Json::array();
  for (const auto time : times) list.push_back(api::rfc3339Exact(time));
  return list;
}

std::vector<base::WallTime> timesIn(const Json& object, const char* name) {
  std::vector<base::WallTime> times;
  for (const auto& text : textsIn(object, name)) {
    const auto time = api::parseRfc3339(text);
    if (!time) throw WrongShape{};
    times.push_back(*time);
  }
  return times;
}

/// Both, in order, each once, without those that count no more.
std::vector<base::WallTime> merged(std::vector<base::WallTime> ours, const std::vector<base::WallTime>& theirs,
                                   base::WallTime since) {
  std::ranges::copy(theirs, std::back_inserter(ours));
  std::ranges::sort(ours);
  const auto repeated = std::ranges::unique(ours);
  ours.erase(repeated.begin(), repeated.end());
  std::erase_if(ours, [&](base::WallTime time) { return time < since; });
  return ours;
}

Json toJson(const AccountRecord& record) {
  Json json{{"mints", toJson(record.mints)}};
  if (!record.calls.empty()) json["calls"] = toJson(record.calls);
  if (!record.accessToken.empty()) json["accessToken"] = record.accessToken.reveal();
  if (record.expiresAt != base::WallTime{}) json["expiresAt"] = api::rfc3339Exact(record.expiresAt);
  if (record.lockedUntil) json["lockedUntil"] = api::rfc3339Exact(*record.lockedUntil);
  if (record.lockedUntil && !record.lockedBecause.empty()) json["lockedBecause"] = record.lockedBecause;
  if (record.lockedUntil && record.lockedFor.count() > 0) json["lockedForSeconds"] = record.lockedFor.count();
  return json;
}

AccountRecord read(const Json& json) {
  AccountRecord record;
  record.mints = timesIn(json, "mints");
  if (json.contains("calls")) record.calls = timesIn(json, "calls");
  if (json.contains("accessToken")) record.accessToken = base::Secret(textIn(json, "accessToken"));
  if (json.contains("expiresAt")) record.expiresAt = timeIn(json, "expiresAt");
  if (json.contains("lockedUntil")) record.lockedUntil = timeIn(json, "lockedUntil");
  if (json.contains("lockedBecause")) record.lockedBecause = textIn(json, "lockedBecause");
  record.lockedFor = std::chrono::seconds(json.value("lockedForSeconds", 0));
  return record;
}

std::optional<AccountRecord> recordFrom(const Json& json) {
  try {
    return read(json);
  } catch (const Json::exception&) {
    return std::nullopt;
  } catch (const WrongShape&) {
    return std::nullopt;
  }
}

}  // namespace

std::string encodeAccounts(const AccountRecords& records) {
  Json accounts = Json::object();
  for (const auto& [account, record] : records) accounts[account] = toJson(record);
  return jsonText({{"version", 1}, {"accounts", std::move(accounts)}});
}

AccountRecords decodeAccounts(std::string_view text) {
  AccountRecords records;
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains("accounts") || !json["accounts"].is_object()) return records;
  for (const auto& [account, record] : json["accounts"].items()) {
    if (auto found = recordFrom(record)) records.emplace(account, std::move(*found));
  }
  return records;
}

std::string encodeWithoutToken(AccountRecord record) {
  record.accessToken = {};
  record.expiresAt = {};
  return jsonText(toJson(record));
}

std::optional<AccountRecord> decodeAccount(std::string_view text) {
  return recordFrom(Json::parse(text, nullptr, false));
}

AccountRecord mergedRecord(AccountRecord ours, const AccountRecord& theirs, const base::Secret& lastSeen,
                           base::WallTime now) {
  const bool newToken = !theirs.accessToken.empty() && theirs.accessToken != lastSeen;
  if (newToken && theirs.expiresAt > ours.expiresAt) {
    ours.accessToken = theirs.accessToken;
    ours.expiresAt = theirs.expiresAt;
  }
  ours.mints = merged(std::move(ours.mints), theirs.mints, now - kMintWindow);
  ours.calls = merged(std::move(ours.calls), theirs.calls, now - kCallWindow);
  for (auto* times : {&ours.mints, &ours.calls}) {
    std::erase_if(*times,
                  [&](base::WallTime time) { return std::ranges::find(ours.retracted, time) != ours.retracted.end(); });
  }
  ours.retracted.clear();
  if (!ours.unlocked && theirs.lockedUntil > ours.lockedUntil) {  // an empty optional is less than any time
    ours.lockedUntil = theirs.lockedUntil;
    ours.lockedBecause = theirs.lockedBecause;
    ours.lockedFor = theirs.lockedFor;
  }
  ours.unlocked = false;
  if (!ours.lockedUntil || *ours.lockedUntil <= now) {
    ours.lockedUntil.reset();
    ours.lockedBecause.clear();
    ours.lockedFor = {};
  }
  return ours;
}

}  // namespace splitdelivery::source
