#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <ranges>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

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
  /// How long it waits for all to be known.
  static constexpr std::chrono::seconds kAgain{10};

  /// What there is now; nothing while that is not known in full: what is missing may be about any domain.
  using All = std::function<std::optional<source::Snapshot>()>;

  /// After each look: how many there are, those of accounts that could not be asked as they were last.
  using Told = std::function<void(std::size_t)>;

  UncoveredWatch(base::Executor& executor, reconcile::Accounts& accounts, All all, Told told)
      : executor_(executor), accounts_(accounts), all_(std::move(all)), told_(std::move(told)) {}

  /// Looks at once and then every hour, until a stop is asked for.
  base::Task<base::Done> follow(std::stop_token stop);

  /// Those that were found, as the last look at their account saw it.
  [[nodiscard]] std::vector<std::string> domains() const {
    const auto names = said_ | std::views::keys;
    return {names.begin(), names.end()};
  }

 private:
  base::Task<base::Done> look(source::Snapshot snapshot, std::stop_token stop);

  base::Executor& executor_;
  reconcile::Accounts& accounts_;
  All all_;
  Told told_;
  std::map<std::string, api::ObjectKey> said_;  ///< domains, with the resource whose accounts had them
};

}  // namespace splitdelivery::cli
