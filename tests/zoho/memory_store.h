#pragma once

#include <map>
#include <string>
#include <utility>

#include "api/account_record.h"

namespace splitdelivery::testing {

/// An account store that outlives "restarts" of what is tested.
class MemoryStore final : public api::AccountStore {
 public:
  base::Task<api::AccountRecord> load(std::string account) override { co_return records[account]; }

  base::Task<base::Done> save(std::string account, api::AccountRecord record) override {
    records[account] = std::move(record);
    ++saves;
    co_return base::Done{};
  }

  std::map<std::string, api::AccountRecord> records{};
  int saves = 0;
};

}  // namespace splitdelivery::testing
