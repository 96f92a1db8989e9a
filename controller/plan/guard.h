#pragma once

#include <cstdint>
#include <vector>

#include "api/address_book.h"
#include "api/resource.h"
#include "plan/plan.h"

namespace splitdelivery::plan {

/// The window of S5.
inline constexpr std::chrono::hours kGuardWindow{24};

/// How many updates and deletes 24 hours may see: percent of the highest number managed in that
/// time, rounded up and at least 1; 0 and 0% allow none.
[[nodiscard]] std::uint32_t allowedChanges(const api::MaxDeletions& limit, const api::Ledger& ledger,
                                           base::WallTime now);

/// How many they have seen. What lies in the future (a clock that jumped back) counts.
[[nodiscard]] std::uint32_t usedChanges(const api::Ledger& ledger, base::WallTime now);

/// Brings what lies in the future, since the clock was put back, to `now`: it counts for a day from now
/// on, and not for as long as the clock was ahead.
void bringBack(api::Ledger& ledger, base::WallTime now);

/// Counts updates and deletes that nobody approved.
void recordChanges(api::Ledger& ledger, base::WallTime now, std::uint32_t count);

/// Takes back what was recorded ahead of a write that had no effect; the latest first.
void retractChanges(api::Ledger& ledger, std::uint32_t count);

/// Notes how many are managed now, and forgets what the window no longer needs.
void recordManaged(api::Ledger& ledger, base::WallTime now, std::uint32_t count);

/// What the guard has to know about the listing.
struct GuardInputs {
  const api::Spec& spec;
  const std::string& approvedPlan;
  bool accountsStagnate = false;
  bool groupsStagnate = false;
  base::WallTime now;
};

/// Whether `approvals`, ids of plans with commas between them, has this one.
[[nodiscard]] bool approves(std::string_view approvals, std::string_view id);

/// Moves from `plan.updates` and `plan.deletes` to `plan.held` what waits for a person, and uses the
/// approval up when it names exactly that (S5).
void guard(Plan& plan, const GuardInputs& inputs);

}  // namespace splitdelivery::plan
