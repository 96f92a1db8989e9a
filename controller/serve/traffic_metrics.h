#pragma once

#include "http/metered_transport.h"
#include "serve/registry.h"

namespace splitdelivery::serve {

/// Requests that go out: splitdelivery_provider_*, and rest_client_requests_total for those to Kubernetes. Lives on one
/// executor; must not outlive the registry.
class TrafficMetrics final : public http::TrafficObserver {
 public:
  /// The provider whose requests are those of a Kubernetes client.
  static constexpr std::string_view kKubernetes = "kubernetes";

  explicit TrafficMetrics(Registry& registry);

  /// This will be asked: its series are there from now on.
  void expect(std::string_view provider, std::string_view endpoint);
  void answered(const http::Traffic& traffic) override;

 private:
  Registry::Counters requests_;
  Registry::Histograms durations_;
  Registry::Counters restClient_;
};

}  // namespace splitdelivery::serve
