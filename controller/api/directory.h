#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/address.h"
#include "base/executor.h"

namespace splitdelivery::api {

/// What an address is. Bits, because one address can be several at once (S1 asks which parts of the
/// listing an entry came from).
enum class Kind : std::uint8_t {
  Primary = 1,     ///< a user's own address
  Alias = 2,       ///< a further address of a user
  Group = 4,       ///< a group's address
  GroupAlias = 8,  ///< a further address of a group
  Extra = 16,      ///< written in spec.addresses.extra
};

/// A set of `Kind`.
class Kinds {
 public:
  constexpr Kinds() = default;
  constexpr Kinds(Kind kind) : bits_(static_cast<std::uint8_t>(kind)) {}  // NOLINT(google-explicit-constructor)

  constexpr Kinds& operator|=(Kinds other) {
    bits_ = static_cast<std::uint8_t>(bits_ | other.bits_);
    return *this;
  }
  friend constexpr Kinds operator|(Kinds a, Kinds b) { return a |= b; }
  [[nodiscard]] constexpr bool any(Kinds of) const { return (bits_ & of.bits_) != 0; }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  [[nodiscard]] constexpr std::uint8_t bits() const { return bits_; }
  [[nodiscard]] static constexpr Kinds fromBits(std::uint8_t bits) {
    Kinds kinds;
    kinds.bits_ = bits & 31U;
    return kinds;
  }
  friend constexpr bool operator==(Kinds, Kinds) = default;

 private:
  std::uint8_t bits_ = 0;
};

constexpr Kinds operator|(Kind a, Kind b) {
  return Kinds(a) | Kinds(b);
}
constexpr Kinds kAccountKinds = Kind::Primary | Kind::Alias;
constexpr Kinds kGroupKinds = Kind::Group | Kind::GroupAlias;

/// How much of one part of the listing we have (S1).
enum class Completeness {
  Complete,  ///< proven to the end
  Stagnant,  ///< the server repeats 10 or more known rows instead of going on
  Failed,    ///< failed, truncated or contradicting itself
};

/// One part of Zoho's listing.
struct PartState {
  Completeness completeness = Completeness::Failed;
  std::optional<base::Error> error{};  ///< why it failed or what stagnates; none when complete

  [[nodiscard]] bool complete() const { return completeness == Completeness::Complete; }
};

/// One address that Zoho receives mail for.
struct ZohoAddress {
  Address address;
  Kinds kinds;
  bool blocked = false;  ///< Zoho refuses incoming mail for its owner (`incomingBlocked`)

  friend bool operator==(const ZohoAddress&, const ZohoAddress&) = default;
};

/// One domain of the organisation, with what S13 later asks of it. Unset: Zoho did not say.
struct ZohoDomain {
  std::string name;  ///< canonical
  std::optional<bool> verified{};
  std::optional<bool> alias{};
  std::optional<bool> subDomainStripping{};
  std::string aliasOf{};   ///< as Zoho gives it, canonical; empty when it does not say
  std::string catchAll{};  ///< canonical address; empty: none

  friend bool operator==(const ZohoDomain&, const ZohoDomain&) = default;
};

/// What one listing of an organisation brought, over all its domains.
struct Listing {
  std::vector<ZohoAddress> addresses;  ///< sorted by domain, then local part; each address once
  std::vector<ZohoDomain> domains;     ///< sorted by name
  PartState accounts;
  PartState groups;
  PartState domainList;
  std::uint32_t skipped = 0;  ///< rows and addresses left out: outside the organisation, unconfirmed, malformed
  base::WallTime takenAt{};

  /// The addresses of one domain, a range of `addresses`.
  [[nodiscard]] std::vector<ZohoAddress> of(std::string_view domain) const;
  [[nodiscard]] const ZohoDomain* domain(std::string_view name) const;
};

}  // namespace splitdelivery::api
