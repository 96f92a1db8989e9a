#pragma once

#include <nlohmann/json.hpp>
#include <optional>

#include "simulators/exchange.h"
#include "simulators/zoho_world.h"

namespace splitdelivery::simulators {

/// Which rows a listing is asked for.
struct ZohoPage {
  std::size_t offset = 0;
  std::size_t limit = 0;

  /// Reads `start` and `limit`; nothing when one of them is not a number or the limit is 0.
  [[nodiscard]] static std::optional<ZohoPage> of(const Fields& query, unsigned firstRow, std::size_t defaultLimit,
                                                  std::size_t maxLimit);
};

/// The `data` of the three listings and of one group, in the shapes of the behaviour.
[[nodiscard]] nlohmann::json accountRows(const ZohoOrganization& organization, const ZohoBehavior& behavior,
                                         ZohoPage page);
[[nodiscard]] nlohmann::json groupRows(const ZohoOrganization& organization, const ZohoBehavior& behavior,
                                       ZohoPage page);
[[nodiscard]] nlohmann::json groupRow(const ZohoOrganization& organization, const ZohoGroup& group,
                                      const ZohoBehavior& behavior);
[[nodiscard]] nlohmann::json domainRows(const ZohoOrganization& organization, const ZohoBehavior& behavior,
                                        ZohoPage page);

}  // namespace splitdelivery::simulators
