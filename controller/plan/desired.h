#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "api/directory.h"
#include "api/resource.h"

namespace splitdelivery::plan {

/// A local part that should be, or could be, forwarded.
struct Candidate {
  std::string local;  ///< canonical
  api::Kinds kinds;   ///< after the filters: an alias with `aliases: false` does not count as one

  friend bool operator==(const Candidate&, const Candidate&) = default;
};

/// What Zoho's addresses and the resource's filters ask for, all sorted by local part.
struct DesiredSet {
  std::vector<Candidate> wanted;
  std::vector<Candidate> released;  ///< Zoho or `extra` has it, and only our filters drop it (S4)
  std::vector<Candidate> invalid;   ///< wanted, but no mail server may be given this name
  std::size_t listed = 0;           ///< addresses that Zoho lists at the domain, before any filter
};

/// `zoho`: the addresses of the resource's domain, sorted by local part.
[[nodiscard]] DesiredSet desiredSet(const api::AddressesSpec& filters, std::span<const api::ZohoAddress> zoho);

}  // namespace splitdelivery::plan
