#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

#include "serve/registry.h"

namespace splitdelivery::serve {

/// What /proc/PID/stat says of a process (proc(5)).
struct ProcessStat {
  std::uint64_t userTicks = 0;
  std::uint64_t systemTicks = 0;
  std::uint64_t startTicks = 0;  ///< since the machine was started
  std::uint64_t residentPages = 0;

  friend bool operator==(const ProcessStat&, const ProcessStat&) = default;
};

/// Nothing when the line is not one of these. The program's name, which may hold blanks and parentheses, is passed
/// over.
[[nodiscard]] std::optional<ProcessStat> parseProcessStat(std::string_view line);

/// When the machine was started, as Unix time: the line "btime" of /proc/stat.
[[nodiscard]] std::optional<std::uint64_t> parseBootTime(std::string_view stat);

/// process_*: read anew at each export; what cannot be read stays as it was.
class ProcessMetrics {
 public:
  explicit ProcessMetrics(Registry& registry, std::filesystem::path proc = "/proc");

 private:
  void refresh();

  std::filesystem::path proc_;
  prometheus::Counter& cpu_;
  prometheus::Gauge& memory_;
  prometheus::Gauge& descriptors_;
  prometheus::Gauge& started_;
};

}  // namespace splitdelivery::serve
