#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "api/directory.h"
#include "zoho/fields.h"

namespace splitdelivery::zoho {

/// The organisation's domains, read.
struct DomainList {
  std::vector<api::ZohoDomain> domains{};  ///< sorted by name
  std::uint32_t skipped = 0;
  bool malformed = false;  ///< a row without a usable name, or a name twice: something is unknown
};

/// `GET domains`: `{domainVO: […]}`, or the array alone; not paged. None when `data` is neither.
///
/// `domainAlias` links an alias with its main domain from whichever side it stands on: on the main
/// domain's row in the documentation, on the alias's in the field.
/// Source: zoho.com/mail/help/api/get-all-domain-details.html.
[[nodiscard]] std::optional<DomainList> readDomains(const Json& data);

}  // namespace splitdelivery::zoho
