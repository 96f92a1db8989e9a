#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "reconcile/pass.h"
#include "reconcile/reconciler.h"

namespace splitdelivery::reconcile {

/// How long a deletion waits for a server that cannot be reached, and for a Secret that is gone (S14).
inline constexpr std::chrono::hours kWaitForServer{1};
inline constexpr std::chrono::minutes kWaitForSecret{5};

/// That a deleted resource may go now.
struct Parting {
  std::size_t left = 0;  ///< forwarders of ours that stay on the mail server, as far as is known
  std::string because;   ///< why something may stay; empty: nothing of ours is left
  bool gaveUp = false;   ///< it should have been deleted, and what kept us from it has lasted too long
};

/// Whether a resource that a person has deleted may go after this pass: when nothing of ours is left outside or it is
/// to be retained, or when what keeps us from deleting it has lasted too long. The finalizer always goes.
[[nodiscard]] std::optional<Parting> partingOf(const Pass& pass, base::WallTime now);

/// Lets it go; what stays is logged. False: it could not be let go, and counts as failed in the report.
base::Task<bool> letGo(source::Finalizers& finalizers, Parting parting, PassReport& report);

}  // namespace splitdelivery::reconcile
