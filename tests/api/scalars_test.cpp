#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "api/base64.h"
#include "api/duration.h"
#include "api/suggest.h"
#include "api/time.h"

namespace splitdelivery::api {
namespace {

using namespace std::chrono_literals;

TEST(ADuration, IsReadAsGoReadsIt) {
  const std::vector<std::pair<std::string, std::chrono::nanoseconds>> cases{
      {"5m", 5min},      {"1h30m", 90min},  {"90s", 90s},     {"0", 0s},        {"+30s", 30s},
      {"1.5h", 90min},   {".5m", 30s},      {"1.s", 1s},      {"100ms", 100ms}, {"1h1m1s1ms1us1ns", 3661001001001ns},
      {"3\u00b5s", 3us}, {"3\u03bcs", 3us}, {"30s30s", 1min}, {"24h", 24h},     {"0.000000001h", 0s},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(parseDuration(text), expected) << text;
}

TEST(ADuration, ThatIsNoneIsRefused) {
  for (const std::string text : {"", "5", "m", "5 m", "5M", "-5m", "5m ", " 5m", "5min", "1d", ".", ".s", "+", "1e3s",
                                 "five minutes", "99999999999999999999h", "999999999999h", "5m5", "1..5s"}) {
    EXPECT_EQ(parseDuration(text), std::nullopt) << text;
  }
}

TEST(ADuration, IsWrittenShort) {
  EXPECT_EQ(durationText(5min), "5m");
  EXPECT_EQ(durationText(90min), "1h30m");
  EXPECT_EQ(durationText(3601s), "1h1s");
  EXPECT_EQ(durationText(0s), "0s");
  for (const auto duration : {1s, 59s, 60s, 3600s, 86399s, 90061s}) {
    EXPECT_EQ(parseDuration(durationText(duration)), duration);
  }
}

TEST(Base64, IsDecodedAsKubernetesDoes) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", ""},
      {"Zg==", "f"},
      {"Zm8=", "fo"},
      {"Zm9v", "foo"},
      {"+/+/", "\xFB\xFF\xBF"},
      {"Zm9v\nYmFy\r\n", "foobar"},
      {"AAAA", std::string(3, '\0')},
  };
  for (const auto& [text, bytes] : cases) EXPECT_EQ(decodeBase64(text), bytes) << text;
}

TEST(Base64, ThatIsNoneIsRefused) {
  for (const std::string text : {"Z", "Zg", "Zg=", "Zm8", "Zg==Zg==", "Z===", "====", "Zm9v ", "Zm-v", "Zm_v",
                                 "=Zg=", "Zg=g", "secret!", "Zm9vYg"}) {
    EXPECT_EQ(decodeBase64(text), std::nullopt) << text;
  }
}

TEST(ATime, IsWrittenInUtcWithWholeSeconds) {
  const base::WallTime time{std::chrono::sys_days{std::chrono::year{2026} / 2 / 3} + 4h + 5min + 6s + 7ms};
  EXPECT_EQ(rfc3339(time), "2026-02-03T04:05:06Z");
  EXPECT_EQ(rfc3339Exact(time), "2026-02-03T04:05:06.007Z");
  EXPECT_EQ(rfc3339Exact(base::WallTime{}), "1970-01-01T00:00:00Z");
  EXPECT_EQ(rfc3339Exact(base::WallTime{-1ns}), "1969-12-31T23:59:59.999999999Z");
}

TEST(ATime, ComesBackAsItWasWritten) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 1000; ++i) {
    const base::WallTime time{std::chrono::nanoseconds(static_cast<std::int64_t>(random()) / 2)};
    EXPECT_EQ(parseRfc3339(rfc3339Exact(time)), time) << rfc3339Exact(time);
  }
}

TEST(ATime, IsReadWithItsOffset) {
  const base::WallTime noon{std::chrono::sys_days{std::chrono::year{2026} / 2 / 28} + 12h};
  EXPECT_EQ(parseRfc3339("2026-02-28T12:00:00Z"), noon);
  EXPECT_EQ(parseRfc3339("2026-02-28t14:00:00+02:00"), noon);
  EXPECT_EQ(parseRfc3339("2026-02-28T06:30:00.5-05:30"), noon + 500ms);
}

TEST(ATime, ThatIsNoneIsRefused) {
  for (const std::string text :
       {"", "now", "2026-02-28", "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "2026-02-28T24:00:00Z",
        "2026-02-28T12:60:00Z", "2026-02-28T12:00:61Z", "2026-02-28T12:00:00", "2026-02-28T12:00:00Zz",
        "2026-02-28T12:00:00.Z", "2026-02-28T12:00:00.1234567890Z", "2026-2-28T12:00:00Z", "2026-02-28T12:00:00+24:00",
        "1600-01-01T00:00:00Z", "9999-01-01T00:00:00Z", "2026-02-28T12:00:00+0200", "-026-02-28T12:00:00Z"}) {
    EXPECT_EQ(parseRfc3339(text), std::nullopt) << text;
  }
}

TEST(ASuggestion, IsWhatSomebodyProbablyMeant) {
  const std::vector<std::string_view> known{"policy", "routingHost", "delivery", "zoho", "dns", "us", "eu", "in"};
  const std::vector<std::pair<std::string, std::string>> cases{{"polcy", "policy"},
                                                               {"Policy", "policy"},
                                                               {"routinghost", "routingHost"},
                                                               {"routeingHosts", "routingHost"},
                                                               {"zho", "zoho"},
                                                               {"US", "us"},
                                                               {"something", ""},
                                                               {"x", ""},
                                                               {"", ""},
                                                               {"dn", "dns"},
                                                               {std::string(100'000, 'a'), ""}};
  for (const auto& [word, meant] : cases) EXPECT_EQ(nearest(word, known), meant) << word.substr(0, 20);
  EXPECT_EQ(didYouMean("polcy", known), "; did you mean \"policy\"?");
  EXPECT_EQ(didYouMean("something", known), "");
}

}  // namespace
}  // namespace splitdelivery::api
