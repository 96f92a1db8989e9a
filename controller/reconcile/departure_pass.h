#pragma once

#include <string>

#include "reconcile/pass.h"

namespace splitdelivery::reconcile {

/// The pass of a resource whose end a person has asked for (S14). With `deletionPolicy: Delete` under
/// the policy Sync it takes back what we made: the switch first (local_delivery.h), then every
/// forwarder that the ledger has and the server shows as we left it. Otherwise everything stays, and
/// nothing is asked of the mail server. Zoho is not asked either way.
///
/// Error: what keeps the pass from it. `services` and `pass` outlive the task.
base::Task<base::Result<base::Done>> depart(const Services& services, Pass& pass, Mode mode);

/// Why the spec lets everything stay that was made; empty: it is to be deleted.
[[nodiscard]] std::string retainedBySpec(const api::Spec& spec);

}  // namespace splitdelivery::reconcile
