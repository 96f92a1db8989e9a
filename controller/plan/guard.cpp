#include "plan/guard.h"

#include <algorithm>
#include <iterator>

#include "api/find_local.h"
#include "base/digest.h"
#include "base/text.h"

namespace splitdelivery::plan {
namespace {

using Operations = std::vector<Operation>;

/// Marks what a person has approved before, and forgets approvals of operations that have changed.
void recallApprovals(Operations& operations, api::Ledger& ledger) {
  for (Operation& operation : operations) {
    api::LedgerEntry* entry = api::findLocal(ledger.entries, operation.local);
    if (entry == nullptr || entry->approved.empty()) continue;
    operation.approved = entry->approved == operationDigest(operation);
    if (!operation.approved) entry->approved.clear();
  }
}

std::uint32_t counting(const Operations& operations) {
  return static_cast<std::uint32_t>(std::ranges::count_if(operations, &Operation::countsForGuard));
}

bool allApproved(const Operations& operations) {
  return std::ranges::all_of(operations, &Operation::approved);
}

/// Whether a delete is safe only as far as the parts go that did not list it (S1).
bool waitsForOtherParts(const Operation& operation, const GuardInputs& inputs) {
  return operation.kind == OpKind::Delete && (inputs.accountsStagnate || inputs.groupsStagnate);
}

HeldBecause reasonToHoldAll(Plan& plan, const GuardInputs& inputs) {
  if (allApproved(plan.updates) && allApproved(plan.deletes)) return HeldBecause::Nothing;
  const std::uint32_t count = counting(plan.updates) + counting(plan.deletes);
  plan.allowed = allowedChanges(inputs.spec.maxDeletions, plan.ledger, inputs.now);
  plan.used = usedChanges(plan.ledger, inputs.now);
  if (plan.listed == 0) return HeldBecause::DomainEmptied;
  if (inputs.spec.approval == api::Approval::Manual) return HeldBecause::ManualApproval;
  if (count > 0 && std::uint64_t{plan.used} + count > plan.allowed) return HeldBecause::TooMany;
  return HeldBecause::Nothing;
}

/// Keeps the order on both sides.
template <class Predicate>
void moveUnapproved(Operations& from, Operations& to, Predicate which) {
  const auto stays = [&](const Operation& operation) { return operation.approved || !which(operation); };
  const auto firstHeld = std::stable_partition(from.begin(), from.end(), stays);
  std::move(firstHeld, from.end(), std::back_inserter(to));
  from.erase(firstHeld, from.end());
}

std::string planId(const Plan& plan) {
  const api::Identity& who = plan.ledger.identity.value();
  base::Digest digest;
  digest.add(who.provider).add(who.host).add(who.user).add(who.domain).add(who.organization);
  digest.add(std::to_string(plan.ledger.approvalsUsed));
  for (const Operation& operation : plan.held) addTo(digest, operation);
  return digest.hex().substr(0, 16);
}

/// The approval names exactly what is held: each entry remembers its operation, and all go ahead.
void approve(Plan& plan) {
  ++plan.ledger.approvalsUsed;
  for (Operation& operation : plan.held) {
    operation.approved = true;
    if (api::LedgerEntry* entry = api::findLocal(plan.ledger.entries, operation.local))
      entry->approved = operationDigest(operation);
    (operation.kind == OpKind::Update ? plan.updates : plan.deletes).push_back(std::move(operation));
  }
  plan.held.clear();
  plan.heldBecause = HeldBecause::Nothing;
  plan.id.clear();
  std::ranges::sort(plan.updates, {}, &Operation::local);
  std::ranges::sort(plan.deletes, {}, &Operation::local);
}

}  // namespace

std::uint32_t allowedChanges(const api::MaxDeletions& limit, const api::Ledger& ledger, base::WallTime now) {
  if (limit.amount == 0 || !limit.percent) return limit.amount;
  std::uint32_t highest = 0;
  for (auto tally = ledger.managed.begin(); tally != ledger.managed.end(); ++tally) {
    // A number holds until the next one: the last before the window is the window's first.
    const auto next = std::next(tally);
    const bool inWindow = next == ledger.managed.end() || next->at > now - kGuardWindow;
    if (inWindow) highest = std::max(highest, tally->count);
  }
  const auto share = (std::uint64_t{highest} * limit.amount + 99) / 100;
  return static_cast<std::uint32_t>(std::max<std::uint64_t>(share, 1));
}

std::uint32_t usedChanges(const api::Ledger& ledger, base::WallTime now) {
  std::uint32_t used = 0;
  for (const api::Tally& tally : ledger.changes) {
    if (tally.at > now - kGuardWindow) used += tally.count;
  }
  return used;
}

void bringBack(api::Ledger& ledger, base::WallTime now) {
  for (auto* tallies : {&ledger.changes, &ledger.managed}) {
    for (api::Tally& tally : *tallies) tally.at = std::min(tally.at, now);
  }
}

void recordChanges(api::Ledger& ledger, base::WallTime now, std::uint32_t count) {
  std::erase_if(ledger.changes, [&](const api::Tally& tally) { return tally.at <= now - kGuardWindow; });
  if (count > 0) ledger.changes.push_back({now, count});
}

void retractChanges(api::Ledger& ledger, std::uint32_t count) {
  while (count > 0 && !ledger.changes.empty()) {
    api::Tally& latest = ledger.changes.back();
    const std::uint32_t taken = std::min(latest.count, count);
    latest.count -= taken;
    count -= taken;
    if (latest.count == 0) ledger.changes.pop_back();
  }
}

void recordManaged(api::Ledger& ledger, base::WallTime now, std::uint32_t count) {
  auto& tallies = ledger.managed;
  if (tallies.empty() || tallies.back().count != count) tallies.push_back({now, count});
  const auto outdated = [&](std::size_t i) {
    return i + 1 < tallies.size() && tallies[i + 1].at <= now - kGuardWindow;
  };
  std::size_t drop = 0;
  while (outdated(drop)) ++drop;
  tallies.erase(tallies.begin(), tallies.begin() + static_cast<std::ptrdiff_t>(drop));
}

bool approves(std::string_view approvals, std::string_view id) {
  while (!approvals.empty()) {
    const auto comma = std::min(approvals.find(','), approvals.size());
    const std::string_view each = base::trimmed(approvals.substr(0, comma), " ");
    if (!each.empty() && each == id) return true;
    approvals.remove_prefix(std::min(comma + 1, approvals.size()));
  }
  return false;
}

void guard(Plan& plan, const GuardInputs& inputs) {
  const bool approvals =
      std::ranges::any_of(plan.ledger.entries, [](const api::LedgerEntry& entry) { return !entry.approved.empty(); });
  if (approvals) {
    recallApprovals(plan.updates, plan.ledger);
    recallApprovals(plan.deletes, plan.ledger);
  }
  plan.heldBecause = reasonToHoldAll(plan, inputs);
  const bool all = plan.heldBecause != HeldBecause::Nothing;
  const auto holds = [&](const Operation& operation) { return all || waitsForOtherParts(operation, inputs); };
  moveUnapproved(plan.updates, plan.held, holds);
  const auto heldUpdates = static_cast<std::ptrdiff_t>(plan.held.size());
  moveUnapproved(plan.deletes, plan.held, holds);
  if (plan.held.empty()) return;
  std::ranges::inplace_merge(plan.held, plan.held.begin() + heldUpdates, {}, &Operation::local);
  if (!all) plan.heldBecause = HeldBecause::OthersStagnate;
  plan.id = planId(plan);
  if (approves(inputs.approvedPlan, plan.id)) approve(plan);
}

}  // namespace splitdelivery::plan
