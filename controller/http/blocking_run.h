#pragma once

#include <exception>
#include <future>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "base/task.h"
#include "http/real_executor.h"

namespace splitdelivery::http {

/// Runs `task` on `executor` and blocks the calling thread until it has ended: for main(), which has
/// nothing else to do. Never from work on the executor, which would wait for itself. Gives the
/// task's value and throws what it throws; the task's frame is gone by then.
template <class T>
T runBlocking(RealExecutor& executor, base::Task<T> task) {
  auto promise = std::make_shared<std::promise<T>>();
  auto outcome = promise->get_future();
  // The answer is posted, so that it comes after the frame and all it held have been destroyed.
  if constexpr (std::is_void_v<T>) {
    base::spawn(executor, std::move(task), [promise, &executor](std::exception_ptr failure) {
      executor.post([promise, failure] { failure ? promise->set_exception(failure) : promise->set_value(); });
    });
  } else {
    base::spawn(executor, std::move(task), [promise, &executor](std::exception_ptr failure, std::optional<T> value) {
      auto boxed = std::make_shared<std::optional<T>>(std::move(value));
      executor.post([promise, failure, boxed] {
        failure ? promise->set_exception(failure) : promise->set_value(std::move(**boxed));
      });
    });
  }
  return outcome.get();
}

}  // namespace splitdelivery::http
