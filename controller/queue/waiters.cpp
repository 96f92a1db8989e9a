#include "queue/waiters.h"

namespace splitdelivery::queue {

base::Task<base::Done> Waiters::wait(std::stop_token stop) {
  auto turn = std::make_shared<base::Deferred<bool>>(executor_);
  waiting_.push_back(turn);
  const std::stop_callback onStop(stop, [this, turn] {
    if (std::erase(waiting_, turn) > 0) turn->resolve(false);
  });
  const bool woken = co_await *turn;
  if (woken) --onTheirWay_;
  co_return base::Done{};
}

void Waiters::wakeFor(std::size_t items) {
  while (onTheirWay_ < items && !waiting_.empty()) {
    const auto turn = waiting_.front();
    waiting_.pop_front();
    ++onTheirWay_;
    turn->resolve(true);
  }
}

}  // namespace splitdelivery::queue
