#pragma once

#include <map>
#include <set>
#include <sstream>
#include <string>

namespace splitdelivery::serve {

/// A page in Prometheus' text format, read back: https://prometheus.io/docs/instrumenting/exposition_formats/
struct Page {
  explicit Page(const std::string& text) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("# TYPE ")) {
        const auto blank = line.rfind(' ');
        types[line.substr(7, blank - 7)] = line.substr(blank + 1);
      } else if (!line.starts_with('#') && !line.empty()) {
        const auto blank = line.rfind(' ');
        samples[line.substr(0, blank)] = std::stod(line.substr(blank + 1));
      }
    }
  }

  /// The value of `name{labels}` as the page writes it; -1 when it is not there.
  [[nodiscard]] double of(const std::string& series) const {
    const auto found = samples.find(series);
    return found == samples.end() ? -1 : found->second;
  }
  /// How many series have this in them.
  [[nodiscard]] std::size_t with(const std::string& part) const {
    std::size_t count = 0;
    for (const auto& [series, value] : samples) count += series.find(part) != std::string::npos ? 1 : 0;
    return count;
  }

  std::map<std::string, std::string> types;  ///< by name
  std::map<std::string, double> samples;     ///< by name and labels
};

}  // namespace splitdelivery::serve
