#pragma once

#include <algorithm>
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
    // Merges mints as a store does that several processes share.
    auto mints = records[account].mints;
    for (const auto mint : record.mints) {
      if (std::ranges::find(mints, mint) == mints.end()) mints.push_back(mint);
    }
    std::erase_if(mints, [&](base::WallTime mint) {
      return std::ranges::find(record.retracted, mint) != record.retracted.end();
    });
    record.mints = std::move(mints);
    record.retracted.clear();
    records[account] = std::move(record);
    ++saves;
    co_return base::Done{};
  }

  std::map<std::string, api::AccountRecord> records{};
  int saves = 0;
};

}  // namespace splitdelivery::testing
