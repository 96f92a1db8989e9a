#pragma once

#include <functional>
#include <stop_token>

#include "base/executor.h"
#include "base/task.h"

namespace splitdelivery::cli {

/// Keeps SIGINT, SIGTERM and the signal that ends `runToEnd` for the main thread. Made before any
/// other thread, so that all of them inherit it.
class SignalMask {
 public:
  SignalMask();
};

/// Runs `task` on the executor and gives its value, while this thread waits for signals: the first
/// SIGINT or SIGTERM asks the task to stop, the second ends the process as if nobody had caught it.
/// An exception that leaves the task is rethrown.
int runToEnd(base::Executor& executor, const SignalMask& mask,
             const std::function<base::Task<int>(std::stop_token)>& start);

}  // namespace splitdelivery::cli
