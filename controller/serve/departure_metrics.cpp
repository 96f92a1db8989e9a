#include "serve/departure_metrics.h"

namespace splitdelivery::serve {

DepartureMetrics::DepartureMetrics(Registry& registry)
    : deleted_(registry.counters("splitdelivery_departures_total").of({"deleted"})),
      retained_(registry.counters("splitdelivery_departures_total").of({"retained"})),
      left_(registry.counters("splitdelivery_departures_total").of({"left"})),
      forwarders_(registry.counters("splitdelivery_left_forwarders_total").of({})) {}

void DepartureMetrics::parted(DepartureResult result, std::uint64_t forwarders) {
  if (result == DepartureResult::Deleted) return deleted_.Increment();
  if (result == DepartureResult::Retained) return retained_.Increment();
  left_.Increment();
  forwarders_.Increment(static_cast<double>(forwarders));
}

}  // namespace splitdelivery::serve
