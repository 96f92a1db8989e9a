#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "api/account_record.h"
#include "base/executor.h"

namespace splitdelivery::zoho {

/// How far ahead API calls are written down (see Calls): a kept call may lie so far in the future.
inline constexpr std::chrono::seconds kReservedAhead{15};

/// Brings a record whose entries lie in the future, since the clock was put back after it was
/// written, to where they would be had the clock been right then: nothing that is kept may lock for
/// longer than it was meant to. A lock that nothing beside it dates ends within a day. Whether
/// anything was moved; the old times are `retracted` then, and the old lock is `unlocked`.
bool bringBack(api::AccountRecord& record, base::WallTime now);

/// What is known of one account beyond the life of a process: in memory, and in the store.
///
/// Shared by all that an Organization is made of. A store that loses what it is given costs the
/// knowledge of other processes, never that of this one. Lives on one executor and must outlive the
/// tasks that it gives out.
class KeptRecord {
 public:
  /// A stay away that was kept.
  struct Lock {
    std::chrono::seconds left;   ///< rounded up; not above zero: it is over
    std::chrono::seconds pause;  ///< how long it was to be in all; zero: nobody knows
    std::string because;
  };

  KeptRecord(base::Executor& executor, api::AccountStore& store, std::string account);

  /// Reads what is kept, the first time.
  base::Task<base::Done> load();
  /// Reads it in any case, and adds what other processes have written meanwhile.
  base::Task<base::Done> refresh();
  base::Task<base::Done> save();

  /// Writes down that we stay away for `pause`, and why.
  base::Task<base::Done> lock(std::chrono::seconds pause, std::string because);
  /// The account has accepted us. Writes only where a lock was kept.
  base::Task<base::Done> unlock();

  /// What is left of a limit that was reached; none when there is none.
  [[nodiscard]] std::optional<std::chrono::seconds> limitLeft();
  /// A refusal that only a person can mend, also one that is over.
  [[nodiscard]] std::optional<Lock> refusal();

  /// What is in memory, with no time in the future.
  [[nodiscard]] api::AccountRecord& record();

 private:
  void add(api::AccountRecord kept);

  base::Executor& executor_;
  api::AccountStore& store_;
  const std::string account_;
  bool loaded_ = false;
  api::AccountRecord record_;
};

}  // namespace splitdelivery::zoho
