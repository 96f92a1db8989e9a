#pragma once

#include <chrono>
#include <cstdint>
#include <map>

#include "base/executor.h"

namespace splitdelivery::queue {

/// The pause after the first failure.
inline constexpr base::Duration kFirstFailurePause = std::chrono::seconds{30};
/// How far pauses are spread, so that what failed together is not tried together.
inline constexpr double kFailureJitter = 0.1;

/// `duration`, up to `fraction` of it longer or shorter, as `random` (uniform over all values) says.
[[nodiscard]] base::Duration jittered(base::Duration duration, double fraction, std::uint64_t random);

/// How long to wait after so many failures in a row (1: the first): 30 s, 60 s, 120 s … and never more than `cap`,
/// before jitter.
[[nodiscard]] base::Duration failurePause(unsigned failures, base::Duration cap);

/// Counts the failures in a row of each key. Lives on one executor.
template <class Key>
class Backoff {
 public:
  explicit Backoff(base::Executor& executor) : executor_(executor) {}

  /// It has failed once more: how long to wait before the next try, jitter of ±10 % included. The cap is given each
  /// time because it may depend on the item's interval (S10).
  [[nodiscard]] base::Duration failed(const Key& key, base::Duration cap) {
    unsigned& count = failures_[key];
    if (count < kMostCounted) ++count;
    return jittered(failurePause(count, cap), kFailureJitter, executor_.random());
  }

  /// It went well, or is gone: the next failure is the first.
  void succeeded(const Key& key) { failures_.erase(key); }

  [[nodiscard]] unsigned failures(const Key& key) const {
    const auto found = failures_.find(key);
    return found == failures_.end() ? 0 : found->second;
  }

 private:
  static constexpr unsigned kMostCounted = 1'000'000;

  base::Executor& executor_;
  std::map<Key, unsigned> failures_;
};

}  // namespace splitdelivery::queue
