#pragma once

#include <string>

#include "serve/account_metrics.h"
#include "serve/departure_metrics.h"
#include "serve/domain_metrics.h"
#include "serve/leader_metrics.h"
#include "serve/process_metrics.h"
#include "serve/queue_metrics.h"
#include "serve/reconcile_metrics.h"
#include "serve/registry.h"
#include "serve/rest_client_metrics.h"
#include "serve/traffic_metrics.h"

namespace splitdelivery::serve {

/// Every metric of the program: whoever has something to tell tells it to one of the parts. Lives on one executor,
/// which must outlive it; never moved, since the parts know each other.
class Metrics {
 private:
  Registry registry_{};  // before the parts, which are registered in it

 public:
  /// `controller`: the value of the labels "controller" and "name", lower-case kind as controller-runtime has it.
  explicit Metrics(base::Executor& executor, const std::string& controller = "splitdeliverydomain");
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;
  ~Metrics() = default;

  /// The page of /metrics.
  [[nodiscard]] std::string text() { return registry_.text(); }

  ReconcileMetrics reconcile;
  QueueMetrics queue;
  TrafficMetrics traffic;
  RestClientMetrics restClient;
  LeaderMetrics leader;
  DomainMetrics domains;
  DepartureMetrics departures;
  AccountMetrics accounts;

 private:
  ProcessMetrics process_;
};

}  // namespace splitdelivery::serve
