#include "plan/departure.h"

#include <utility>

#include "api/find_local.h"
#include "plan/guard.h"
#include "plan/settle.h"

namespace splitdelivery::plan {

Plan makeDeparture(DepartureInputs inputs) {
  Plan plan;
  std::vector<api::LedgerEntry> ours = std::exchange(inputs.ledger.entries, {});
  if (inputs.ledger.identity && *inputs.ledger.identity != inputs.identity) ours.clear();
  plan.ledger = std::move(inputs.ledger);
  plan.ledger.identity = std::move(inputs.identity);
  plan.vanished = countVanished(ours, nullptr, inputs.present);
  for (api::LedgerEntry& entry : ours) {
    const api::Forwarder* present = api::findLocal(inputs.present, entry.local);
    if (present == nullptr) {
      if (plan.vanished > 0) plan.ledger.entries.push_back(std::move(entry));
      continue;
    }
    if (settle(entry, *present) == Settled::NotOurs) continue;
    plan.deletes.push_back({.kind = OpKind::Delete,
                            .local = entry.local,
                            .present = present->destinations,
                            .name = present->name,
                            .kinds = entry.kinds,
                            .approved = true});
    plan.ledger.entries.push_back(std::move(entry));
  }
  plan.counts.managed = static_cast<std::uint32_t>(plan.ledger.entries.size());
  recordManaged(plan.ledger, inputs.now, plan.counts.managed);
  return plan;
}

}  // namespace splitdelivery::plan
