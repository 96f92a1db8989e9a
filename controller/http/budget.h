#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <stop_token>

#include "base/result.h"
#include "base/semaphore.h"

namespace splitdelivery::http {

/// How many requests one account may have under way, and how many it may start in any `window`.
struct BudgetLimits {
  std::size_t parallel = 2;
  std::size_t perWindow = 0;  ///< 0: no limit
  std::chrono::seconds window{60};
};

/// The budget of one account: who has no place yet waits in line, in order. Must outlive its permits
/// and everybody who waits.
class RequestBudget {
 public:
  RequestBudget(base::Executor& executor, BudgetLimits limits);

  /// A place for one request, held until it dies. Error: Stopped, or Wait with `retryAfter` when
  /// the provider has asked for a pause (`pauseFor`) that is not over.
  base::Task<base::Result<base::Semaphore::Permit>> acquire(std::stop_token stop);

  /// The provider asked us to stay away (429, Retry-After): everybody in line is turned away until
  /// then.
  void pauseFor(std::chrono::seconds pause);

  /// How many requests were started within the last `window`; 0 where there is no limit to count for.
  [[nodiscard]] std::size_t startedInWindow() const;

 private:
  [[nodiscard]] std::optional<base::Error> refusal(const std::stop_token& stop) const;
  [[nodiscard]] base::Error turnedAway(const std::stop_token& stop) const;
  /// When the window lets the next request start; nothing when it does now.
  [[nodiscard]] std::optional<base::SteadyTime> windowOpens();

  base::Executor& executor_;
  BudgetLimits limits_;
  base::Semaphore line_;  ///< of one: its holder is the next to start
  base::Semaphore places_;
  std::stop_source turnAway_;             ///< of everybody who waits now; replaced by each pause
  std::deque<base::SteadyTime> started_;  ///< within the window, oldest first
  base::SteadyTime pausedUntil_{};
};

}  // namespace splitdelivery::http
