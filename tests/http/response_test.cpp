#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "http/transport.h"

namespace splitdelivery::http {
namespace {

using namespace std::chrono_literals;

/// Sun, 06 Nov 1994 08:49:37 GMT, the example of RFC 9110.
const base::WallTime kExample = std::chrono::sys_days{std::chrono::year{1994} / 11 / 6} + 8h + 49min + 37s;

std::optional<std::chrono::seconds> retryAfter(const std::string& value, base::WallTime now = kExample) {
  return Response{.status = 429, .headers = {{"retry-after", value}}}.retryAfter(now);
}

TEST(RetryAfter, InSecondsIsTakenAsItIs) {
  EXPECT_EQ(retryAfter("0"), 0s);
  EXPECT_EQ(retryAfter("120"), 120s);
  EXPECT_EQ(retryAfter("007"), 7s);
}

TEST(RetryAfter, AsADateIsCountedFromNow) {
  for (const char* date :
       {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"}) {
    EXPECT_EQ(retryAfter(date, kExample - 90s), 90s) << date;
    EXPECT_EQ(retryAfter(date, kExample - 90s + 1ms), 90s) << date << ", rounded up";
  }
}

TEST(RetryAfter, AsADateOfThisCenturyIsUnderstoodInAllForms) {
  const base::WallTime date = std::chrono::sys_days{std::chrono::year{2026} / 12 / 31} + 23h + 59min + 59s;
  for (const char* text :
       {"Thu, 31 Dec 2026 23:59:59 GMT", "Thursday, 31-Dec-26 23:59:59 GMT", "Thu Dec 31 23:59:59 2026"}) {
    EXPECT_EQ(retryAfter(text, date - 7s), 7s) << text;
  }
}

TEST(RetryAfter, InThePastIsNow) {
  EXPECT_EQ(retryAfter("Sun, 06 Nov 1994 08:49:37 GMT", kExample + 1h), 0s);
}

TEST(RetryAfter, ThatIsAbsurdlyLongEndsAtAYear) {
  for (const char* value : {"99999999999", "99999999999999999999999999", "Sun, 06 Nov 2190 08:49:37 GMT"}) {
    EXPECT_EQ(retryAfter(value), std::chrono::days{365}) << value;
  }
}

TEST(RetryAfter, ThatIsNeitherIsNone) {
  for (const char* value :
       {"", "-5", "+5", "1.5", "5 s", "soon", "Sun, 06 Nov 1994", "Sun, 06 Nov 1994 08:49 GMT",
        "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 GMT and more", "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nov 9999 08:49:37 GMT", "06 Nov 1994 08:49:37 GMT"}) {
    EXPECT_EQ(retryAfter(value), std::nullopt) << value;
  }
  EXPECT_EQ(Response{}.retryAfter(kExample), std::nullopt);
}

TEST(AHeader, IsTheFirstOfItsName) {
  const Response response{.status = 200, .headers = {{"a", "1"}, {"b", "2"}, {"a", "3"}}};
  EXPECT_EQ(response.header("a"), "1");
  EXPECT_EQ(response.header("b"), "2");
  EXPECT_EQ(response.header("c"), "");
}

}  // namespace
}  // namespace splitdelivery::http
