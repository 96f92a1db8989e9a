#pragma once

#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "base/await.h"

namespace splitdelivery::http {

/// Lets one task do what several ask for at the same time: whoever comes while it is under way gets
/// the same value. T is copied to each.
///
/// When the one that does the work throws, only its own caller sees that; the next in line does the
/// work again for the rest. Lives on one executor; must outlive every `run`.
template <class T>
class SingleFlight {
 public:
  explicit SingleFlight(base::Executor& executor) : executor_(executor) {}

  /// `start` is called only when nothing is under way.
  base::Task<T> run(std::function<base::Task<T>()> start) {
    while (inFlight_) {
      base::Deferred<std::optional<T>> shared(executor_);
      waiting_.push_back(shared);
      std::optional<T> value = co_await shared;
      if (value) co_return std::move(*value);
    }
    inFlight_ = true;
    std::optional<T> value;
    try {
      value.emplace(co_await start());
    } catch (...) {
      land(std::nullopt);
      throw;
    }
    land(value);
    co_return std::move(*value);
  }

 private:
  void land(const std::optional<T>& value) {
    inFlight_ = false;
    for (auto& waiter : std::exchange(waiting_, {})) waiter.resolve(value);
  }

  base::Executor& executor_;
  bool inFlight_ = false;
  std::vector<base::Deferred<std::optional<T>>> waiting_;
};

}  // namespace splitdelivery::http
