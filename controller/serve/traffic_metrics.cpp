#include "serve/traffic_metrics.h"

#include "serve/seconds.h"

namespace splitdelivery::serve {

TrafficMetrics::TrafficMetrics(Registry& registry)
    : requests_(registry.counters("splitdelivery_provider_requests_total")),
      durations_(registry.histograms("splitdelivery_provider_request_duration_seconds",
                                     {0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60})) {}

void TrafficMetrics::expect(std::string_view provider, std::string_view endpoint) {
  requests_.of({provider, endpoint, "200"});
  durations_.of({provider, endpoint});
}

void TrafficMetrics::answered(const http::Traffic& traffic) {
  requests_.of({traffic.provider, traffic.endpoint, traffic.code}).Increment();
  durations_.of({traffic.provider, traffic.endpoint}).Observe(seconds(traffic.took));
}

}  // namespace splitdelivery::serve
