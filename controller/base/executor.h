#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

namespace splitdelivery::base {

using Duration = std::chrono::nanoseconds;
/// Time that only goes forward: deadlines, ages, pauses.
using SteadyTime = std::chrono::time_point<std::chrono::steady_clock, Duration>;
/// The time of day: what is written down and outlives the process.
using WallTime = std::chrono::time_point<std::chrono::system_clock, Duration>;

/// The port that gives everything its time, timers, order and randomness.
///
/// Thread rule: an executor runs one piece of work at a time. Whatever runs on it needs no lock, and
/// a coroutine is never resumed while it is still being suspended (which clang 16 would not survive:
/// it may write to the frame after `await_suspend`). `post` and `offload` may be called from any
/// thread; everything else only from work that runs on the executor.
class Executor {
 public:
  using Work = std::function<void()>;
  using TimerId = std::uint64_t;

  Executor() = default;
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;
  virtual ~Executor() = default;

  [[nodiscard]] virtual SteadyTime now() const = 0;
  [[nodiscard]] virtual WallTime wallTime() const = 0;

  /// Runs `work` soon, after what was posted before it.
  virtual void post(Work work) = 0;

  /// Runs `work` at `when`; at once when that has passed. The id is never 0.
  virtual TimerId runAt(SteadyTime when, Work work) = 0;

  /// Forgets a timer. A timer that has fired or was cancelled is ignored.
  virtual void cancel(TimerId timer) = 0;

  /// Runs `blocking` (files, fsync) where it holds up nobody, then posts `then`.
  virtual void offload(Work blocking, Work then) = 0;

  /// Uniform over all 64-bit values.
  virtual std::uint64_t random() = 0;
};

}  // namespace splitdelivery::base
