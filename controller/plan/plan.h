#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/address_book.h"
#include "api/resource.h"
#include "plan/operation.h"

namespace splitdelivery::plan {

/// Everything a plan depends on. Nothing else does: no clock, no I/O. The plan of the same inputs is
/// always the same.
struct Inputs {
  const api::Spec& spec;
  bool adopt = false;                         ///< the annotation splitdelivery.dev/adopt
  std::string approvedPlan{};                 ///< the annotation splitdelivery.dev/approved-plan
  api::Identity identity;                     ///< whose forwarders `present` are
  api::Ledger ledger;                         ///< as it was stored
  const std::vector<api::ZohoAddress>& zoho;  ///< of spec.domain, sorted by local part
  api::Completeness accounts = api::Completeness::Failed;
  api::Completeness groups = api::Completeness::Failed;
  api::Completeness domains = api::Completeness::Failed;
  bool routingReady = true;  ///< S13: false: mail to the routing host would not reach Zoho
  bool domainListed = true;  ///< false: the complete list of the organisation's domains lacks spec.domain
  const api::Forwarders& present;
  const std::vector<std::string>* mailboxes = nullptr;  ///< local parts, sorted; nullptr: not known
  base::WallTime now;
};

/// Why a difference is left as it is, with nothing to approve.
enum class LeftBecause : std::uint8_t {
  Observed,            ///< policy Observe changes nothing
  PolicyForbids,       ///< CreateOnly and UpsertOnly
  ListingIncomplete,   ///< S1: Zoho's listing does not prove that the address is gone
  MailboxesUnknown,    ///< S4: under Split nothing is created without the list of mailboxes
  DomainNotListed,     ///< the organisation does not have the domain: its mail would go nowhere
  RoutingNotReady,     ///< S13: what the forwarder passes on would not reach Zoho
  ForwardersVanished,  ///< much of what we made is not listed any more: the listing may hide others' too
};

/// Why changes and deletes wait for a person (S5, S1). The first that applies.
enum class HeldBecause : std::uint8_t {
  Nothing,
  DomainEmptied,   ///< Zoho lists no address of the domain any more
  ManualApproval,  ///< spec.approval: Manual
  TooMany,         ///< more than maxDeletions in 24 hours
  OthersStagnate,  ///< another part of Zoho's listing is not complete
};

enum class ConflictReason : std::uint8_t {
  DifferentDestination,  ///< somebody else's forwarder stands under a wanted address (S3)
  SharedDestination,     ///< ours is one of several destinations (S3)
  MailboxExists,         ///< S4, under Split
  InvalidAddress,        ///< no mail server may be given this name
};

struct Left {
  Operation operation;
  LeftBecause why;

  friend bool operator==(const Left&, const Left&) = default;
};

struct Conflict {
  std::string local;
  ConflictReason reason;
  api::Destinations present{};

  friend bool operator==(const Conflict&, const Conflict&) = default;
};

/// What is to be done, what waits, and the ledger as it stands before any of it is done. Every list
/// is sorted by local part.
struct Plan {
  std::vector<Operation> creates;
  std::vector<Operation> updates;
  std::vector<Operation> deletes;
  std::vector<Operation> held;  ///< updates and deletes that wait for approval
  HeldBecause heldBecause = HeldBecause::Nothing;
  std::uint32_t allowed = 0;  ///< TooMany: how many changes 24 hours may see
  std::uint32_t used = 0;     ///< TooMany: how many they have seen
  std::string id;             ///< of `held`, 16 hexadecimal digits; empty when nothing is held
  std::vector<Left> left;
  std::vector<Conflict> conflicts;
  std::vector<std::string> mailboxMissing;  ///< Dual: no mailbox keeps the copy
  api::ForwarderCounts counts;
  std::uint32_t released = 0;
  std::size_t listed = 0;      ///< addresses that Zoho lists at the domain
  std::uint32_t vanished = 0;  ///< forwarders that we made and the listing lacks, when they are suspiciously many
  /// Settled against `present`, with adoptions, approvals and tallies; to be stored before the first
  /// write when it differs from the one that came in.
  api::Ledger ledger;

  [[nodiscard]] bool writes() const { return !creates.empty() || !updates.empty() || !deletes.empty(); }
};

/// The plan, by this table. `P`: the forwarder's present destinations; `W`: exactly
/// local@routingHost; `ours`: the ledger records exactly P (S2 settles the ledger first: an entry
/// whose forwarder shows none of its recorded sets leaves it); `box`: the server has a mailbox of
/// that name.
///
///   the address is…        P        ours   then
///   ───────────────────────────────────────────────────────────────────────────────────────────
///   wanted, not writable   any      any    conflict InvalidAddress: frozen
///   wanted, Split, box     any      any    conflict MailboxExists: frozen
///   wanted                 none     –      create (mailboxes unknown under Split: left); what was ours
///                                          stays in the ledger while it is made again
///   wanted                 = W      yes    in sync, managed
///   wanted                 = W      no     in sync, found; with adopt: managed
///   wanted                 ≠ W      yes    update P → W
///   wanted                 ∋ W,…    no     conflict SharedDestination: frozen
///   wanted                 other    no     conflict DifferentDestination: frozen
///   released (S4)          any      yes    frozen in the ledger, counted unmanaged
///   gone, only an extra    any      yes    leaves the ledger: found from now on
///   gone                   any      yes    delete, if the listing proves it (S1); box or not
///   released, gone         on the routing host, not ours: unmanaged; elsewhere: none of our business
///
/// When more than a quarter of what we made (and two at least) is not listed, the listing is not to be
/// trusted: nothing leaves the ledger over it, what is ours is made again, and nothing else is made.
///
/// While the routing host is not ready (S13) creates and updates are left, whatever the policy; what is
/// ours and not listed stays in the ledger as it is. Deletes go on: what Zoho lacks needs no way there.
/// Updates that are left are neither held nor counted, and keep their approval for later.
///
/// The policy then leaves some (Observe: all; CreateOnly: updates and deletes; UpsertOnly: deletes),
/// and the guard holds some (guard.h).
[[nodiscard]] Plan makePlan(Inputs inputs);

}  // namespace splitdelivery::plan
