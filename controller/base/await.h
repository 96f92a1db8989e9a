#pragma once

#include <coroutine>
#include <exception>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>
#include <vector>

#include "base/executor.h"
#include "base/result.h"
#include "base/task.h"

namespace splitdelivery::base {

/// One value that somebody will deliver and one coroutine waits for.
///
/// The bridge from callbacks to coroutines. Copies share one slot. `resolve` may be called from any
/// thread and any number of times: the first value counts. The waiter is resumed by the executor,
/// never inside `resolve`.
template <class T>
class Deferred {
 public:
  explicit Deferred(Executor& executor) : state_(std::make_shared<State>(executor)) {}

  void resolve(T value) const {
    auto boxed = std::make_shared<T>(std::move(value));
    state_->executor.post([state = state_, boxed] {
      if (state->value) return;
      state->value.emplace(std::move(*boxed));
      if (auto waiter = std::exchange(state->waiter, {})) waiter.resume();
    });
  }

  /// Awaited at most once.
  auto operator co_await() const noexcept {
    struct Awaiter {
      std::shared_ptr<State> state;
      [[nodiscard]] bool await_ready() const noexcept { return state->value.has_value(); }
      void await_suspend(std::coroutine_handle<> waiter) const noexcept { state->waiter = waiter; }
      T await_resume() const {  // NOLINT(modernize-use-nodiscard): who waits for an event drops its value
        return std::move(*state->value);
      }
    };
    return Awaiter{state_};
  }

 private:
  struct State {
    explicit State(Executor& on) : executor(on) {}
    Executor& executor;
    std::optional<T> value{};
    std::coroutine_handle<> waiter{};
  };
  std::shared_ptr<State> state_;
};

/// What became of a pause.
enum class Slept { InFull, Stopped };

/// Waits until `when`, or until a stop is asked for.
Task<Slept> sleepUntil(Executor& executor, SteadyTime when, std::stop_token stop);

inline Task<Slept> sleepFor(Executor& executor, Duration pause, std::stop_token stop) {
  return sleepUntil(executor, executor.now() + pause, std::move(stop));
}

/// Runs `blocking()` off the executor's threads and yields what it returns. What `blocking` uses
/// must be its own. An exception from it is rethrown to the awaiter.
template <class F>
auto offload(Executor& executor, F blocking) -> Task<std::invoke_result_t<F>> {
  using T = std::invoke_result_t<F>;
  struct Outcome {
    std::optional<T> value{};
    std::exception_ptr exception{};
  };
  auto outcome = std::make_shared<Outcome>();
  Deferred<bool> done(executor);
  auto job = [outcome, blocking = std::move(blocking)]() mutable {
    try {
      outcome->value.emplace(blocking());
    } catch (...) {
      outcome->exception = std::current_exception();
    }
  };
  executor.offload(std::move(job), [done] { done.resolve(true); });
  co_await done;
  if (outcome->exception) std::rethrow_exception(outcome->exception);
  co_return std::move(*outcome->value);
}

/// Runs all tasks, at most `limit` at a time (0: no limit), and yields their values in the order of
/// the tasks. The first exception is rethrown when all have ended.
template <class T>
Task<std::vector<T>> all(Executor& executor, std::vector<Task<T>> tasks, std::size_t limit = 0) {
  struct State {
    std::vector<Task<T>> tasks;
    std::vector<std::optional<T>> values{};
    std::size_t next = 0;
    std::size_t running = 0;
    std::exception_ptr exception{};
  };
  const std::size_t count = tasks.size();
  if (limit == 0) limit = count;
  auto state = std::make_shared<State>(State{std::move(tasks)});
  state->values.resize(count);
  Deferred<bool> finished(executor);

  // Each finished task starts the next; the cycle is broken when the last one has ended.
  auto startNext = std::make_shared<std::function<void()>>();
  *startNext = [state, finished, startNext = std::weak_ptr(startNext), &executor] {
    const std::size_t index = state->next++;
    ++state->running;
    spawn(executor, std::move(state->tasks[index]),
          [state, finished, index, startNext = startNext.lock()](const std::exception_ptr& failure,
                                                                 std::optional<T> value) {
            state->values[index] = std::move(value);
            if (failure && !state->exception) state->exception = failure;
            --state->running;
            if (state->next < state->tasks.size()) return (*startNext)();
            if (state->running == 0) finished.resolve(true);
          });
  };
  while (state->next < count && state->running < limit) (*startNext)();
  if (count > 0) co_await finished;

  if (state->exception) std::rethrow_exception(state->exception);
  std::vector<T> values;
  values.reserve(count);
  for (auto& value : state->values) values.push_back(std::move(*value));
  co_return values;
}

}  // namespace splitdelivery::base
