#include "http/breaker.h"

#include <algorithm>
#include <utility>

namespace splitdelivery::http {

namespace {
constexpr std::chrono::seconds kLongestPause = std::chrono::hours{1};
}  // namespace

CircuitBreaker::CircuitBreaker(const base::Executor& executor, std::chrono::seconds probeAfter)
    : executor_(executor), firstPause_(probeAfter), pause_(probeAfter) {}

std::optional<base::Error> CircuitBreaker::refusal() {
  if (!because_) return std::nullopt;
  const auto now = executor_.now();
  if (now >= probeAt_) {
    // A probe that never reports back (stopped, time-out) must not keep the account closed for
    // ever: after another pause the next one may go.
    probing_ = true;
    probeAt_ = now + pause_;
    return std::nullopt;
  }
  base::Error error = *because_;
  error.retryAfter = std::chrono::ceil<std::chrono::seconds>(probeAt_ - now);
  return error;
}

void CircuitBreaker::trip(base::Error because) {
  const bool wasOpen = open();
  because_ = std::move(because);
  // Requests that were under way when the breaker opened fail too; they say nothing new.
  if (wasOpen && !probing_) return;
  pause_ = wasOpen ? std::max(firstPause_, std::min(pause_ * 2, kLongestPause)) : firstPause_;
  probing_ = false;
  probeAt_ = executor_.now() + pause_;
}

void CircuitBreaker::succeed() {
  // The late success of a request from before the trip proves nothing about the time after it.
  if (open() && !probing_) return;
  because_.reset();
  probing_ = false;
}

}  // namespace splitdelivery::http
