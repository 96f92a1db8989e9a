#pragma once

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace splitdelivery::serve {

/// A metric of the table, all its label sets. `values` come in the order of the table's labels. A value that looks like
/// an e-mail address is replaced by "hidden": addresses are not for a monitoring system. Borrowed from a Registry.
template <class Metric>
class Series {
 public:
  using Values = std::vector<std::string_view>;

  Series(prometheus::Family<Metric>& family, std::vector<std::string_view> labels,
         prometheus::Histogram::BucketBoundaries buckets)
      : family_(&family), labels_(std::move(labels)), buckets_(std::move(buckets)) {}

  /// The one of these label values; it is there, at 0, from the first call on.
  Metric& of(const Values& values);
  void remove(const Values& values);

 private:
  [[nodiscard]] prometheus::Labels labelsOf(const Values& values) const;

  prometheus::Family<Metric>* family_;
  std::vector<std::string_view> labels_;
  prometheus::Histogram::BucketBoundaries buckets_;
};

/// All that is exported, and only what the table of metrics names. Lives on one executor.
class Registry {
 public:
  using Counters = Series<prometheus::Counter>;
  using Gauges = Series<prometheus::Gauge>;
  using Histograms = Series<prometheus::Histogram>;

  /// `name` must be in the table, with that kind.
  Counters counters(std::string_view name);
  Gauges gauges(std::string_view name);
  Histograms histograms(std::string_view name, prometheus::Histogram::BucketBoundaries buckets);

  /// Takes one series of a computed metric: its label values in the order of the table's labels, and its value.
  using Emit = std::function<void(const std::vector<std::string_view>& values, double value)>;
  /// A counter or gauge whose series are told anew for each export, for what there is one of for each resource: the
  /// library keeps some 700 bytes for a series, and a resource has seventeen. `tell` must live as long as this.
  void computed(std::string_view name, std::function<void(const Emit&)> tell);

  /// Called before each export, for what depends on the time; must live as long as this.
  void beforeExport(std::function<void()> refresh) { refreshers_.push_back(std::move(refresh)); }

  /// The text format 0.0.4, every metric of the table in its order, with help and type also where no series is known
  /// yet.
  [[nodiscard]] std::string text();

 private:
  prometheus::Registry registry_;
  std::vector<std::function<void()>> refreshers_;
  std::map<std::string_view, std::function<void(const Emit&)>> computed_;  ///< by a name of the table
};

/// Takes a counter to a total that somebody else counts.
void raiseTo(prometheus::Counter& counter, double total);

}  // namespace splitdelivery::serve
