// Zoho's limits: others who use the same client, tokens that die early, calls that are throttled.

#include <gtest/gtest.h>

#include <random>

#include "reconcile/days.h"

namespace splitdelivery::reconcile {
namespace {

using namespace std::chrono_literals;

/// Another program with the same client takes a token; it stands in nobody's journal.
void mintElsewhere(Days& days) {
  const auto now = simulators::Time(std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}) +
                   days.u.executor.now().time_since_epoch();
  days.u.world.zoho.handle(
      simulators::Request::make("POST", "/oauth/v2/token", {{"content-type", "application/x-www-form-urlencoded"}},
                                "client_id=1000.SIMCLIENT&client_secret=simsecret&grant_type=client_credentials&scope="
                                "ZohoMail.organization.accounts.READ&soid=ZohoMail.60012345"),
      now);
}

TEST(AThrottledToken, IsNotAskedForMoreOftenAndComesBackByItself) {
  Days days(12, 1, 30s);
  days.start();
  days.expectWellSoon();
  // The others take all ten of each ten minutes, for a day, and so our hour's token is the last.
  for (int i = 0; i < 24 * 6; ++i) {
    for (int n = 0; n < 10; ++n) mintElsewhere(days);
    days.runFor(10min);
  }
  EXPECT_LE(days.witness.mints, 1U + 24 * 6) << "once in ten minutes at most";
  EXPECT_EQ(days.ready(), "TokenThrottled");
  EXPECT_EQ(condition(days.last().status, api::condition::kReconciling).status, api::ConditionStatus::True);
  days.expectWellWithin(32min);
}

class TokensThatDie : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(TokensThatDie, AreNeverMadeMoreThanTenTimesInTenMinutesAcrossRestarts) {
  SCOPED_TRACE("seed " + std::to_string(GetParam()));
  Days days(12, GetParam(), 30s);
  std::mt19937_64 random(GetParam());
  days.start();
  days.expectWellSoon();
  for (int i = 0; i < 300; ++i) {
    days.u.world.zoho.revokeTokens();
    days.runFor(std::chrono::seconds{5 + random() % 50});
    if (random() % 4 == 0) days.restart();
    if (HasFailure()) break;
  }
  EXPECT_GE(days.witness.mints, 40U);
  days.expectWellWithin(18min);
}
INSTANTIATE_TEST_SUITE_P(Seeds, TokensThatDie, ::testing::Range<std::uint64_t>(1, 4));

/// Restarts forget nothing: what a process before has called counts in this one's minute.
TEST(AProgramThatIsStartedAnewAllTheTime, NeverCallsMoreThanThirtyTimesAMinute) {
  Days days(12, 1, 30s);
  days.start();
  days.expectWellSoon();
  for (int i = 0; i < 60 && !HasFailure(); ++i) {
    days.runFor(4s);
    days.restart();
  }
  days.expectWellWithin(5min);
}

class AThrottledOrganisation : public ::testing::TestWithParam<int> {};

TEST_P(AThrottledOrganisation, IsLeftAloneAsLongAsItAsks) {
  Days days(12, 1, 30s);
  days.start();
  days.expectWellSoon();
  auto& behavior = days.u.world.zoho.behavior;
  behavior.callsPerMinute = 2;
  behavior.callLock = std::chrono::seconds{GetParam()};
  behavior.callLockRetryAfter = behavior.callLock;
  days.witness.quiet = behavior.callLock;
  for (int i = 0; i < 8; ++i) {
    days.runFor(3h);
    days.restart();
  }
  EXPECT_EQ(days.ready(), "Throttled");
  EXPECT_LE(days.readyMoves(), 2);
  behavior.callsPerMinute = 30;
  days.expectWellWithin(behavior.callLock + 18min);
}
INSTANTIATE_TEST_SUITE_P(RetryAfter, AThrottledOrganisation, ::testing::Values(45, 600, 7200));

}  // namespace
}  // namespace splitdelivery::reconcile
