#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>

#include "base/executor.h"
#include "base/task.h"

namespace splitdelivery::cli {

/// Keeps SIGINT, SIGTERM and the signal that ends `runToEnd` for the main thread, a service SIGHUP too.
/// Made before any other thread, so that all of them inherit it.
class SignalMask {
 public:
  enum class Hangup { EndsTheProcess, IsCaught };
  explicit SignalMask(Hangup hangup = Hangup::EndsTheProcess);

  [[nodiscard]] bool hangupIsCaught() const { return hangup_ == Hangup::IsCaught; }

 private:
  Hangup hangup_;
};

/// What SIGHUP does, on the executor.
class Hangups {
 public:
  explicit Hangups(base::Executor& executor) : executor_(executor) {}

  /// On the executor: from now on `work` is called for each SIGHUP; nothing, when it is empty.
  void call(std::function<void()> work) { *work_ = std::move(work); }
  /// From any thread: one SIGHUP has come.
  void raise() {
    executor_.post([work = work_] {
      if (*work) (*work)();
    });
  }

 private:
  base::Executor& executor_;
  std::shared_ptr<std::function<void()>> work_ = std::make_shared<std::function<void()>>();
};

/// How long the task may take to end once it was asked to; Kubernetes kills after 30 s.
inline constexpr std::chrono::seconds kLongestStop{28};

/// Runs `task` on the executor and gives its value, while this thread waits for signals: the first
/// SIGINT or SIGTERM asks the task to stop, the second ends the process as if nobody had caught it.
/// A task that has not ended `kLongestStop` after that is left behind: the process ends, with exit code
/// 1, which is as safe as a crash. An exception that leaves the task is rethrown.
int runToEnd(base::Executor& executor, const SignalMask& mask,
             const std::function<base::Task<int>(std::stop_token)>& start, Hangups* hangups = nullptr);

}  // namespace splitdelivery::cli
