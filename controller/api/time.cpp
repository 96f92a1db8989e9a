#include "api/time.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace splitdelivery::api {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

// What 64 bits of nanoseconds can hold, in whole years.
constexpr int kFirstYear = 1678;
constexpr int kLastYear = 2261;

/// Reads a text from its front; once something did not fit, nothing fits any more.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  int digits(std::size_t count) {
    int value = 0;
    const bool enough =
        rest_.size() >= count && rest_.substr(0, count).find_first_not_of("0123456789") == std::string_view::npos;
    if (!enough) return fail();
    std::from_chars(rest_.data(), rest_.data() + count, value);
    rest_.remove_prefix(count);
    return value;
  }
  bool literal(std::string_view either) {
    if (rest_.empty() || either.find(rest_.front()) == std::string_view::npos) return fail() != 0;
    rest_.remove_prefix(1);
    return true;
  }
  nanoseconds fraction() {
    if (rest_.empty() || rest_.front() != '.') return nanoseconds(0);
    rest_.remove_prefix(1);
    const std::size_t count = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
    if (count == 0 || count > 9) return nanoseconds(fail());
    std::int64_t value = digits(count);
    for (std::size_t i = count; i < 9; ++i) value *= 10;
    return nanoseconds(value);
  }
  seconds offset() {
    if (!rest_.empty() && (rest_.front() == 'Z' || rest_.front() == 'z')) {
      rest_.remove_prefix(1);
      return seconds(0);
    }
    const int sign = rest_.starts_with('-') ? -1 : 1;
    literal("+-");
    const int hours = digits(2);
    literal(":");
    const int minutes = digits(2);
    if (hours > 23 || minutes > 59) fail();
    return sign * (std::chrono::hours(hours) + std::chrono::minutes(minutes));
  }
  [[nodiscard]] bool readToItsEnd() const { return good_ && rest_.empty(); }

 private:
  int fail() {
    good_ = false;
    return 0;
  }

  std::string_view rest_;
  bool good_ = true;
};

}  // namespace

std::string rfc3339(base::WallTime time) {
  const auto whole = std::chrono::floor<seconds>(time);
  const auto day = std::chrono::floor<std::chrono::days>(whole);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(whole - day);
  std::array<char, 48> text{};
  const int length = std::snprintf(
      text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
      static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
  return {text.data(), static_cast<std::size_t>(length)};
}

std::string rfc3339Exact(base::WallTime time) {
  const auto rest = time - std::chrono::floor<seconds>(time);
  std::string text = rfc3339(time);
  if (rest.count() == 0) return text;
  std::string digits = std::to_string(rest.count());
  digits.insert(0, 9 - digits.size(), '0');
  digits.erase(digits.find_last_not_of('0') + 1);
  text.insert(text.size() - 1, "." + digits);
  return text;
}

std::optional<base::WallTime> parseRfc3339(std::string_view text) {
  Cursor cursor(text);
  const int year = cursor.digits(4);
  cursor.literal("-");
  const int month = cursor.digits(2);
  cursor.literal("-");
  const int day = cursor.digits(2);
  cursor.literal("Tt ");
  const int hour = cursor.digits(2);
  cursor.literal(":");
  const int minute = cursor.digits(2);
  cursor.literal(":");
  const int second = cursor.digits(2);
  const nanoseconds fraction = cursor.fraction();
  const seconds offset = cursor.offset();
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  const bool plausible =
      date.ok() && year >= kFirstYear && year <= kLastYear && hour < 24 && minute < 60 && second < 61;
  if (!cursor.readToItsEnd() || !plausible) return std::nullopt;
  const auto clock = std::chrono::hours(hour) + std::chrono::minutes(minute) + seconds(second) - offset;
  return base::WallTime(std::chrono::sys_days(date).time_since_epoch()) + clock + fraction;
}

}  // namespace splitdelivery::api
