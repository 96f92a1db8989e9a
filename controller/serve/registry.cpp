#include "serve/registry.h"

#include <prometheus/text_serializer.h>

#include <algorithm>
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

/// Addresses are not for a monitoring system.
std::string_view shown(std::string_view value) {
  return value.find('@') == std::string_view::npos ? value : "hidden";
}

prometheus::ClientMetric sampleOf(const MetricDoc& doc, const std::vector<std::string_view>& values, double value) {
  assert(values.size() == doc.labels.size());
  prometheus::ClientMetric sample;
  for (std::size_t i = 0; i < values.size(); ++i) {
    sample.label.push_back({std::string(doc.labels[i]), std::string(shown(values[i]))});
  }
  std::ranges::sort(sample.label, {}, &prometheus::ClientMetric::Label::name);  // as the library shows its own
  if (doc.kind == MetricKind::Counter) {
    sample.counter.value = value;
  } else {
    sample.gauge.value = value;
  }
  return sample;
}

}  // namespace

template <class Metric>
prometheus::Labels Series<Metric>::labelsOf(const Values& values) const {
  assert(values.size() == labels_.size());
  prometheus::Labels labels;
  for (std::size_t i = 0; i < labels_.size(); ++i) labels.emplace(labels_[i], shown(values[i]));
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

void Registry::computed(std::string_view name, std::function<void(const Emit&)> tell) {
  const MetricDoc& doc = documentedMetric(name);
  assert(doc.kind != MetricKind::Histogram);
  computed_.insert_or_assign(doc.name, std::move(tell));
}

std::string Registry::text() {
  for (const auto& refresh : refreshers_) refresh();
  std::unordered_map<std::string, prometheus::MetricFamily> known;
  for (auto& family : registry_.Collect()) known.emplace(family.name, std::move(family));
  std::ostringstream out;
  // One metric at a time: those of thousands of resources together would take more than all the rest.
  for (const MetricDoc& doc : documentedMetrics()) {
    prometheus::MetricFamily family{std::string(doc.name), std::string(doc.help), typeOf(doc.kind), {}};
    if (const auto kept = known.find(family.name); kept != known.end()) family = std::move(kept->second);
    if (const auto tell = computed_.find(doc.name); tell != computed_.end()) {
      tell->second([&](const auto& values, double value) { family.metric.push_back(sampleOf(doc, values, value)); });
    }
    prometheus::TextSerializer().Serialize(out, {std::move(family)});
  }
  return std::move(out).str();
}

void raiseTo(prometheus::Counter& counter, double total) {
  if (total > counter.Value()) counter.Increment(total - counter.Value());
}

}  // namespace splitdelivery::serve
