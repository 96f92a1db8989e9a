#include "reconcile/observer.h"

namespace splitdelivery::reconcile {
namespace {

base::Task<base::Done> nothing() {
  co_return base::Done{};
}

}  // namespace

base::Task<base::Done> Observer::parting(const api::SplitDeliveryDomain& /*resource*/, const Parting& /*parting*/) {
  return nothing();
}

}  // namespace splitdelivery::reconcile
