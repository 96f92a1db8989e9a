#pragma once

#include <algorithm>
#include <functional>
#include <string_view>

namespace splitdelivery::api {

/// The element of that local part in a range of forwarders, ledger entries or operations that is sorted
/// by `local`; nullptr: there is none.
template <class Range>
[[nodiscard]] auto* findLocal(Range& sorted, std::string_view local) {
  const auto place = std::ranges::lower_bound(sorted, local, std::ranges::less{},
                                              [](const auto& element) { return std::string_view(element.local); });
  return place != sorted.end() && place->local == local ? &*place : nullptr;
}

}  // namespace splitdelivery::api
