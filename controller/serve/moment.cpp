#include "serve/moment.h"

#include <array>
#include <chrono>
#include <cstdio>

namespace splitdelivery::serve {
namespace {

using namespace std::chrono;

std::string written(base::WallTime time, char between, const char* end) {
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss<seconds> clock(floor<seconds>(time - day));
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u%c%02d:%02d:%02d%s", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), between,
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()), end);
  return text.data();
}

}  // namespace

std::string utcText(base::WallTime time) {
  return written(time, ' ', " UTC");
}

std::string utcStamp(base::WallTime time) {
  return written(time, 'T', "Z");
}

std::string spanText(base::Duration span) {
  if (span < seconds{1}) return "a moment";
  if (span < minutes{2}) return std::to_string(floor<seconds>(span).count()) + " s";
  if (span < hours{2}) return std::to_string(floor<minutes>(span).count()) + " min";
  if (span < days{2}) return std::to_string(floor<hours>(span).count()) + " h";
  return std::to_string(floor<days>(span).count()) + " days";
}

std::string shortSpanText(base::Duration span) {
  if (span < seconds{1}) return std::to_string(floor<milliseconds>(span).count()) + " ms";
  if (span >= minutes{2}) return spanText(span);
  const auto tenths = floor<duration<std::int64_t, std::deci>>(span).count();
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

}  // namespace splitdelivery::serve
