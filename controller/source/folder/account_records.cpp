#include "source/folder/account_records.h"

#include <algorithm>
#include <iterator>

#include "source/folder/json_values.h"

namespace splitdelivery::source::folder {
namespace {

using api::AccountRecord;

// S9: 10 tokens in 10 minutes; an older one counts no more.
constexpr std::chrono::minutes kMintWindow{10};

Json toJson(const AccountRecord& record) {
  Json mints = Json::array();
  for (const auto mint : record.mints) mints.push_back(api::rfc3339Exact(mint));
  Json json{{"mints", std::move(mints)}};
  if (!record.accessToken.empty()) json["accessToken"] = record.accessToken.reveal();
  if (record.expiresAt != base::WallTime{}) json["expiresAt"] = api::rfc3339Exact(record.expiresAt);
  if (record.lockedUntil) json["lockedUntil"] = api::rfc3339Exact(*record.lockedUntil);
  return json;
}

AccountRecord recordFrom(const Json& json) {
  AccountRecord record;
  for (const auto& mint : textsIn(json, "mints")) {
    const auto time = api::parseRfc3339(mint);
    if (!time) throw WrongShape{};
    record.mints.push_back(*time);
  }
  if (json.contains("accessToken")) record.accessToken = base::Secret(textIn(json, "accessToken"));
  if (json.contains("expiresAt")) record.expiresAt = timeIn(json, "expiresAt");
  if (json.contains("lockedUntil")) record.lockedUntil = timeIn(json, "lockedUntil");
  return record;
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
    try {
      records.emplace(account, recordFrom(record));
    } catch (const Json::exception&) {
      continue;
    } catch (const WrongShape&) {
      continue;
    }
  }
  return records;
}

AccountRecord mergedRecord(AccountRecord ours, const AccountRecord& theirs, const base::Secret& lastSeen,
                           base::WallTime now) {
  const bool newToken = !theirs.accessToken.empty() && theirs.accessToken != lastSeen;
  if (newToken && theirs.expiresAt > ours.expiresAt) {
    ours.accessToken = theirs.accessToken;
    ours.expiresAt = theirs.expiresAt;
  }
  std::ranges::copy(theirs.mints, std::back_inserter(ours.mints));
  std::ranges::sort(ours.mints);
  const auto repeated = std::ranges::unique(ours.mints);
  ours.mints.erase(repeated.begin(), repeated.end());
  std::erase_if(ours.mints, [&](base::WallTime mint) {
    return mint < now - kMintWindow || std::ranges::find(ours.retracted, mint) != ours.retracted.end();
  });
  ours.retracted.clear();
  // An empty optional is less than any time.
  ours.lockedUntil = std::max(ours.lockedUntil, theirs.lockedUntil);
  if (ours.lockedUntil && *ours.lockedUntil <= now) ours.lockedUntil.reset();
  return ours;
}

}  // namespace splitdelivery::source::folder
