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
    startPause();
    return std::nullopt;
  }
  return why();
}

std::optional<base::Error> CircuitBreaker::why() const {
  if (!because_) return std::nullopt;
  base::Error error = *because_;
  error.retryAfter = std::chrono::ceil<std::chrono::seconds>(std::max(probeAt_ - executor_.now(), base::Duration{}));
  return error;
}

void CircuitBreaker::startPause() {
  triedAt_ = executor_.now();
  probeAt_ = triedAt_ + pause_;
}

void CircuitBreaker::restore(base::Error because, std::chrono::seconds left, std::chrono::seconds pause) {
  const auto longest = std::max(firstPause_, kLongestPause);
  because_ = std::move(because);
  probing_ = false;
  pause_ = pause > std::chrono::seconds{0} ? std::clamp(pause, firstPause_, longest) : longest;
  probeAt_ = executor_.now() + std::min(left, pause_);
  triedAt_ = probeAt_ - pause_;
}

void CircuitBreaker::tryAgain() {
  if (open()) probeAt_ = std::min(probeAt_, triedAt_ + kShortestPause);
}

void CircuitBreaker::trip(base::Error because) {
  const bool wasOpen = open();
  because_ = std::move(because);
  // Requests that were under way when the breaker opened fail too; they say nothing new.
  if (wasOpen && !probing_) return;
  pause_ = wasOpen ? std::max(firstPause_, std::min(pause_ * 2, kLongestPause)) : firstPause_;
  probing_ = false;
  startPause();
}

void CircuitBreaker::succeed() {
  // The late success of a request from before the trip proves nothing about the time after it.
  if (open() && !probing_) return;
  because_.reset();
  probing_ = false;
}

}  // namespace splitdelivery::http
