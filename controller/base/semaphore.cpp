#include "base/semaphore.h"

namespace splitdelivery::base {

Task<std::optional<Semaphore::Permit>> Semaphore::acquire(std::stop_token stop) {
  if (stop.stop_requested()) co_return std::nullopt;
  if (free_ > 0) {
    --free_;
    co_return Permit(*this);
  }
  auto turn = std::make_shared<Deferred<bool>>(executor_);
  waiting_.push_back(turn);
  // A stop takes the place in line away, unless the turn has come already.
  std::stop_callback onStop(stop, [this, turn] {
    if (std::erase(waiting_, turn) > 0) turn->resolve(false);
  });
  const bool granted = co_await *turn;
  if (!granted) co_return std::nullopt;
  co_return Permit(*this);
}

void Semaphore::release() {
  if (waiting_.empty()) {
    ++free_;
    return;
  }
  // The place passes straight to the next in line, so that nobody can push in between.
  auto next = waiting_.front();
  waiting_.pop_front();
  next->resolve(true);
}

}  // namespace splitdelivery::base
