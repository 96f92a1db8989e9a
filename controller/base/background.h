#pragma once

#include <exception>
#include <optional>
#include <stop_token>
#include <utility>

#include "base/await.h"

namespace splitdelivery::base {

/// Work that begins when there is some to do, one at a time, and is waited for at the end.
///
/// Lives on the executor; `end` is awaited before it goes.
class Background {
 public:
  explicit Background(Executor& executor) : executor_(executor) {}

  /// Begins the Task<Done> that `work` gives, unless one is under way, which then has to see what is new, or the end
  /// has come.
  template <class Work>
  void begin(Work work) {
    if (stopped() || std::exchange(working_, true)) return;
    spawn(executor_, work(), [this](const std::exception_ptr&, const std::optional<Done>&) {
      working_ = false;
      if (ended_) ended_->resolve(true);
    });
  }

  /// For the work to see when it should end.
  [[nodiscard]] std::stop_token token() const { return stop_.get_token(); }
  [[nodiscard]] bool stopped() const { return stop_.stop_requested(); }

  Task<Done> end() {
    stop_.request_stop();
    if (working_) co_await ended_.emplace(executor_);
    co_return Done{};
  }

 private:
  Executor& executor_;
  std::stop_source stop_;
  std::optional<Deferred<bool>> ended_;
  bool working_ = false;
};

}  // namespace splitdelivery::base
