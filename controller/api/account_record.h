#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/executor.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/task.h"

namespace splitdelivery::api {

/// What must outlive the process about one account at a provider, so that a program that is started
/// eleven times in ten minutes does not lock the account (S9).
struct AccountRecord {
  base::Secret accessToken{};
  base::WallTime expiresAt{};                   ///< of the access token
  std::vector<base::WallTime> mints{};          ///< when tokens were asked for, oldest first; the last 10 minutes
  std::vector<base::WallTime> calls{};          ///< when API calls were made, oldest first; the last minute
  std::optional<base::WallTime> lockedUntil{};  ///< the provider told us, or we decided, to stay away until then
  std::chrono::seconds lockedFor{};             ///< how long that lock is in all
  std::string lockedBecause{};                  ///< a reason ("BadCredentials"); empty: a limit was reached
  /// Mints that were written down and then certainly never sent: `save` takes them out of what is
  /// kept. Never kept itself.
  std::vector<base::WallTime> retracted{};

  /// A lock that was kept is over: the account has accepted us. Never kept itself.
  bool unlocked = false;

  friend bool operator==(const AccountRecord&, const AccountRecord&) = default;
};

/// The port that keeps account records. `account` is a digest of host, organisation and credentials.
/// A record that cannot be read is an empty one; one that cannot be written costs a token later, so
/// neither stops a pass.
class AccountStore {
 public:
  AccountStore() = default;
  AccountStore(const AccountStore&) = delete;
  AccountStore& operator=(const AccountStore&) = delete;
  virtual ~AccountStore() = default;

  virtual base::Task<AccountRecord> load(std::string account) = 0;
  virtual base::Task<base::Done> save(std::string account, AccountRecord record) = 0;
};

}  // namespace splitdelivery::api
