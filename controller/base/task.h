#pragma once

#include <cassert>
#include <coroutine>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "base/executor.h"

namespace splitdelivery::base {

template <class T>
class Task;

// The names and shapes below are the language's coroutine protocol.
// NOLINTBEGIN(readability-convert-member-functions-to-static,modernize-use-nodiscard)
namespace task_detail {

/// Hands over to whoever awaits the task, without growing the stack.
struct FinalAwaiter {
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <class Promise>
  std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> done) const noexcept {
    auto next = done.promise().continuation;
    return next ? next : std::noop_coroutine();
  }
  void await_resume() const noexcept {}
};

struct PromiseBase {
  std::coroutine_handle<> continuation{};
  std::exception_ptr exception{};

  [[nodiscard]] std::suspend_always initial_suspend() const noexcept { return {}; }
  [[nodiscard]] FinalAwaiter final_suspend() const noexcept { return {}; }
  void unhandled_exception() noexcept { exception = std::current_exception(); }
};

template <class T>
struct Promise : PromiseBase {
  std::optional<T> value{};

  Task<T> get_return_object() noexcept;
  template <class U>
    requires std::is_constructible_v<T, U&&>
  void return_value(U&& result) {
    value.emplace(std::forward<U>(result));
  }
  T take() {
    if (exception) std::rethrow_exception(exception);
    return std::move(*value);
  }
};

template <>
struct Promise<void> : PromiseBase {
  Task<void> get_return_object() noexcept;
  void return_void() const noexcept {}
  void take() const {
    if (exception) std::rethrow_exception(exception);
  }
};

}  // namespace task_detail

/// A coroutine that has not started yet and yields one T.
///
/// It starts when it is awaited and is destroyed by whoever holds the Task. Two rules bite:
///  - a coroutine takes its parameters by value (a reference parameter dangles after the first
///    suspension unless its owner is known to live longer);
///  - nothing borrowed (reference, view, iterator) is used across a co_await unless its owner is.
///
/// Expected failures travel as `Result`; an exception that leaves a coroutine is a bug and is
/// rethrown to whoever awaits it.
template <class T>
class [[nodiscard]] Task {
 public:
  using promise_type = task_detail::Promise<T>;

  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  Task& operator=(Task&& other) noexcept {
    if (this != &other) {
      destroy();
      handle_ = std::exchange(other.handle_, {});
    }
    return *this;
  }
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;
  ~Task() { destroy(); }

  auto operator co_await() && noexcept {
    struct Awaiter {
      std::coroutine_handle<promise_type> callee;
      [[nodiscard]] bool await_ready() const noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<> caller) const noexcept {
        callee.promise().continuation = caller;
        return callee;
      }
      T await_resume() const { return callee.promise().take(); }
    };
    assert(handle_ && "awaited twice, or after a move");
    return Awaiter{handle_};
  }

 private:
  friend promise_type;
  explicit Task(std::coroutine_handle<promise_type> handle) noexcept : handle_(handle) {}
  void destroy() noexcept {
    if (handle_) handle_.destroy();
  }

  std::coroutine_handle<promise_type> handle_;
};

namespace task_detail {

template <class T>
Task<T> Promise<T>::get_return_object() noexcept {
  return Task<T>(std::coroutine_handle<Promise>::from_promise(*this));
}

inline Task<void> Promise<void>::get_return_object() noexcept {
  return Task<void>(std::coroutine_handle<Promise>::from_promise(*this));
}

/// A coroutine that owns itself: it runs at once and frees its frame when it ends.
struct Detached {
  struct promise_type {
    [[nodiscard]] Detached get_return_object() const noexcept { return {}; }
    [[nodiscard]] std::suspend_never initial_suspend() const noexcept { return {}; }
    [[nodiscard]] std::suspend_never final_suspend() const noexcept { return {}; }
    void return_void() const noexcept {}
    [[noreturn]] void unhandled_exception() const noexcept { std::terminate(); }
  };
};

// NOLINTEND(readability-convert-member-functions-to-static,modernize-use-nodiscard)

template <class T, class Done>
Detached drive(Task<T> task, Done done) {
  std::exception_ptr failure{};
  if constexpr (std::is_void_v<T>) {
    try {
      co_await std::move(task);
    } catch (...) {
      failure = std::current_exception();
    }
    done(failure);
  } else {
    std::optional<T> value{};
    try {
      value.emplace(co_await std::move(task));
    } catch (...) {
      failure = std::current_exception();
    }
    done(failure, std::move(value));
  }
}

}  // namespace task_detail

/// Starts `task` on `executor`, on its own. `done(std::exception_ptr)` is called on the executor
/// when it has ended, for a Task<T> with the value: `done(std::exception_ptr, std::optional<T>)`;
/// it must not throw.
template <class T, class Done>
void spawn(Executor& executor, Task<T> task, Done done) {
  // std::function wants to be copied, a Task can only be moved: hence the shared holder.
  auto holder = std::make_shared<Task<T>>(std::move(task));
  executor.post(
      [holder, done = std::move(done)]() mutable { task_detail::drive(std::move(*holder), std::move(done)); });
}

}  // namespace splitdelivery::base
