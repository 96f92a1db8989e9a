#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "api/account_record.h"

namespace splitdelivery::source {

/// Account records by account digest.
using AccountRecords = std::map<std::string, api::AccountRecord>;

/// As JSON. Holds access tokens in the clear: for a file that its owner alone may read.
[[nodiscard]] std::string encodeAccounts(const AccountRecords& records);

/// What cannot be read is left out.
[[nodiscard]] AccountRecords decodeAccounts(std::string_view text);

/// One record, without its access token: for a place that others may read.
[[nodiscard]] std::string encodeWithoutToken(api::AccountRecord record);

/// Nothing when it cannot be read.
[[nodiscard]] std::optional<api::AccountRecord> decodeAccount(std::string_view text);

/// What to write when another process may have written since we read: all mints of the last 10
/// minutes but those that ours takes back, the later lock-out, and our token, unless the other one (a token that is not
/// `lastSeen`) lives longer.
[[nodiscard]] api::AccountRecord mergedRecord(api::AccountRecord ours, const api::AccountRecord& theirs,
                                              const base::Secret& lastSeen, base::WallTime now);

}  // namespace splitdelivery::source
