#include "serve/queue_metrics.h"

#include <iterator>

#include "serve/seconds.h"

namespace splitdelivery::serve {

namespace {

/// client-go's: from 10 ns to 1000 s, a decade each.
prometheus::Histogram::BucketBoundaries decades() {
  return {1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10, 100, 1000};
}

}  // namespace

QueueMetrics::QueueMetrics(base::Executor& executor, Registry& registry, const std::string& name)
    : executor_(executor),
      depth_(registry.gauges("workqueue_depth").of({name, name})),
      adds_(registry.counters("workqueue_adds_total").of({name, name})),
      retries_(registry.counters("workqueue_retries_total").of({name, name})),
      waited_(registry.histograms("workqueue_queue_duration_seconds", decades()).of({name, name})),
      worked_(registry.histograms("workqueue_work_duration_seconds", decades()).of({name, name})),
      unfinished_(registry.gauges("workqueue_unfinished_work_seconds").of({name, name})),
      longest_(registry.gauges("workqueue_longest_running_processor_seconds").of({name, name})) {
  registry.beforeExport([this] { refresh(); });
}

void QueueMetrics::started(base::Duration waited) {
  waited_.Observe(seconds(waited));
  inWork_.insert(executor_.now());
}

void QueueMetrics::finished(base::Duration worked) {
  worked_.Observe(seconds(worked));
  // The queue read its clock a moment before we read ours: the nearest is the one.
  const base::SteadyTime begun = executor_.now() - worked;
  auto nearest = inWork_.lower_bound(begun);
  if (nearest == inWork_.end() || (nearest != inWork_.begin() && begun - *std::prev(nearest) < *nearest - begun)) {
    if (nearest == inWork_.begin()) return;  // none is in work
    --nearest;
  }
  inWork_.erase(nearest);
}

void QueueMetrics::refresh() {
  const base::SteadyTime now = executor_.now();
  base::Duration sum{};
  for (const base::SteadyTime since : inWork_) sum += now - since;
  unfinished_.Set(seconds(sum));
  longest_.Set(inWork_.empty() ? 0 : seconds(now - *inWork_.begin()));
}

}  // namespace splitdelivery::serve
