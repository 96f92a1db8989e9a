#pragma once

#include <cstdint>
#include <deque>
#include <exception>
#include <map>
#include <optional>
#include <random>
#include <stdexcept>
#include <unordered_map>
#include <utility>

#include "base/task.h"

namespace splitdelivery::testing {

/// The executor of the tests: one thread, virtual time, and a seed that decides every random number.
///
/// Time stands still while there is work and jumps to the next timer when there is none, so a
/// virtual day costs what happens in it. With `shuffle` the order among work that is ready at the
/// same moment comes from the seed too, which finds what depends on that order.
class VirtualExecutor final : public base::Executor {
 public:
  explicit VirtualExecutor(std::uint64_t seed = 1, bool shuffle = false) : random_(seed), shuffle_(shuffle) {}

  [[nodiscard]] base::SteadyTime now() const override { return now_; }
  [[nodiscard]] base::WallTime wallTime() const override { return wallAtStart_ + now_.time_since_epoch(); }
  void post(Work work) override { ready_.push_back(std::move(work)); }
  TimerId runAt(base::SteadyTime when, Work work) override {
    timers_.emplace(std::pair{when, ++lastTimer_}, std::move(work));
    dueTimes_.emplace(lastTimer_, when);
    return lastTimer_;
  }
  void cancel(TimerId timer) override {
    const auto due = dueTimes_.extract(timer);
    if (due) timers_.erase({due.mapped(), timer});
  }
  void offload(Work blocking, Work then) override {
    post([blocking = std::move(blocking), then = std::move(then)] {
      blocking();
      then();
    });
  }
  std::uint64_t random() override { return random_(); }

  /// Makes the wall clock jump, as an operator or NTP does; steady time is not touched.
  void setWallTime(base::WallTime now) { wallAtStart_ = now - now_.time_since_epoch(); }

  /// One piece of work, or a jump to the next timer. False when nothing is left to do.
  bool step() {
    if (ready_.empty()) {
      if (timers_.empty()) return false;
      auto next = timers_.extract(timers_.begin());
      dueTimes_.erase(next.key().second);
      now_ = std::max(now_, next.key().first);
      ready_.push_back(std::move(next.mapped()));
    }
    if (shuffle_ && ready_.size() > 1) std::swap(ready_.front(), ready_[random_() % ready_.size()]);
    Work work = std::move(ready_.front());
    ready_.pop_front();
    work();
    return true;
  }

  /// Runs until nothing is left to do.
  void drain() {
    while (step()) {
    }
  }

  /// Runs everything that is due within `span`, then sets the clock there.
  void advance(base::Duration span) {
    const auto until = now_ + span;
    while (!ready_.empty() || (!timers_.empty() && timers_.begin()->first.first <= until)) step();
    now_ = until;
  }

  /// Runs `task` to its end and gives its value. Throws what it throws, and std::logic_error when
  /// everything comes to rest before it has ended (something was never resumed).
  template <class T>
  T run(base::Task<T> task) {
    std::optional<T> result;
    std::exception_ptr failure;
    base::spawn(*this, std::move(task), [&](std::exception_ptr error, std::optional<T> value) {
      failure = error;
      result = std::move(value);
    });
    while (!result && !failure && step()) {
    }
    if (failure) std::rethrow_exception(failure);
    if (!result) throw std::logic_error("the task never ended: nothing is left that could resume it");
    return std::move(*result);
  }

 private:
  base::SteadyTime now_{};
  base::WallTime wallAtStart_{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};
  std::deque<Work> ready_;
  std::map<std::pair<base::SteadyTime, TimerId>, Work> timers_;
  std::unordered_map<TimerId, base::SteadyTime> dueTimes_;  ///< of `timers_`
  TimerId lastTimer_ = 0;
  std::mt19937_64 random_;
  bool shuffle_;
};

}  // namespace splitdelivery::testing
