#include "serve/registry.h"

#include <prometheus/text_serializer.h>

#include <cassert>
#include <sstream>
#include <unordered_map>
#include <utility>

#include "serve/metric_table.h"

namespace splitdelivery::serve {

namespace {

template <class Metric>
Series<Metric> seriesOf(prometheus::Registry& registry, std::string_view name, MetricKind kind,
                        prometheus::Histogram::BucketBoundaries buckets = {}) {
  const MetricDoc& doc = documentedMetric(name);
  assert(doc.kind == kind);
  static_cast<void>(kind);
  auto& family =
      prometheus::detail::Builder<Metric>().Name(std::string(name)).Help(std::string(doc.help)).Register(registry);
  return Series<Metric>(family, doc.labels, std::move(buckets));
}

prometheus::MetricType typeOf(MetricKind kind) {
  switch (kind) {
    case MetricKind::Counter:
      return prometheus::MetricType::Counter;
    case MetricKind::Gauge:
      return prometheus::MetricType::Gauge;
    case MetricKind::Histogram:
      return prometheus::MetricType::Histogram;
  }
  return prometheus::MetricType::Untyped;
}

}  // namespace

template <class Metric>
prometheus::Labels Series<Metric>::labelsOf(const Values& values) const {
  assert(values.size() == labels_.size());
  prometheus::Labels labels;
  for (std::size_t i = 0; i < labels_.size(); ++i) {
    const bool address = values[i].find('@') != std::string_view::npos;
    labels.emplace(labels_[i], address ? "hidden" : values[i]);
  }
  return labels;
}

template <class Metric>
Metric& Series<Metric>::of(const Values& values) {
  if constexpr (std::is_same_v<Metric, prometheus::Histogram>) {
    return family_->Add(labelsOf(values), buckets_);
  } else {
    return family_->Add(labelsOf(values));
  }
}

template <class Metric>
void Series<Metric>::remove(const Values& values) {
  family_->Remove(&of(values));
}

template class Series<prometheus::Counter>;
template class Series<prometheus::Gauge>;
template class Series<prometheus::Histogram>;

Registry::Counters Registry::counters(std::string_view name) {
  return seriesOf<prometheus::Counter>(registry_, name, MetricKind::Counter);
}

Registry::Gauges Registry::gauges(std::string_view name) {
  return seriesOf<prometheus::Gauge>(registry_, name, MetricKind::Gauge);
}

Registry::Histograms Registry::histograms(std::string_view name, prometheus::Histogram::BucketBoundaries buckets) {
  return seriesOf<prometheus::Histogram>(registry_, name, MetricKind::Histogram, std::move(buckets));
}

std::string Registry::text() {
  for (const auto& refresh : refreshers_) refresh();
  std::unordered_map<std::string, prometheus::MetricFamily> known;
  for (auto& family : registry_.Collect()) known.emplace(family.name, std::move(family));
  std::vector<prometheus::MetricFamily> page;
  for (const MetricDoc& doc : documentedMetrics()) {
    const auto found = known.find(std::string(doc.name));
    if (found != known.end()) {
      page.push_back(std::move(found->second));
    } else {
      page.push_back({std::string(doc.name), std::string(doc.help), typeOf(doc.kind), {}});
    }
  }
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, page);
  return std::move(out).str();
}

void raiseTo(prometheus::Counter& counter, double total) {
  if (total > counter.Value()) counter.Increment(total - counter.Value());
}

}  // namespace splitdelivery::serve
