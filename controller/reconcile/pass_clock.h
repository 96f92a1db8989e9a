#pragma once

#include <chrono>
#include <set>
#include <stop_token>
#include <utility>

#include "base/executor.h"

namespace splitdelivery::reconcile {

/// When the passes began that are under way.
using Running = std::multiset<base::SteadyTime>;

/// Ends one pass through its stop token: when the caller stops it, or kLongest after `start`. While it
/// waits for a place at a busy account it is paused.
///
/// Lives on the executor, in the frame of the pass.
class PassClock {
 public:
  /// The next pass goes on from where an ended one was; nothing that it did is lost.
  static constexpr std::chrono::minutes kLongest{15};

  /// `executor` and `running` outlive this.
  PassClock(base::Executor& executor, Running& running, const std::stop_token& outer)
      : executor_(executor), running_(running), stopped_(outer, Ender{ending_}) {}
  PassClock(const PassClock&) = delete;
  PassClock& operator=(const PassClock&) = delete;
  ~PassClock() { pause(); }

  [[nodiscard]] std::stop_token token() const { return ending_.get_token(); }
  /// Begins to count; after a pause anew.
  void start() {
    runs_ = true;
    entry_ = running_.insert(executor_.now());
    alarm_ = executor_.runAt(executor_.now() + kLongest, [this] {
      late_ = true;
      ending_.request_stop();
    });
  }
  void pause() {
    if (!std::exchange(runs_, false)) return;
    executor_.cancel(alarm_);
    running_.erase(entry_);
  }
  /// Whether the pass was ended because it took too long.
  [[nodiscard]] bool late() const { return late_; }

 private:
  struct Ender {
    std::stop_source ending;
    void operator()() const { ending.request_stop(); }
  };

  base::Executor& executor_;
  Running& running_;
  std::stop_source ending_;
  std::stop_callback<Ender> stopped_;
  Running::iterator entry_{};
  base::Executor::TimerId alarm_{};
  bool runs_ = false;
  bool late_ = false;
};

}  // namespace splitdelivery::reconcile
