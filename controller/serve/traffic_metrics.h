#pragma once

#include "http/metered_transport.h"
#include "serve/registry.h"

namespace splitdelivery::serve {

/// Requests to Zoho and to mail servers: splitdelivery_provider_*. Lives on one executor; must not outlive the
/// registry.
class TrafficMetrics final : public http::TrafficObserver {
 public:
  explicit TrafficMetrics(Registry& registry);

  /// This will be asked: its series are there from now on.
  void expect(std::string_view provider, std::string_view endpoint);
  void answered(const http::Traffic& traffic) override;

 private:
  Registry::Counters requests_;
  Registry::Histograms durations_;
};

}  // namespace splitdelivery::serve
