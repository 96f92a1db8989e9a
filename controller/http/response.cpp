#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <iomanip>
#include <locale>
#include <sstream>

#include "http/transport.h"

namespace splitdelivery::http {

namespace {

/// Longer than any provider means; keeps the sum of a time and a pause within 64 bits.
constexpr std::chrono::seconds kLongestPause = std::chrono::days{365};

/// The three forms that a recipient must accept (RFC 9110, 5.6.7), the common one first.
constexpr std::array kDateForms{"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"};

std::optional<std::tm> partsOf(const char* form, std::string_view text) {
  std::stringstream stream{std::string(text)};
  stream.imbue(std::locale::classic());
  std::tm parts{};
  stream >> std::get_time(&parts, form);
  if (stream.fail()) return std::nullopt;
  // libstdc++ takes half a date for a whole one; only what prints as it was written is right.
  stream.clear();
  stream.str({});
  stream << std::put_time(&parts, form);
  if (stream.str() != text) return std::nullopt;
  return parts;
}

std::optional<base::WallTime> parsedAs(const char* form, std::string_view text) {
  const auto parts = partsOf(form, text);
  if (!parts) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{parts->tm_year + 1900},
                                         std::chrono::month{static_cast<unsigned>(parts->tm_mon + 1)},
                                         std::chrono::day{static_cast<unsigned>(parts->tm_mday)}};
  // Nanoseconds since 1970 in 64 bits end in 2262.
  if (!date.ok() || date.year() < std::chrono::year{1970} || date.year() > std::chrono::year{2200}) return std::nullopt;
  return base::WallTime{std::chrono::sys_days{date}} + std::chrono::hours{parts->tm_hour} +
         std::chrono::minutes{parts->tm_min} + std::chrono::seconds{parts->tm_sec};
}

std::optional<base::WallTime> httpDate(std::string_view text) {
  for (const char* form : kDateForms) {
    if (const auto date = parsedAs(form, text)) return date;
  }
  return std::nullopt;
}

bool isNumber(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string_view Response::header(std::string_view name) const {
  const auto found = std::find_if(headers.begin(), headers.end(), [name](const auto& h) { return h.first == name; });
  return found == headers.end() ? std::string_view{} : std::string_view{found->second};
}

std::optional<std::chrono::seconds> Response::retryAfter(base::WallTime now) const {
  const std::string_view value = header("retry-after");
  if (isNumber(value)) {
    std::int64_t count = 0;
    const auto parsed = std::from_chars(value.begin(), value.end(), count);
    if (parsed.ec == std::errc::result_out_of_range) return kLongestPause;
    return std::min(std::chrono::seconds{count}, kLongestPause);
  }
  const auto date = httpDate(value);
  if (!date) return std::nullopt;
  return std::clamp(std::chrono::ceil<std::chrono::seconds>(*date - now), std::chrono::seconds{0}, kLongestPause);
}

}  // namespace splitdelivery::http
