#pragma once

#include <cstddef>
#include <optional>
#include <stop_token>

#include "base/executor.h"
#include "base/result.h"
#include "base/semaphore.h"
#include "zoho/kept_record.h"

namespace splitdelivery::zoho {

/// The calls to the Mail API that one account may make in a minute, counted over all processes (S9).
///
/// Calls are written down a handful at a time before the first of them is made, each as if it were
/// made at the last moment at which it may be (`kReservedAhead` from now). So a crash counts calls
/// that never were, and none that was is missing. Two processes that write at the same moment both
/// read again what is kept, and at least the later one sees both. Lives on one executor and must outlive the
/// tasks that it gives out.
class Calls {
 public:
  static constexpr std::size_t kPerMinute = 25;  ///< Zoho locks at 30
  static constexpr std::size_t kAtATime = 5;     ///< what a small organisation's listing takes

  Calls(base::Executor& executor, KeptRecord& kept);

  /// Leave for one call that starts now; waits while the minute is used up. Error: Stopped, or Wait
  /// Throttled with `retryAfter` while Zoho has locked the account.
  base::Task<base::Result<base::Done>> take(std::stop_token stop);

 private:
  [[nodiscard]] std::size_t counted();
  /// When the next call may be written down; none: now.
  [[nodiscard]] std::optional<base::Duration> wait();
  void reserve();

  base::Executor& executor_;
  KeptRecord& kept_;
  base::Semaphore line_;  ///< of one: who writes down calls for all
  std::size_t reserved_ = 0;
  base::SteadyTime reservedUntil_{};
};

}  // namespace splitdelivery::zoho
