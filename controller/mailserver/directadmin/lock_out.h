#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "api/account_record.h"
#include "base/executor.h"
#include "base/task.h"

namespace splitdelivery::mailserver::directadmin {

/// What an account's record says about staying away (S9), so that a program which cron starts anew
/// every minute asks no more often than one that runs on. Lives on the executor.
class LockOut {
 public:
  struct Lock {
    std::string because{};        ///< the reason that the breaker was opened with; empty: a limit was reached
    std::chrono::seconds left{};  ///< not above zero: it is over, and nobody has been accepted since
    std::chrono::seconds all{};   ///< how long it was meant to last; 0: not known
  };

  LockOut(base::Executor& executor, api::AccountStore& records, std::string account);

  /// Reads the record: once, before anything else here. A lock that lies further ahead than it was meant
  /// to last was written before the clock was put back; it is shortened to that, an hour at most.
  base::Task<std::optional<Lock>> load();

  base::Task<base::Done> keep(Lock lock);

  /// The account has accepted us. Leaves a pause alone that the server asked for.
  base::Task<base::Done> lift();

 private:
  base::Task<base::Done> shorten(base::WallTime until);

  base::Executor& executor_;
  api::AccountStore& records_;
  const std::string account_;
  api::AccountRecord record_;
};

}  // namespace splitdelivery::mailserver::directadmin
