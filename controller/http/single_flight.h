#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "base/await.h"

namespace splitdelivery::http {

/// Lets one task do what several ask for at the same time: whoever comes while it is under way gets
/// the same value. T is copied to each.
template <class T>
class SingleFlight {
 public:
  explicit SingleFlight(base::Executor& executor) : executor_(executor) {}

  /// `start` is called only when nothing is under way.
  base::Task<T> run(std::function<base::Task<T>()> start) {
    if (inFlight_) {
      base::Deferred<T> shared(executor_);
      waiting_.push_back(shared);
      co_return co_await shared;
    }
    inFlight_ = true;
    std::optional<T> value;
    try {
      value.emplace(co_await start());
    } catch (...) {
      // Those who wait must not wait for ever: each does the work itself when its turn comes.
      inFlight_ = false;
      throw;
    }
    inFlight_ = false;
    for (auto& waiter : std::exchange(waiting_, {})) waiter.resolve(*value);
    co_return std::move(*value);
  }

 private:
  base::Executor& executor_;
  bool inFlight_ = false;
  std::vector<base::Deferred<T>> waiting_;
};

}  // namespace splitdelivery::http
