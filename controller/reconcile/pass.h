#pragma once

#include <optional>
#include <stop_token>
#include <string_view>
#include <utility>

#include "api/resource.h"
#include "base/executor.h"
#include "dns/resolver.h"
#include "reconcile/accounts.h"
#include "reconcile/claims.h"
#include "reconcile/findings.h"
#include "reconcile/guard_clock.h"
#include "reconcile/observer.h"
#include "reconcile/pass_clock.h"
#include "source/source.h"

namespace splitdelivery::reconcile {

/// What every pass works with. All of it outlives every pass.
struct Services {
  base::Executor& executor;
  Accounts& accounts;
  source::BookStore& books;
  source::StatusStore& statuses;
  Observer& observer;
  Claims& claims;
  dns::Resolver& resolver;
  source::Finalizers* finalizers = nullptr;  ///< nullptr: nothing has to be let go (a folder)
};

/// What one pass carries from step to step. Lives in the frame of `Reconciler::pass`.
struct Pass {
  api::SplitDeliveryDomain resource;
  const Accounts::Secrets& secrets;
  const GuardClock& guardClock;
  base::SteadyTime startedAt{};
  PassClock* clock = nullptr;
  std::stop_token stop{};  ///< the clock's
  api::Identity identity{};
  MailAccount* account = nullptr;
  api::AddressBook book{};
  bool bookKnown = false;
  bool wroteAhead = false;  ///< the stored book may hold states that this pass has left behind since
  api::Status previous{};
  std::string_view waitsFor = "its address book";  ///< what it is at work on now, for a person: a literal
  Findings findings{};
};

/// Waits for one of the places at the mail server's account while the clock stands still. Error: Stopped.
/// `pass` outlives the task, and the account the place.
base::Task<base::Result<base::Semaphore::Permit>> takePlace(Pass& pass);

/// Says what the pass has seen of the domain's place on the server, or that it never came to see it (S15).
void tellClaim(Claims& claims, const Pass& pass);

/// Whether a person has asked for the end of the resource (S14): deleted it in a cluster, or written so in a folder.
[[nodiscard]] inline bool departing(const api::SplitDeliveryDomain& resource) {
  return resource.deletedAt.has_value() || resource.annotated(api::annotation::kDelete, "true");
}

}  // namespace splitdelivery::reconcile
