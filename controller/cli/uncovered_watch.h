#pragma once

#include <chrono>
#include <set>
#include <stop_token>
#include <string>

#include "base/executor.h"
#include "base/task.h"
#include "reconcile/accounts.h"
#include "source/source.h"

namespace splitdelivery::cli {

/// Warns of domains that a mail server account in use hosts, that Zoho's organisation has too, and that no
/// resource is about: once each, for as long as they stay so. Lives on the executor.
class UncoveredWatch {
 public:
  static constexpr std::chrono::hours kEvery{1};

  UncoveredWatch(base::Executor& executor, reconcile::Accounts& accounts) : executor_(executor), accounts_(accounts) {}

  /// What there is now.
  void snapshotIs(const source::Snapshot& snapshot) { snapshot_ = snapshot; }
  /// Looks at once and then every hour, until a stop is asked for.
  base::Task<base::Done> follow(std::stop_token stop);

 private:
  base::Task<base::Done> look(std::stop_token stop);

  base::Executor& executor_;
  reconcile::Accounts& accounts_;
  source::Snapshot snapshot_{};
  std::set<std::string> said_;
};

}  // namespace splitdelivery::cli
