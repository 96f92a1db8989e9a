#pragma once

#include "plan/plan.h"

namespace splitdelivery::plan {

/// What taking back depends on.
struct DepartureInputs {
  api::Identity identity;  ///< whose forwarders `present` are
  api::Ledger ledger;      ///< as it was stored
  const api::Forwarders& present;
  base::WallTime now;
};

/// The plan that takes back everything that we made (S14, deletionPolicy: Delete). Zoho is not asked:
/// whether an address lives there does not matter any more.
///
/// Deletes each forwarder that the listing shows exactly as the ledger records it (S2); nothing else is
/// ever in the plan. A person has asked for this, so nothing is counted or held (S5). What the listing
/// shows otherwise, or lacks, leaves the ledger; where it lacks much (countVanished) it is not believed, and
/// what it lacks stays. Of another identity (S16) nothing is ours.
[[nodiscard]] Plan makeDeparture(DepartureInputs inputs);

}  // namespace splitdelivery::plan
