#include "cli/run_result.h"

#include <algorithm>

namespace splitdelivery::cli {

int RunResult::exitCode() const {
  const auto any = [&](reconcile::Outcome outcome) {
    return std::ranges::find(passes, outcome, &reconcile::PassReport::outcome) != passes.end();
  };
  if (!errors.empty() || any(reconcile::Outcome::Failed)) return kError;
  if (any(reconcile::Outcome::NeedsApproval)) return kNeedsPerson;
  if (any(reconcile::Outcome::Pending)) return kChangesPending;
  return kOk;
}

}  // namespace splitdelivery::cli
