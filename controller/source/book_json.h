#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "api/address_book.h"

namespace splitdelivery::source {

/// An address book as JSON, {"version": 1, …}, one field a line. Holds no secret.
[[nodiscard]] std::string encodeBook(const api::AddressBook& book);

/// Why a text is no address book of ours.
enum class BookFault {
  Damaged,  ///< no JSON, or of another shape
  TooNew,   ///< a newer version wrote it
};

struct DecodedBook {
  api::AddressBook book;
  /// Ledger entries left out because they are not canonical, are there twice or have a state that we
  /// do not know. Their forwarders count as `found`, so nothing is deleted for their sake.
  std::size_t dropped = 0;
};

[[nodiscard]] tl::expected<DecodedBook, BookFault> decodeBook(std::string_view text);

}  // namespace splitdelivery::source
