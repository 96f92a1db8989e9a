#pragma once

#include <cstdint>
#include <string>

#include "api/address_book.h"
#include "base/digest.h"

namespace splitdelivery::plan {

enum class OpKind : std::uint8_t { Create, Update, Delete };

/// One write to the mail server.
struct Operation {
  OpKind kind = OpKind::Create;
  std::string local;            ///< canonical
  api::Destinations present{};  ///< what the listing showed; Create: none
  api::Destinations wanted{};   ///< Delete: none
  std::string name{};           ///< how the server spells the local part; Create: empty
  api::Kinds kinds{};
  bool approved = false;  ///< by a person: neither counted nor held (S5)
  bool counted = false;   ///< begun before without a clear end: not counted a second time

  /// Whether carrying it out takes from what maxDeletions allows (S5).
  [[nodiscard]] bool countsForGuard() const { return kind != OpKind::Create && !approved && !counted; }

  friend bool operator==(const Operation&, const Operation&) = default;
};

/// Adds everything that makes this operation what it is.
void addTo(base::Digest& digest, const Operation& operation);

/// Names exactly this operation: an approval is for this one and no other.
[[nodiscard]] std::string operationDigest(const Operation& operation);

}  // namespace splitdelivery::plan
