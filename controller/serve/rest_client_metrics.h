#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "http/metered_transport.h"
#include "serve/registry.h"

namespace splitdelivery::serve {

/// rest_client_*: requests to one Kubernetes API server, as client-go counts them. Lives on one executor; must not
/// outlive the registry.
class RestClientMetrics final : public http::TrafficObserver {
 public:
  /// What client-go calls the code of a request that had no answer.
  static constexpr std::string_view kNoAnswer = "<error>";

  explicit RestClientMetrics(Registry& registry);

  /// This API server is going to be asked: its series are there from now on. `host`: with its port.
  void expect(std::string host);
  /// A watch is counted and not timed: it lasts for as long as it is good.
  void answered(const http::Traffic& traffic) override;
  /// A request is made once more after that answer: a status, or 0 where there was none.
  void repeated(std::string_view method, int status);
  /// A request, watches too, was sent after so long in line for the limit on requests.
  void waited(std::string_view method, base::Duration inLine);

 private:
  /// Looked up for every request, and so kept.
  struct OfMethod {
    prometheus::Histogram* duration;
    prometheus::Histogram* wait;
  };
  OfMethod& of(std::string_view method);

  Registry::Counters requests_;
  Registry::Counters retries_;
  Registry::Histograms durations_;
  Registry::Histograms waits_;
  std::string host_;
  std::map<std::string, OfMethod, std::less<>> methods_;
};

}  // namespace splitdelivery::serve
