#pragma once

#include <string>
#include <string_view>

#include "api/address_book.h"

namespace splitdelivery::source {

/// An address book as a third of the bytes of its JSON, and read in a twentieth of the time: for who keeps thousands of
/// them in memory and gives one to each pass. Never stored: only the process that packed it can read it.
[[nodiscard]] std::string packBook(const api::AddressBook& book);
[[nodiscard]] api::AddressBook unpackBook(std::string_view packed);

}  // namespace splitdelivery::source
