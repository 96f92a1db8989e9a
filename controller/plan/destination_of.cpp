#include "plan/destination_of.h"

#include <algorithm>
#include <span>

#include "api/find_local.h"
#include "plan/desired.h"

namespace splitdelivery::plan {
namespace {

bool contains(const std::vector<std::string>& sorted, const std::string& local) {
  return std::ranges::binary_search(sorted, local);
}

/// As far as a resource tells whose forwarders they are: the user name lies in a Secret.
bool isOurs(const api::Spec& spec, const api::Ledger& ledger, const api::LedgerEntry* entry,
            const api::Destinations& present) {
  if (entry == nullptr || !ledger.identity) return false;
  const api::Identity& made = *ledger.identity;
  const bool sameIdentity = made.domain == spec.domain && made.host == spec.directAdmin.server &&
                            made.organization == spec.zoho.organizationId;
  using State = api::LedgerEntry::State;
  const bool recorded =
      present == entry->destinations || (entry->state == State::Updating && present == entry->previous);
  return sameIdentity && recorded;
}

class Answer {
 public:
  Answer(const api::Spec& spec, const api::AddressBook& book, const std::string& local)
      : spec_(spec), book_(book), local_(local) {
    const auto& zoho = book.directory.zoho;
    const auto place =
        std::ranges::lower_bound(zoho, local, std::ranges::less{},
                                 [](const api::ZohoAddress& each) -> const auto& { return each.address.local; });
    if (place != zoho.end() && place->address.local == local) zoho_ = std::span(&*place, 1);
    forwarder_ = api::findLocal(book.directory.forwarders, local);
  }

  DestinationOf give() {
    if (book_.directory.verifiedAt == base::WallTime{}) return out_;
    const DesiredSet set = desiredSet(spec_.addresses, zoho_);
    wanted_ = api::findLocal(set.wanted, local_) != nullptr || api::findLocal(set.invalid, local_) != nullptr;
    released_ = api::findLocal(set.released, local_) != nullptr;
    facts();
    out_.owner = owner();
    out_.server = server();
    out_.standing = standing();
    return std::move(out_);
  }

 private:
  void facts() {
    const api::Directory& seen = book_.directory;
    if (!zoho_.empty()) {
      out_.atZoho = zoho_.front().kinds;
      out_.blocked = zoho_.front().blocked;
    }
    out_.listingProves = seen.accounts == api::Completeness::Complete && seen.groups == api::Completeness::Complete;
    out_.extra = contains(spec_.addresses.extra, local_);
    if (seen.mailboxesKnown) out_.mailbox = contains(seen.mailboxes, local_);
    if (forwarder_ != nullptr) out_.present = forwarder_->destinations;
    out_.leadsToZoho = out_.present == api::Destinations{local_ + "@" + spec_.routingHost};
    out_.line = planLineOf(book_.plan, local_ + "@" + spec_.domain).text;
  }
  [[nodiscard]] bool onRoutingHost() const {
    return std::ranges::any_of(out_.present,
                               [&](const std::string& to) { return to.ends_with("@" + spec_.routingHost); });
  }
  [[nodiscard]] Owner owner() const {
    if (forwarder_ == nullptr) return Owner::Nobody;
    if (isOurs(spec_, book_.ledger, api::findLocal(book_.ledger.entries, local_), out_.present)) return Owner::Ours;
    if (wanted_ && out_.leadsToZoho) return Owner::Found;
    return onRoutingHost() && !wanted_ ? Owner::Unmanaged : Owner::SomebodyElse;
  }
  [[nodiscard]] ServerDoes server() const {
    if (forwarder_ != nullptr)
      return out_.mailbox.value_or(false) ? ServerDoes::ForwardsAndKeeps : ServerDoes::Forwards;
    if (!out_.mailbox) return ServerDoes::NotKnown;
    return *out_.mailbox ? ServerDoes::Delivers : ServerDoes::NoRule;
  }
  [[nodiscard]] Standing standing() const {
    const PlanLine line = readPlanLine(out_.line);
    if (line.held) return Standing::Held;
    if (line.about == PlanLine::About::Conflict) return Standing::Conflict;
    if (line.about == PlanLine::About::Operation) return line.left ? Standing::LeftAlone : Standing::Pending;
    if (wanted_ && out_.leadsToZoho) return out_.owner == Owner::Ours ? Standing::InSync : Standing::Found;
    if (wanted_) return Standing::Moved;
    if (released_) return whyReleased();
    if (out_.owner == Owner::Ours) return Standing::Moved;
    if (out_.owner == Owner::Unmanaged) return Standing::Unmanaged;
    if (forwarder_ != nullptr) return Standing::SomebodyElses;
    return out_.mailbox.value_or(false) ? Standing::MailboxOnly : Standing::Nobody;
  }
  /// In the order in which a person would have to undo them.
  [[nodiscard]] Standing whyReleased() const {
    const api::AddressesSpec& filters = spec_.addresses;
    if (contains(filters.exclude, local_)) return Standing::Excluded;
    if (!filters.only.empty() && !contains(filters.only, local_)) return Standing::NotInOnly;
    const bool dropped = out_.blocked && filters.blocked == api::BlockedUsers::Drop;
    return dropped ? Standing::Blocked : Standing::KindSwitchedOff;
  }

  const api::Spec& spec_;
  const api::AddressBook& book_;
  const std::string& local_;
  std::span<const api::ZohoAddress> zoho_{};
  const api::Forwarder* forwarder_ = nullptr;
  bool wanted_ = false;
  bool released_ = false;
  DestinationOf out_;
};

}  // namespace

DestinationOf destinationOf(const api::Spec& spec, const api::AddressBook& book, const std::string& local) {
  return Answer(spec, book, local).give();
}

}  // namespace splitdelivery::plan
