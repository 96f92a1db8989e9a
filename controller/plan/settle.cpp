#include "plan/settle.h"

#include <algorithm>
#include <utility>

namespace splitdelivery::plan {
namespace {

using api::LedgerEntry;
using State = LedgerEntry::State;

constexpr std::uint32_t kVanishedShare = 4;
constexpr std::uint32_t kVanishedLeast = 2;

}  // namespace

Settled settle(LedgerEntry& entry, const api::Forwarder& present) {
  const State state = std::exchange(entry.state, State::Managed);
  if (present.destinations == entry.destinations) {
    entry.previous.clear();
    return state == State::Deleting ? Settled::OursBegun : Settled::Ours;
  }
  if (state != State::Updating || present.destinations != entry.previous) return Settled::NotOurs;
  entry.destinations = std::exchange(entry.previous, {});
  return Settled::OursBegun;
}

std::uint32_t countVanished(const std::vector<LedgerEntry>& entries, const DesiredSet* desired,
                            const api::Forwarders& present) {
  std::uint32_t known = 0;
  std::uint32_t lacking = 0;
  auto stands = present.begin();
  for (const LedgerEntry& entry : entries) {
    if (entry.state != State::Managed && entry.state != State::Updating) continue;
    ++known;
    while (stands != present.end() && stands->local < entry.local) ++stands;
    if (stands != present.end() && stands->local == entry.local) continue;
    if (desired == nullptr || std::ranges::binary_search(desired->wanted, entry.local, {}, &Candidate::local)) {
      ++lacking;
    }
  }
  return lacking >= kVanishedLeast && lacking * kVanishedShare > known ? lacking : 0;
}

}  // namespace splitdelivery::plan
