#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <stop_token>

#include "base/await.h"

namespace splitdelivery::queue {

/// Those who wait for something to be in line, first come, first woken.
///
/// Who was woken runs a little later and may find that somebody else took the item: then he waits again. Who was
/// woken and leaves without taking anything must call `wakeFor` again for the others. Lives on one executor; must
/// outlive whoever waits.
class Waiters {
 public:
  explicit Waiters(base::Executor& executor) : executor_(executor) {}

  /// Until woken, or until a stop is asked for.
  base::Task<base::Done> wait(std::stop_token stop);
  /// Wakes as many as there are items, those already on their way included.
  void wakeFor(std::size_t items);

 private:
  base::Executor& executor_;
  std::deque<std::shared_ptr<base::Deferred<bool>>> waiting_;
  std::size_t onTheirWay_ = 0;
};

}  // namespace splitdelivery::queue
