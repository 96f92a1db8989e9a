#include "kube/request_limit.h"

#include <algorithm>
#include <utility>

namespace splitdelivery::kube {
namespace {

base::Duration timePerToken(double perSecond) {
  if (perSecond <= 0) return base::Duration{0};
  return std::chrono::duration_cast<base::Duration>(std::chrono::duration<double>(1 / perSecond));
}

}  // namespace

RequestLimit::RequestLimit(base::Executor& executor, Options options)
    : executor_(executor),
      options_(std::move(options)),
      each_(timePerToken(options_.perSecond)),
      longest_(std::chrono::duration_cast<base::Duration>(each_ * std::max(options_.burst, 1.0))) {}

RequestLimit::~RequestLimit() {
  if (timer_ != 0) executor_.cancel(timer_);
  for (const Turn& turn : line_) turn->resolve(false);  // nobody is left waiting for ever
}

/// When the bucket has a token, and no pause is asked for.
base::SteadyTime RequestLimit::nextPass() const {
  if (lifted_) return {};
  return std::max(pausedUntil_, full_ + each_ - longest_);
}

void RequestLimit::take(base::SteadyTime now) {
  full_ = std::max(full_, now) + each_;
}

bool RequestLimit::pass(std::string_view method) {
  const auto now = executor_.now();
  if (!line_.empty() || now < nextPass()) return false;
  take(now);
  if (options_.onPass) options_.onPass(method, base::Duration{0});
  return true;
}

base::Task<bool> RequestLimit::wait(std::string method, std::stop_token stop) {
  if (stop.stop_requested()) co_return false;
  const auto since = executor_.now();
  const auto turn = std::make_shared<base::Deferred<bool>>(executor_);
  line_.push_back(turn);
  if (timer_ == 0) serve();
  // A stop takes the place in line away, unless the turn has come already.
  const std::stop_callback stopped(stop, [this, turn] { leave(turn); });
  if (!co_await *turn) co_return false;
  if (options_.onPass) options_.onPass(method, executor_.now() - since);
  co_return true;
}

void RequestLimit::leave(const Turn& turn) {
  if (std::erase(line_, turn) == 0) return;
  turn->resolve(false);
  if (line_.empty()) executor_.cancel(std::exchange(timer_, 0));
}

/// Lets through whoever may go now; a timer wakes it for the next.
void RequestLimit::serve() {
  const auto now = executor_.now();
  for (; !line_.empty() && now >= nextPass(); line_.pop_front()) {
    take(now);
    line_.front()->resolve(true);
  }
  timer_ = line_.empty() ? 0 : executor_.runAt(nextPass(), [this] { serve(); });
}

void RequestLimit::lift() {
  lifted_ = true;
  if (line_.empty()) return;
  executor_.cancel(timer_);
  serve();
}

void RequestLimit::pause(base::Duration span) {
  pausedUntil_ = std::max(pausedUntil_, executor_.now() + std::min<base::Duration>(span, kLongestPause));
}

}  // namespace splitdelivery::kube
