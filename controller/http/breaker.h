#pragma once

#include <chrono>
#include <optional>

#include "base/executor.h"
#include "base/result.h"

namespace splitdelivery::http {

/// Stops all traffic of one account after an answer that makes further tries harmful: refused
/// credentials, above all, since DirectAdmin bans addresses that keep trying (S9).
///
/// closed → (`trip`) open for `probeAfter` → one request is let through as a probe → `succeed`
/// closes it, `trip` opens it again for twice as long, up to an hour.
class CircuitBreaker {
 public:
  explicit CircuitBreaker(const base::Executor& executor, std::chrono::seconds probeAfter = std::chrono::minutes{5});

  /// Nothing when a request may go out; else the error that opened the breaker, with `retryAfter`.
  [[nodiscard]] std::optional<base::Error> refusal();
  void trip(base::Error because);
  void succeed();
  [[nodiscard]] bool open() const { return because_.has_value(); }

 private:
  const base::Executor& executor_;
  std::chrono::seconds firstPause_;
  std::chrono::seconds pause_;
  std::optional<base::Error> because_;
  base::SteadyTime probeAt_{};
  bool probing_ = false;
};

}  // namespace splitdelivery::http
