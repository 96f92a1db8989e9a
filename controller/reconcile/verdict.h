#pragma once

#include <string>

#include "api/condition.h"
#include "api/enums.h"
#include "reconcile/findings.h"

namespace splitdelivery::reconcile {

/// The Ready condition of a pass, and whether a retry can help.
struct Verdict {
  api::ConditionStatus ready = api::ConditionStatus::Unknown;
  std::string reason;
  std::string message;
  bool stalled = false;      ///< no retry helps
  bool reconciling = false;  ///< we go on trying

  friend bool operator==(const Verdict&, const Verdict&) = default;
};

/// Of everything that is wrong, the first of: stalled or unreachable, failed, no addresses, no way
/// to Zoho, held, vanished, pending, conflicts, observed, policy, partial. A resource that is leaving has no
/// more than the first two, and what is still to be deleted.
[[nodiscard]] Verdict judge(const api::SplitDeliveryDomain& resource, const Findings& findings);

/// How exactly the held changes of this plan are approved: a whole sentence without its stop.
[[nodiscard]] std::string approvalAdvice(const api::SplitDeliveryDomain& resource, const std::string& plan);

/// Why changes wait, and how they are approved; empty when nothing is held.
[[nodiscard]] std::string heldMessage(const api::SplitDeliveryDomain& resource, const plan::Plan& plan);

/// How a pass came out, for exit codes and the last line on a terminal.
enum class Outcome { InSync, Pending, NeedsApproval, Failed };

[[nodiscard]] Outcome outcomeOf(const api::SplitDeliveryDomain& resource, const Findings& findings);

}  // namespace splitdelivery::reconcile

template <>
inline constexpr auto splitdelivery::api::kChoices<splitdelivery::reconcile::Outcome> =
    std::to_array<splitdelivery::api::Choice<splitdelivery::reconcile::Outcome>>({
        {splitdelivery::reconcile::Outcome::InSync, "InSync"},
        {splitdelivery::reconcile::Outcome::Pending, "Pending"},
        {splitdelivery::reconcile::Outcome::NeedsApproval, "NeedsApproval"},
        {splitdelivery::reconcile::Outcome::Failed, "Failed"},
    });
