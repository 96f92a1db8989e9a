#include "plan/plan.h"

#include <algorithm>
#include <utility>

#include "plan/desired.h"
#include "plan/guard.h"
#include "plan/settle.h"

namespace splitdelivery::plan {
namespace {

using api::LedgerEntry;

/// Everything that is known about one local part.
struct Row {
  std::string_view local;
  const Candidate* wanted = nullptr;
  const Candidate* released = nullptr;
  const Candidate* invalid = nullptr;
  const api::Forwarder* present = nullptr;
  LedgerEntry* entry = nullptr;  ///< after settling: the ledger records exactly `present`
  LedgerEntry* lost = nullptr;   ///< ours, and the listing lacks it
  bool begun = false;            ///< a change or delete of `entry` was begun before
  bool mailbox = false;
};

/// Walks the sorted lists side by side and decides row by row.
class Planner {
 public:
  explicit Planner(Inputs inputs)
      : in_(std::move(inputs)),
        desired_(desiredSet(in_.spec.addresses, in_.zoho)),
        ours_(std::move(in_.ledger.entries)) {
    plan_.listed = desired_.listed;
    plan_.ledger = std::move(in_.ledger);
    plan_.ledger.entries.clear();
    // S16: what we made for another server, user or organisation is not ours here.
    if (plan_.ledger.identity && *plan_.ledger.identity != in_.identity) ours_.clear();
    plan_.ledger.identity = in_.identity;
    plan_.ledger.entries.reserve(ours_.size());
  }

  Plan run() {
    plan_.vanished = countVanished(ours_, &desired_, in_.present);
    walk();
    plan_.counts.desired = static_cast<std::uint32_t>(desired_.wanted.size() + desired_.invalid.size());
    plan_.counts.conflicts = static_cast<std::uint32_t>(plan_.conflicts.size());
    recordManaged(plan_.ledger, in_.now, plan_.counts.managed);
    guard(plan_, {.spec = in_.spec,
                  .approvedPlan = in_.approvedPlan,
                  .accountsStagnate = in_.accounts == api::Completeness::Stagnant,
                  .groupsStagnate = in_.groups == api::Completeness::Stagnant,
                  .now = in_.now});
    return std::move(plan_);
  }

 private:
  template <class T>
  struct Cursor {
    const T* at;
    const T* end;
    explicit Cursor(const std::vector<T>& list) : at(list.data()), end(list.data() + list.size()) {}
  };
  static std::string_view localOf(const Candidate& candidate) { return candidate.local; }
  static std::string_view localOf(const api::Forwarder& forwarder) { return forwarder.local; }
  static std::string_view localOf(const LedgerEntry& entry) { return entry.local; }

  void walk();
  void decide(Row row);
  void decideWanted(const Row& row);
  void decideGone(const Row& row);
  void keep(LedgerEntry* entry) { plan_.ledger.entries.push_back(std::move(*entry)); }
  void put(Operation operation);
  void putCreate(Operation create, LedgerEntry* lost);
  void conflict(const Row& row, ConflictReason reason) {
    plan_.conflicts.push_back(
        {std::string(row.local), reason, row.present != nullptr ? row.present->destinations : api::Destinations{}});
    if (row.entry != nullptr) {
      ++plan_.counts.managed;
      row.entry->approved.clear();
      keep(row.entry);
    }
  }
  [[nodiscard]] api::Destinations target(std::string_view local) const {
    return {std::string(local) + "@" + in_.spec.routingHost};
  }
  [[nodiscard]] bool isTarget(const std::string& destination, std::string_view local) const {
    const std::string& host = in_.spec.routingHost;
    return destination.size() == local.size() + 1 + host.size() && destination.starts_with(local) &&
           destination[local.size()] == '@' && destination.ends_with(host);
  }
  [[nodiscard]] bool onRoutingHost(const api::Destinations& destinations) const {
    return std::ranges::any_of(destinations, [&](const std::string& destination) {
      const auto at = destination.rfind('@');
      return at != std::string::npos && std::string_view(destination).substr(at + 1) == in_.spec.routingHost;
    });
  }
  [[nodiscard]] bool anyPartFailed() const {
    return in_.accounts == api::Completeness::Failed || in_.groups == api::Completeness::Failed ||
           in_.domains != api::Completeness::Complete;
  }
  /// S1: whether the listing proves that an address of these kinds is gone.
  [[nodiscard]] bool provesGone(api::Kinds kinds) const {
    const bool fromAccounts = kinds.empty() || kinds.any(api::kAccountKinds);
    const bool fromGroups = kinds.empty() || kinds.any(api::kGroupKinds);
    return !anyPartFailed() && !(fromAccounts && in_.accounts != api::Completeness::Complete) &&
           !(fromGroups && in_.groups != api::Completeness::Complete);
  }

  Inputs in_;
  DesiredSet desired_;
  std::vector<LedgerEntry> ours_;
  Plan plan_;
};

void Planner::walk() {
  Cursor wanted(desired_.wanted);
  Cursor released(desired_.released);
  Cursor invalid(desired_.invalid);
  Cursor present(in_.present);
  Cursor entries(ours_);
  static const std::vector<std::string> kNone;
  const auto& boxes = in_.mailboxes != nullptr ? *in_.mailboxes : kNone;
  auto box = boxes.begin();

  const auto earliest = [](std::string_view& least, bool& any, const auto& cursor) {
    if (cursor.at == cursor.end) return;
    const std::string_view local = localOf(*cursor.at);
    if (!any || local < least) least = local;
    any = true;
  };
  const auto take = [](auto& cursor, std::string_view local) {
    return cursor.at != cursor.end && localOf(*cursor.at) == local ? cursor.at++ : nullptr;
  };
  for (;;) {
    Row row;
    bool any = false;
    earliest(row.local, any, wanted);
    earliest(row.local, any, released);
    earliest(row.local, any, invalid);
    earliest(row.local, any, present);
    earliest(row.local, any, entries);
    if (!any) return;
    row.wanted = take(wanted, row.local);
    row.released = take(released, row.local);
    row.invalid = take(invalid, row.local);
    row.present = take(present, row.local);
    if (const LedgerEntry* entry = take(entries, row.local))
      row.entry = &ours_[static_cast<std::size_t>(entry - ours_.data())];
    while (box != boxes.end() && *box < row.local) ++box;
    row.mailbox = box != boxes.end() && *box == row.local;
    decide(row);
  }
}

void Planner::decide(Row row) {
  if (row.entry != nullptr && row.present == nullptr) {
    row.lost = std::exchange(row.entry, nullptr);
    const bool stood =
        row.lost->state == LedgerEntry::State::Managed || row.lost->state == LedgerEntry::State::Updating;
    if (!stood) row.lost = nullptr;  // never made, or deleted as it should be
  }
  if (row.entry != nullptr) {
    const Settled settled = settle(*row.entry, *row.present);
    row.begun = settled == Settled::OursBegun;
    if (settled == Settled::NotOurs) row.entry = nullptr;
  }
  if (row.lost != nullptr && row.wanted == nullptr && plan_.vanished > 0) return keep(row.lost);
  if (row.invalid != nullptr) return conflict(row, ConflictReason::InvalidAddress);
  if (row.wanted != nullptr) return decideWanted(row);
  if (row.entry == nullptr) {
    if (row.present != nullptr && onRoutingHost(row.present->destinations)) ++plan_.counts.unmanaged;
    return;
  }
  if (row.released != nullptr) {
    ++plan_.released;
    ++plan_.counts.unmanaged;
    row.entry->approved.clear();
    return keep(row.entry);
  }
  decideGone(row);
}

void Planner::decideWanted(const Row& row) {
  const bool split = in_.spec.delivery == api::Delivery::Split;
  if (row.entry != nullptr) row.entry->kinds = row.wanted->kinds;
  if (split && row.mailbox) return conflict(row, ConflictReason::MailboxExists);
  if (!split && in_.mailboxes != nullptr && !row.mailbox) plan_.mailboxMissing.emplace_back(row.local);

  if (row.present == nullptr) {
    Operation create{.kind = OpKind::Create,
                     .local = std::string(row.local),
                     .wanted = target(row.local),
                     .kinds = row.wanted->kinds};
    if (split && in_.mailboxes == nullptr) {
      plan_.left.push_back({std::move(create), LeftBecause::MailboxesUnknown});
      return;
    }
    return putCreate(std::move(create), row.lost);
  }
  const api::Destinations& destinations = row.present->destinations;
  const bool ours = std::ranges::any_of(destinations, [&](const auto& to) { return isTarget(to, row.local); });
  if (ours && destinations.size() == 1) {
    ++plan_.counts.inSync;
    if (row.entry == nullptr && !in_.adopt) {
      ++plan_.counts.found;
      return;
    }
    ++plan_.counts.managed;
    if (row.entry != nullptr) {
      row.entry->approved.clear();
      return keep(row.entry);
    }
    plan_.ledger.entries.push_back(
        {.local = std::string(row.local), .destinations = destinations, .kinds = row.wanted->kinds});
    return;
  }
  if (row.entry == nullptr)
    return conflict(row, ours ? ConflictReason::SharedDestination : ConflictReason::DifferentDestination);
  ++plan_.counts.managed;
  put({.kind = OpKind::Update,
       .local = std::string(row.local),
       .present = destinations,
       .wanted = target(row.local),
       .name = row.present->name,
       .kinds = row.wanted->kinds,
       .counted = row.begun});
  keep(row.entry);
}

/// What is made again stays ours: a listing that lacked it for a moment takes nothing from us.
void Planner::putCreate(Operation create, LedgerEntry* lost) {
  if (plan_.vanished > 0 && lost == nullptr) {
    plan_.left.push_back({std::move(create), LeftBecause::ForwardersVanished});
    return;
  }
  const auto before = plan_.creates.size();
  put(std::move(create));
  if (lost == nullptr) return;
  const bool made = plan_.creates.size() > before;
  if (made && lost->destinations != plan_.creates.back().wanted) {
    lost->state = LedgerEntry::State::Updating;
    lost->previous = std::exchange(lost->destinations, plan_.creates.back().wanted);
  }
  if (made || plan_.vanished > 0 || !in_.routingReady) keep(lost);
}

void Planner::decideGone(const Row& row) {
  if (row.entry->kinds == api::Kinds(api::Kind::Extra)) {
    if (onRoutingHost(row.present->destinations)) ++plan_.counts.unmanaged;
    return;
  }
  ++plan_.counts.managed;
  Operation remove{.kind = OpKind::Delete,
                   .local = std::string(row.local),
                   .present = row.present->destinations,
                   .name = row.present->name,
                   .kinds = row.entry->kinds,
                   .counted = row.begun};
  if (provesGone(row.entry->kinds)) {
    put(std::move(remove));
  } else {
    plan_.left.push_back({std::move(remove), LeftBecause::ListingIncomplete});
  }
  keep(row.entry);
}

void Planner::put(Operation operation) {
  const api::Policy policy = in_.spec.policy;
  if (operation.kind != OpKind::Delete && !(in_.domainListed && in_.routingReady)) {
    const auto why = in_.domainListed ? LeftBecause::RoutingNotReady : LeftBecause::DomainNotListed;
    plan_.left.push_back({std::move(operation), why});
    return;
  }
  if (policy == api::Policy::Observe) {
    plan_.left.push_back({std::move(operation), LeftBecause::Observed});
    return;
  }
  const bool allowed = operation.kind == OpKind::Create || policy == api::Policy::Sync ||
                       (operation.kind == OpKind::Update && policy == api::Policy::UpsertOnly);
  if (!allowed) {
    plan_.left.push_back({std::move(operation), LeftBecause::PolicyForbids});
    return;
  }
  auto& list = operation.kind == OpKind::Create   ? plan_.creates
               : operation.kind == OpKind::Update ? plan_.updates
                                                  : plan_.deletes;
  list.push_back(std::move(operation));
}

}  // namespace

Plan makePlan(Inputs inputs) {
  bringBack(inputs.ledger, inputs.now);
  return Planner(std::move(inputs)).run();
}

}  // namespace splitdelivery::plan
