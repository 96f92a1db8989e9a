#include "serve/process_metrics.h"

#include <unistd.h>

#include <array>
#include <charconv>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

namespace splitdelivery::serve {

namespace {

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{}) return std::nullopt;
  return value;
}

double perTick() {
  return 1 / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

}  // namespace

std::optional<ProcessStat> parseProcessStat(std::string_view line) {
  const std::size_t name = line.rfind(") ");
  if (name == std::string_view::npos) return std::nullopt;
  line.remove_prefix(name + 2);
  // Behind the name comes field 3, the state.
  ProcessStat stat;
  const std::array<std::pair<int, std::uint64_t*>, 4> wanted{
      {{14, &stat.userTicks}, {15, &stat.systemTicks}, {22, &stat.startTicks}, {24, &stat.residentPages}}};
  std::size_t found = 0;
  for (int field = 3; found < wanted.size() && !line.empty(); ++field) {
    const std::size_t end = std::min(line.find(' '), line.size());
    if (field == wanted.at(found).first) {
      const auto value = number(line.substr(0, end));
      if (!value) return std::nullopt;
      *wanted.at(found++).second = *value;
    }
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  if (found < wanted.size()) return std::nullopt;
  return stat;
}

std::optional<std::uint64_t> parseBootTime(std::string_view stat) {
  constexpr std::string_view kLine = "\nbtime ";
  const std::size_t found = stat.find(kLine);
  if (found == std::string_view::npos) return std::nullopt;
  return number(stat.substr(found + kLine.size()));
}

ProcessMetrics::ProcessMetrics(Registry& registry, std::filesystem::path proc)
    : proc_(std::move(proc)),
      cpu_(registry.counters("process_cpu_seconds_total").of({})),
      memory_(registry.gauges("process_resident_memory_bytes").of({})),
      descriptors_(registry.gauges("process_open_fds").of({})),
      started_(registry.gauges("process_start_time_seconds").of({})) {
  registry.beforeExport([this] { refresh(); });
}

void ProcessMetrics::refresh() {
  if (const auto stat = parseProcessStat(read(proc_ / "self/stat"))) {
    raiseTo(cpu_, static_cast<double>(stat->userTicks + stat->systemTicks) * perTick());
    memory_.Set(static_cast<double>(stat->residentPages) * static_cast<double>(::sysconf(_SC_PAGESIZE)));
    const auto boot = parseBootTime(read(proc_ / "stat"));
    if (boot) started_.Set(static_cast<double>(*boot) + static_cast<double>(stat->startTicks) * perTick());
  }
  std::error_code error;
  const std::filesystem::directory_iterator open(proc_ / "self/fd", error);
  // Without the one that lists them.
  if (!error) descriptors_.Set(static_cast<double>(std::distance(open, {}) - 1));
}

}  // namespace splitdelivery::serve
