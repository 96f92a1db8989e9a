#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/directory.h"
#include "api/forwarder.h"

namespace splitdelivery::api {

/// Whose forwarders a ledger speaks of (S16). A ledger of another identity owns nothing here.
struct Identity {
  std::string provider;      ///< "directadmin"
  std::string host;          ///< as in the spec, canonical: scheme://host:port
  std::string user;          ///< the effective user: the part behind '|' of "admin|user"
  std::string domain;        ///< canonical
  std::string organization;  ///< Zoho's organisation id

  friend bool operator==(const Identity&, const Identity&) = default;
};

/// Whether both speak of one domain of one mail server account, whatever organisation it was mirrored from.
[[nodiscard]] inline bool isSameAccount(const Identity& a, const Identity& b) {
  return a.provider == b.provider && a.host == b.host && a.user == b.user && a.domain == b.domain;
}

/// One forwarder that we made (or adopted) and may therefore change or delete.
///
/// A forwarder that was right when we came has no entry: that is what `found` means.
struct LedgerEntry {
  enum class State : std::uint8_t {
    Creating,  ///< written before the POST; not yet seen in a listing
    Managed,   ///< seen with exactly `destinations`
    Updating,  ///< written before a change from `previous` to `destinations`
    Deleting,  ///< written before a delete
  };

  std::string local;  ///< canonical
  State state = State::Managed;
  Destinations destinations;
  Destinations previous{};  ///< Updating only
  Kinds kinds{};            ///< what the address was when it was last wanted
  /// The digest of the one operation on this entry that a person has approved (S5); empty: none.
  std::string approved{};

  friend bool operator==(const LedgerEntry&, const LedgerEntry&) = default;
};

/// Something counted at a time, for S5's rolling 24 hours.
struct Tally {
  base::WallTime at{};
  std::uint32_t count = 0;

  friend bool operator==(const Tally&, const Tally&) = default;
};

/// What we made. Pure data: `plan/` decides on it, `source/` keeps it.
struct Ledger {
  std::optional<Identity> identity{};  ///< none before the first write
  std::vector<LedgerEntry> entries{};  ///< sorted by local part, each once
  std::vector<Tally> changes{};        ///< updates and deletes that nobody approved, in order of time
  std::vector<Tally> managed{};        ///< the number of managed entries whenever it changed, in order of time
  std::uint32_t approvalsUsed = 0;

  friend bool operator==(const Ledger&, const Ledger&) = default;
};

/// A snapshot of the last pass that listed everything: the gateway's input.
struct Directory {
  std::vector<ZohoAddress> zoho{};
  Completeness accounts = Completeness::Failed;
  Completeness groups = Completeness::Failed;
  Completeness domains = Completeness::Failed;
  base::WallTime verifiedAt{};
  std::vector<std::string> mailboxes{};  ///< local parts, sorted
  bool mailboxesKnown = false;
  Forwarders forwarders{};

  friend bool operator==(const Directory&, const Directory&) = default;
};

/// What DNS last said for certain about a routing host (S13): an answer that does not come keeps this one.
struct RoutingRecord {
  std::string routingHost{};      ///< empty: nothing was ever seen
  bool exists = false;            ///< the name exists
  std::vector<std::string> mx{};  ///< its MX hosts, in order of preference; canonical
  base::WallTime seenAt{};

  friend bool operator==(const RoutingRecord&, const RoutingRecord&) = default;
};

/// What the local-delivery switch was before we turned it on (S17), at the account of the ledger's identity; none: we
/// did not.
struct SwitchRecord {
  bool before = false;
  base::WallTime turnedAt{};

  friend bool operator==(const SwitchRecord&, const SwitchRecord&) = default;
};

/// Our record for one resource, written by nobody else.
struct AddressBook {
  Ledger ledger{};
  Directory directory{};
  std::vector<std::string> plan{};  ///< the last plan in full, a line each as `plan` prints it
  RoutingRecord routing{};
  std::optional<SwitchRecord> localDelivery{};

  friend bool operator==(const AddressBook&, const AddressBook&) = default;
};

}  // namespace splitdelivery::api
