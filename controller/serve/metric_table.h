#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace splitdelivery::serve {

enum class MetricKind : std::uint8_t { Counter, Gauge, Histogram };

/// One metric that we export, as docs/metrics.md lists it.
struct MetricDoc {
  std::string_view name;
  MetricKind kind;
  std::vector<std::string_view> labels;
  std::string_view help;
};

/// Every metric that there is, in the order of the exported page. What stands here is what is registered and exported:
/// nothing else can be.
[[nodiscard]] const std::vector<MetricDoc>& documentedMetrics();

/// The row of that name. There must be one.
[[nodiscard]] const MetricDoc& documentedMetric(std::string_view name);

/// "counter", "gauge", "histogram".
[[nodiscard]] std::string_view toString(MetricKind kind);

}  // namespace splitdelivery::serve
