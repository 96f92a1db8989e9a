#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "api/address_book.h"
#include "api/enums.h"
#include "api/resource.h"
#include "plan/plan_line.h"

namespace splitdelivery::plan {

/// Where one address stands between Zoho, the mail server and us.
enum class Standing : std::uint8_t {
  NotSeen,          ///< no pass has listed both sides yet
  Held,             ///< its change waits for a person
  Conflict,         ///< frozen: the line says what ends it
  Pending,          ///< its change is to be made
  LeftAlone,        ///< its change is not made, with nothing to approve: the line says why
  InSync,           ///< wanted, and our forwarder is in place
  Found,            ///< the same, but somebody else has made it
  Moved,            ///< what is wanted and what stands there differ, and the last plan knew nothing of it
  Excluded,         ///< spec.addresses.exclude
  NotInOnly,        ///< spec.addresses.only is there and lacks it
  Blocked,          ///< Zoho refuses its owner's mail (spec.addresses.blocked: Drop)
  KindSwitchedOff,  ///< spec.addresses.aliases or groups is false
  Unmanaged,        ///< nobody wants it, and somebody else's forwarder leads to the routing host
  SomebodyElses,    ///< nobody wants it, and its forwarder leads elsewhere
  MailboxOnly,      ///< nobody wants it, and the mail server has a mailbox
  Nobody,           ///< neither side knows it
};

/// Whose forwarder stands there.
enum class Owner : std::uint8_t { Nobody, Ours, Found, Unmanaged, SomebodyElse };

/// What the mail server does with mail for it.
enum class ServerDoes : std::uint8_t {
  NotKnown,          ///< not seen; or no forwarder, and the mailboxes could not be listed
  Forwards,          ///< to `present`
  ForwardsAndKeeps,  ///< the same, and its own mailbox has a copy
  Delivers,          ///< to its own mailbox
  NoRule,            ///< its catch-all takes it, or it is refused: the book does not know which
};

struct DestinationOf {
  Standing standing = Standing::NotSeen;
  Owner owner = Owner::Nobody;
  ServerDoes server = ServerDoes::NotKnown;
  api::Kinds atZoho{};            ///< empty: Zoho does not list it
  bool listingProves = false;     ///< both parts of Zoho's listing were complete: what is not listed is not there
  bool blocked = false;           ///< Zoho refuses incoming mail for its owner
  bool extra = false;             ///< in spec.addresses.extra
  bool leadsToZoho = false;       ///< `present` is exactly the address at the routing host
  std::optional<bool> mailbox{};  ///< on the mail server; nothing: not known
  api::Destinations present{};
  std::string line{};  ///< of the last plan, about this address; or empty
};

/// The answer, by this table: the first row that applies. `P`: the forwarder's present destinations; `W`: exactly
/// local@routingHost; `line`: what the last plan says of the address; `wanted`, `released`: as in desired.h.
///
///   seen  line       the address is…  P                    ours  box   then
///   ──────────────────────────────────────────────────────────────────────────────────
///   no    –          –                –                    –     –     NotSeen
///   yes   held       any              any                  any   any   Held
///   yes   conflict   any              any                  any   any   Conflict
///   yes   + ~ -      any              any                  any   any   Pending; "not done": LeftAlone
///   yes   none       wanted           = W                  yes   any   InSync
///   yes   none       wanted           = W                  no    any   Found
///   yes   none       wanted           none, other          any   any   Moved
///   yes   none       released         any                  any   any   Excluded, NotInOnly, Blocked, KindSwitchedOff
///   yes   none       gone             any                  yes   any   Moved
///   yes   none       gone             on the routing host  no    any   Unmanaged
///   yes   none       gone             elsewhere            no    any   SomebodyElses
///   yes   none       gone             none                 –     yes   MailboxOnly
///   yes   none       gone             none                 –     other Nobody
///
/// What the server does follows from P and box alone: P and box: both; P: forwards; box: delivers; neither: NoRule, or
/// NotKnown where mailboxes could not be listed. `local` is canonical.
[[nodiscard]] DestinationOf destinationOf(const api::Spec& spec, const api::AddressBook& book,
                                          const std::string& local);

}  // namespace splitdelivery::plan

namespace splitdelivery::api {

template <>
inline constexpr auto kChoices<plan::Standing> = std::to_array<Choice<plan::Standing>>({
    {plan::Standing::NotSeen, "NotSeen", "no pass has listed both sides yet"},
    {plan::Standing::Held, "Held", "its change waits for approval"},
    {plan::Standing::Conflict, "Conflict", "in conflict, so nothing is changed"},
    {plan::Standing::Pending, "Pending", "its change is to be made in the next pass"},
    {plan::Standing::LeftAlone, "LeftAlone", "its change is not made"},
    {plan::Standing::InSync, "InSync", "it is wanted, and our forwarder is in place"},
    {plan::Standing::Found, "Found", "it is wanted, and a forwarder that we did not make is in place"},
    {plan::Standing::Moved, "Moved", "the resource or one side has changed since the last plan: ask for a pass"},
    {plan::Standing::Excluded, "Excluded",
     "spec.addresses.exclude has it: no forwarder is made, and one that is there is left as it is"},
    {plan::Standing::NotInOnly, "NotInOnly",
     "spec.addresses.only lacks it: no forwarder is made, and one that is there is left as it is"},
    {plan::Standing::Blocked, "Blocked",
     "Zoho blocks incoming mail for its owner (spec.addresses.blocked: Drop): no forwarder is made, and one that is "
     "there is left as it is"},
    {plan::Standing::KindSwitchedOff, "KindSwitchedOff",
     "it is an alias or a group, and spec.addresses.aliases or groups is false"},
    {plan::Standing::Unmanaged, "Unmanaged",
     "Zoho does not list it, and somebody else's forwarder leads to the routing host"},
    {plan::Standing::SomebodyElses, "SomebodyElses", "Zoho does not list it, and its forwarder is not ours"},
    {plan::Standing::MailboxOnly, "MailboxOnly",
     "Zoho does not list it, and the mail server has a mailbox of that name"},
    {plan::Standing::Nobody, "Nobody", "neither Zoho nor the mail server has it"},
});

template <>
inline constexpr auto kChoices<plan::Owner> = std::to_array<Choice<plan::Owner>>({
    {plan::Owner::Nobody, "Nobody"},
    {plan::Owner::Ours, "Ours", "ours"},
    {plan::Owner::Found, "Found", "found: right, but not made by us"},
    {plan::Owner::Unmanaged, "Unmanaged", "unmanaged: to the routing host, not made by us"},
    {plan::Owner::SomebodyElse, "SomebodyElse", "somebody else's"},
});

template <>
inline constexpr auto kChoices<plan::ServerDoes> = std::to_array<Choice<plan::ServerDoes>>({
    {plan::ServerDoes::NotKnown, "NotKnown"},
    {plan::ServerDoes::Forwards, "Forwards"},
    {plan::ServerDoes::ForwardsAndKeeps, "ForwardsAndKeeps"},
    {plan::ServerDoes::Delivers, "Delivers"},
    {plan::ServerDoes::NoRule, "NoRule"},
});

}  // namespace splitdelivery::api
