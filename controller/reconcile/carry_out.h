#pragma once

#include <functional>

#include "reconcile/pass.h"

namespace splitdelivery::reconcile {

/// Makes the plan anew: of a ledger, and of what the pass has seen by now.
using Replan = std::function<plan::Plan(api::Ledger)>;

/// Carries out `pass.findings.plan`, lists the forwarders again, and judges by that listing what took
/// effect. Leaves in the pass the changes, the failures, the plan of what is still to do, and the
/// ledger that is to be stored. `services`, `pass` and whatever `replan` refers to outlive the task.
base::Task<base::Done> carryOut(const Services& services, Pass& pass, Replan replan);

}  // namespace splitdelivery::reconcile
