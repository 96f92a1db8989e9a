#include "base/await.h"

#include <functional>

namespace splitdelivery::base {

Task<Slept> sleepUntil(Executor& executor, SteadyTime when, std::stop_token stop) {
  if (stop.stop_requested()) co_return Slept::Stopped;
  Deferred<Slept> woken(executor);
  const auto timer = executor.runAt(when, [woken] { woken.resolve(Slept::InFull); });
  std::stop_callback onStop(stop, [woken] { woken.resolve(Slept::Stopped); });
  const Slept slept = co_await woken;
  executor.cancel(timer);
  co_return slept;
}

}  // namespace splitdelivery::base
