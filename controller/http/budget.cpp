#include "http/budget.h"

#include <algorithm>
#include <utility>

#include "base/await.h"

namespace splitdelivery::http {

namespace {

/// Asks for a stop as soon as either of two tokens does.
class EitherStop {
 public:
  EitherStop(std::stop_token one, std::stop_token other)
      : onOne_(std::move(one), Request{source_}), onOther_(std::move(other), Request{source_}) {}

  [[nodiscard]] std::stop_token token() const { return source_.get_token(); }

 private:
  struct Request {
    std::stop_source source;
    void operator()() const { source.request_stop(); }
  };
  std::stop_source source_;
  std::stop_callback<Request> onOne_;
  std::stop_callback<Request> onOther_;
};

}  // namespace

RequestBudget::RequestBudget(base::Executor& executor, BudgetLimits limits)
    : executor_(executor),
      limits_(limits),
      line_(executor, 1),
      places_(executor, std::max<std::size_t>(limits.parallel, 1)) {}

base::Task<base::Result<base::Semaphore::Permit>> RequestBudget::acquire(std::stop_token stop) {
  if (auto refused = refusal(stop)) co_return base::fail(std::move(*refused));
  const EitherStop either(stop, turnAway_.get_token());

  // Only the head of the line waits for a place and for the window; that keeps the order.
  const auto head = co_await line_.acquire(either.token());
  if (!head) co_return base::fail(turnedAway(stop));
  auto place = co_await places_.acquire(either.token());
  if (!place) co_return base::fail(turnedAway(stop));
  while (const auto opens = windowOpens()) {
    if (co_await base::sleepUntil(executor_, *opens, either.token()) == base::Slept::Stopped) break;
  }
  // A stop or a pause may have come between the wake-up call and this line.
  if (auto refused = refusal(stop)) co_return base::fail(std::move(*refused));
  if (either.token().stop_requested()) co_return base::fail(turnedAway(stop));

  if (limits_.perWindow > 0) started_.push_back(executor_.now());
  co_return std::move(*place);
}

void RequestBudget::pauseFor(std::chrono::seconds pause) {
  pausedUntil_ = std::max(pausedUntil_, executor_.now() + pause);
  std::exchange(turnAway_, std::stop_source{}).request_stop();
}

std::size_t RequestBudget::startedInWindow() const {
  const auto since = executor_.now() - limits_.window;
  return static_cast<std::size_t>(
      std::ranges::count_if(started_, [&](base::SteadyTime start) { return start > since; }));
}

std::optional<base::Error> RequestBudget::refusal(const std::stop_token& stop) const {
  if (stop.stop_requested() || executor_.now() < pausedUntil_) return turnedAway(stop);
  return std::nullopt;
}

base::Error RequestBudget::turnedAway(const std::stop_token& stop) const {
  if (stop.stop_requested()) return {base::ErrorKind::Stopped, "Stopped", "stopped while waiting for a free request"};
  const auto left = std::chrono::ceil<std::chrono::seconds>(pausedUntil_ - executor_.now());
  const auto pause = std::max(left, std::chrono::seconds{0});
  return {base::ErrorKind::Wait, "ProviderAsksToWait", "the provider has asked us to send nothing for a while", pause};
}

std::optional<base::SteadyTime> RequestBudget::windowOpens() {
  if (limits_.perWindow == 0) return std::nullopt;
  while (!started_.empty() && started_.front() + limits_.window <= executor_.now()) started_.pop_front();
  if (started_.size() < limits_.perWindow) return std::nullopt;
  return started_[started_.size() - limits_.perWindow] + limits_.window;
}

}  // namespace splitdelivery::http
