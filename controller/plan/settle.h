#pragma once

#include <cstdint>
#include <vector>

#include "api/address_book.h"
#include "plan/desired.h"

namespace splitdelivery::plan {

/// What a fresh listing says about an entry whose forwarder it shows (S2).
enum class Settled : std::uint8_t {
  Ours,       ///< it shows exactly a recorded set: managed
  OursBegun,  ///< the same, but a change or delete was begun and has not come: it is counted already
  NotOurs,    ///< somebody else owns it now
};

/// Settles `entry`: afterwards it is Managed with exactly the present destinations, or not ours.
[[nodiscard]] Settled settle(api::LedgerEntry& entry, const api::Forwarder& present);

/// How many wanted forwarders of ours the listing lacks, when that is more than a quarter of what is
/// ours and two at least: such a listing may be wrong. Else 0. `desired`: nullptr for all of them.
[[nodiscard]] std::uint32_t countVanished(const std::vector<api::LedgerEntry>& entries, const DesiredSet* desired,
                                          const api::Forwarders& present);

}  // namespace splitdelivery::plan
