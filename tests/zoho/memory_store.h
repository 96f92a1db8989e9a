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
    // Merges as a store does that several processes share.
    for (auto times : {&api::AccountRecord::mints, &api::AccountRecord::calls}) {
      auto all = records[account].*times;
      for (const auto time : record.*times) {
        if (std::ranges::find(all, time) == all.end()) all.push_back(time);
      }
      std::erase_if(all, [&](base::WallTime time) {
        return std::ranges::find(record.retracted, time) != record.retracted.end();
      });
      record.*times = std::move(all);
    }
    record.retracted.clear();
    record.unlocked = false;
    records[account] = std::move(record);
    ++saves;
    co_return base::Done{};
  }

  std::map<std::string, api::AccountRecord> records{};
  int saves = 0;
};

}  // namespace splitdelivery::testing
