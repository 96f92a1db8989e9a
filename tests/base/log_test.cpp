#include "base/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace splitdelivery::base {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const WallTime kAt = std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} + std::chrono::milliseconds{36'000'123};

TEST(ALogLine, OfTextIsOneLineWithItsFieldsBehind) {
  EXPECT_EQ(logLine(LogFormat::Text, kAt, LogLevel::Warn, "not ready", {{"domain", "example.com"}, {"created", "3"}}),
            "2026-11-24T10:00:00.123Z WARN  not ready domain=example.com created=3");
}

TEST(ALogLine, OfJsonIsOneObject) {
  EXPECT_EQ(logLine(LogFormat::Json, kAt, LogLevel::Info, "ready", {{"domain", "example.com"}}),
            R"({"ts":"2026-11-24T10:00:00.123Z","level":"info","msg":"ready","domain":"example.com"})");
}

TEST(ALogLine, CannotBeBrokenOutOf) {
  const std::string evil = "x\n2026 ERROR \"forged\"\t\\ \x01 \xFF end";
  for (const auto format : {LogFormat::Text, LogFormat::Json}) {
    const auto line = logLine(format, kAt, LogLevel::Error, evil, {{"domain", evil}});
    EXPECT_THAT(line, Not(HasSubstr("\n")));
    EXPECT_THAT(line, Not(HasSubstr("\x01")));
    EXPECT_THAT(line, HasSubstr("\\\"forged\\\""));
  }
  EXPECT_THAT(logLine(LogFormat::Json, kAt, LogLevel::Error, evil, {}), HasSubstr("\xEF\xBF\xBD"));
}

TEST(ALogLine, QuotesAValueThatIsNotPlain) {
  EXPECT_THAT(logLine(LogFormat::Text, kAt, LogLevel::Info, "m", {{"a", "two words"}, {"b", ""}}),
              HasSubstr(R"(a="two words" b="")"));
  EXPECT_THAT(logLine(LogFormat::Json, kAt, LogLevel::Info, "m", {{"a", "grüße"}}), HasSubstr(R"("a":"grüße")"));
}

TEST(ALogLevel, IsReadFromItsName) {
  EXPECT_EQ(logLevelFrom("warn"), LogLevel::Warn);
  EXPECT_EQ(logLevelFrom("nonsense"), LogLevel::Off);
}

}  // namespace
}  // namespace splitdelivery::base
