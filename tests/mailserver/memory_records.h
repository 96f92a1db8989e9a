#pragma once

#include <map>
#include <string>
#include <utility>

#include "api/account_record.h"

namespace splitdelivery::testing {

/// Account records that outlive "restarts" of what is tested, merged as a store does that several
/// processes share: of two locks the later one stays, unless ours says that it is over.
class MemoryRecords final : public api::AccountStore {
 public:
  base::Task<api::AccountRecord> load(std::string account) override {
    ++loads;
    co_return records[account];
  }

  base::Task<base::Done> save(std::string account, api::AccountRecord record) override {
    ++saves;
    api::AccountRecord& kept = records[account];
    if (!record.unlocked && kept.lockedUntil > record.lockedUntil) {
      record.lockedUntil = kept.lockedUntil;
      record.lockedBecause = kept.lockedBecause;
      record.lockedFor = kept.lockedFor;
    }
    record.unlocked = false;
    kept = std::move(record);
    co_return base::Done{};
  }

  std::map<std::string, api::AccountRecord> records{};
  int loads = 0;
  int saves = 0;
};

}  // namespace splitdelivery::testing
