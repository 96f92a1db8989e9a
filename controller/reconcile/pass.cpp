#include "reconcile/pass.h"

namespace splitdelivery::reconcile {

base::Task<base::Result<base::Semaphore::Permit>> takePlace(Pass& pass) {
  pass.clock->pause();
  auto place = co_await pass.account->enter(pass.stop);
  if (!place) co_return base::fail(base::ErrorKind::Stopped, "Stopped", "the program was asked to stop");
  pass.clock->start();
  co_return *std::move(place);
}

}  // namespace splitdelivery::reconcile
