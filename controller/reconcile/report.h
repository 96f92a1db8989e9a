#pragma once

#include <string>
#include <vector>

#include "api/resource.h"
#include "reconcile/findings.h"

namespace splitdelivery::reconcile {

/// The status of a resource after a pass. Pure: the same findings give the same status. What this
/// pass could not see stays as `previous` had it.
[[nodiscard]] api::Status makeStatus(const api::SplitDeliveryDomain& resource, api::Status previous,
                                     const Findings& findings, base::WallTime now);

/// Whether `next` is worth a write: anything but `lastSyncTime` differs, or that is ten minutes old. Not of a pass that
/// was ended before it changed anything.
[[nodiscard]] bool worthWriting(const api::Status& previous, const api::Status& next);

/// What else a person should know, a sentence each: things that hold up nothing.
[[nodiscard]] std::vector<std::string> notes(const api::SplitDeliveryDomain& resource, const Findings& findings,
                                             Mode mode);

}  // namespace splitdelivery::reconcile
