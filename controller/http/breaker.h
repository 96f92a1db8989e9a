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
/// closes it, `trip` opens it again for twice as long, up to an hour. A program that is started anew
/// goes on where the one before it stopped (`restore`).
class CircuitBreaker {
 public:
  /// A person who asks for another try gets one at most this often (`tryAgain`).
  static constexpr std::chrono::seconds kShortestPause{30};

  explicit CircuitBreaker(const base::Executor& executor, std::chrono::seconds probeAfter = std::chrono::minutes{5});

  /// Nothing when a request may go out; else the error that opened the breaker, with `retryAfter`.
  [[nodiscard]] std::optional<base::Error> refusal();
  void trip(base::Error because);
  void succeed();

  /// As it was left: open for another `left` (below zero: a probe is due) of a pause of that length. Not
  /// longer than that pause, whatever clocks say; a `pause` of zero is not known, and taken for the longest.
  void restore(base::Error because, std::chrono::seconds left, std::chrono::seconds pause);
  /// Ends the pause, but no sooner than `kShortestPause` after the last try.
  void tryAgain();

  [[nodiscard]] bool open() const { return because_.has_value(); }
  /// What opened it, with the time left in `retryAfter`; nothing when it is closed.
  [[nodiscard]] std::optional<base::Error> why() const;
  /// How long the pause is that it is in, all in all.
  [[nodiscard]] std::chrono::seconds pause() const { return pause_; }

 private:
  void startPause();

  const base::Executor& executor_;
  std::chrono::seconds firstPause_;
  std::chrono::seconds pause_;
  std::optional<base::Error> because_;
  base::SteadyTime triedAt_{};  ///< when the last request went that met, or may meet, a refusal
  base::SteadyTime probeAt_{};
  bool probing_ = false;
};

}  // namespace splitdelivery::http
