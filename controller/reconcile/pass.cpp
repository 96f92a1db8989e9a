#include "reconcile/pass.h"

namespace splitdelivery::reconcile {

base::Task<base::Result<base::Semaphore::Permit>> takePlace(Pass& pass) {
  pass.clock->pause();
  pass.waitsFor = "its turn at the mail server's account";
  auto place = co_await pass.account->enter(pass.stop);
  if (!place) co_return base::fail(base::ErrorKind::Stopped, "Stopped", "the program was asked to stop");
  pass.clock->start();
  co_return *std::move(place);
}

void tellClaim(Claims& claims, const Pass& pass) {
  const Observation& seen = pass.findings.seen;
  const api::SplitDeliveryDomain& resource = pass.resource;
  const auto stalled = [](const std::optional<base::Error>& error) {
    return error && error->kind == base::ErrorKind::Stall;
  };
  if (seen.hosted) {
    claims.setListed(resource.key, resource.spec.domain, *seen.hosted);
  } else if (stalled(seen.zohoError) || stalled(seen.serverError)) {
    claims.cannotBegin(resource.key, resource.spec.domain);
  }
}

}  // namespace splitdelivery::reconcile
