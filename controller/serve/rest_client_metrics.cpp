#include "serve/rest_client_metrics.h"

#include <algorithm>
#include <utility>

#include "serve/seconds.h"

namespace splitdelivery::serve {

namespace {

/// component-base's.
prometheus::Histogram::BucketBoundaries clientBuckets() {
  return {0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60};
}

bool isStatus(std::string_view code) {
  return std::ranges::all_of(code, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

RestClientMetrics::RestClientMetrics(Registry& registry)
    : requests_(registry.counters("rest_client_requests_total")),
      retries_(registry.counters("rest_client_request_retries_total")),
      durations_(registry.histograms("rest_client_request_duration_seconds", clientBuckets())),
      waits_(registry.histograms("rest_client_rate_limiter_duration_seconds", clientBuckets())) {}

void RestClientMetrics::expect(std::string host) {
  host_ = std::move(host);
  for (const std::string_view method : {"GET", "POST", "PUT", "PATCH", "DELETE"}) {
    requests_.of({method == "POST" ? "201" : "200", method, host_});
    retries_.of({"429", method, host_});
    of(method);
  }
}

RestClientMetrics::OfMethod& RestClientMetrics::of(std::string_view method) {
  const auto known = methods_.find(method);
  if (known != methods_.end()) return known->second;
  return methods_.emplace(method, OfMethod{&durations_.of({method, host_}), &waits_.of({method, host_})}).first->second;
}

void RestClientMetrics::answered(const http::Traffic& traffic) {
  requests_.of({isStatus(traffic.code) ? traffic.code : kNoAnswer, traffic.method, host_}).Increment();
  if (!traffic.streamed) of(traffic.method).duration->Observe(seconds(traffic.took));
}

void RestClientMetrics::repeated(std::string_view method, int status) {
  const std::string code = status == 0 ? std::string(kNoAnswer) : std::to_string(status);
  retries_.of({code, method, host_}).Increment();
}

void RestClientMetrics::waited(std::string_view method, base::Duration inLine) {
  of(method).wait->Observe(seconds(inLine));
}

}  // namespace splitdelivery::serve
