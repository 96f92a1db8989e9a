#include "serve/reconcile_metrics.h"

#include "serve/seconds.h"

namespace splitdelivery::serve {

namespace {

/// controller-runtime's.
prometheus::Histogram::BucketBoundaries passBuckets() {
  return {0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1,  1.25, 1.5,
          1.75,  2,    2.5,   3,    3.5, 4,    4.5, 5,    6,   7,    8,   9,    10,  15,  20,  25,  30,  40, 50,   60};
}

}  // namespace

ReconcileMetrics::ReconcileMetrics(Registry& registry, const std::string& controller)
    : success_(registry.counters("controller_runtime_reconcile_total").of({controller, "success"})),
      requeueAfter_(registry.counters("controller_runtime_reconcile_total").of({controller, "requeue_after"})),
      error_(registry.counters("controller_runtime_reconcile_total").of({controller, "error"})),
      errors_(registry.counters("controller_runtime_reconcile_errors_total").of({controller})),
      panics_(registry.counters("controller_runtime_reconcile_panics_total").of({controller})),
      allPanics_(registry.counters("splitdelivery_panics_total").of({})),
      timeouts_(registry.counters("controller_runtime_reconcile_timeouts_total").of({controller})),
      took_(registry.histograms("controller_runtime_reconcile_time_seconds", passBuckets()).of({controller})),
      most_(registry.gauges("controller_runtime_max_concurrent_reconciles").of({controller})),
      active_(registry.gauges("controller_runtime_active_workers").of({controller})) {
  // Dashboards sum over four results; ours never asks to come again at once.
  registry.counters("controller_runtime_reconcile_total").of({controller, "requeue"});
}

void ReconcileMetrics::ended(PassResult result, base::Duration took) {
  active_.Decrement();
  took_.Observe(seconds(took));
  if (result == PassResult::Success) return success_.Increment();
  if (result == PassResult::RequeueAfter) return requeueAfter_.Increment();
  error_.Increment();
  errors_.Increment();
  if (result == PassResult::TimedOut) timeouts_.Increment();
  if (result != PassResult::Panicked) return;
  panics_.Increment();
  allPanics_.Increment();
}

}  // namespace splitdelivery::serve
