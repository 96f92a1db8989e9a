#include "api/duration.h"

#include <array>
#include <cstdint>

namespace splitdelivery::api {
namespace {

using std::chrono::nanoseconds;

constexpr std::int64_t kLongest = nanoseconds(std::chrono::hours(24 * 365 * 100)).count();

struct Unit {
  std::string_view name;
  std::int64_t nanoseconds;
};

// "ms" before "m", and both spellings of the micro sign.
constexpr std::array kUnits{
    Unit{"ns", 1},         Unit{"us", 1'000},        Unit{"\u00b5s", 1'000},    Unit{"\u03bcs", 1'000},
    Unit{"ms", 1'000'000}, Unit{"s", 1'000'000'000}, Unit{"m", 60'000'000'000}, Unit{"h", 3'600'000'000'000},
};

struct Number {
  std::int64_t whole = 0;
  std::int64_t fraction = 0;
  std::int64_t scale = 1;  ///< the fraction is fraction / scale
  bool valid = false;
};

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}

Number takeNumber(std::string_view& text) {
  Number number;
  for (; !text.empty() && isDigit(text.front()); text.remove_prefix(1)) {
    if (number.whole > kLongest / 10) return {};
    number.whole = number.whole * 10 + (text.front() - '0');
    number.valid = true;
  }
  if (text.empty() || text.front() != '.') return number;
  text.remove_prefix(1);
  for (; !text.empty() && isDigit(text.front()); text.remove_prefix(1)) {
    number.valid = true;
    // Six digits of an hour are 3.6 ms: finer ones change nothing that anybody asks for.
    if (number.scale == 1'000'000) continue;
    number.fraction = number.fraction * 10 + (text.front() - '0');
    number.scale *= 10;
  }
  return number;
}

const Unit* takeUnit(std::string_view& text) {
  for (const Unit& unit : kUnits) {
    if (!text.starts_with(unit.name)) continue;
    text.remove_prefix(unit.name.size());
    return &unit;
  }
  return nullptr;
}

}  // namespace

std::optional<nanoseconds> parseDuration(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  if (text == "0") return nanoseconds(0);
  if (text.empty()) return std::nullopt;
  std::int64_t total = 0;
  while (!text.empty()) {
    const Number number = takeNumber(text);
    const Unit* unit = number.valid ? takeUnit(text) : nullptr;
    if (unit == nullptr || number.whole > kLongest / unit->nanoseconds) return std::nullopt;
    total += number.whole * unit->nanoseconds + number.fraction * unit->nanoseconds / number.scale;
    if (total > kLongest) return std::nullopt;
  }
  return nanoseconds(total);
}

std::string durationText(std::chrono::seconds duration) {
  const auto hours = std::chrono::duration_cast<std::chrono::hours>(duration);
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(duration - hours);
  const auto seconds = duration - hours - minutes;
  std::string text;
  if (hours.count() > 0) text += std::to_string(hours.count()) + "h";
  if (minutes.count() > 0) text += std::to_string(minutes.count()) + "m";
  if (seconds.count() > 0 || text.empty()) text += std::to_string(seconds.count()) + "s";
  return text;
}

}  // namespace splitdelivery::api
