#include "api/directory.h"

#include <algorithm>

namespace splitdelivery::api {

std::vector<ZohoAddress> Listing::of(std::string_view domain) const {
  const auto range = std::ranges::equal_range(addresses, domain, std::less<>{}, [](const ZohoAddress& entry) {
    return std::string_view(entry.address.domain);
  });
  return {range.begin(), range.end()};
}

const ZohoDomain* Listing::domain(std::string_view name) const {
  const auto found = std::ranges::lower_bound(domains, name, std::less<>{},
                                              [](const ZohoDomain& entry) { return std::string_view(entry.name); });
  return found != domains.end() && found->name == name ? &*found : nullptr;
}

}  // namespace splitdelivery::api
