// Clocks that jump, by a day and by a year, while time itself goes on.

#include <gtest/gtest.h>

#include <array>
#include <random>

#include "reconcile/days.h"

namespace splitdelivery::reconcile {
namespace {

using namespace std::chrono_literals;

constexpr auto kYear = 365 * 24h;

void jump(Days& days, base::Duration by) {
  days.u.executor.setWallTime(days.u.executor.wallTime() + by);
}

class AClockThatJumps : public ::testing::TestWithParam<std::chrono::hours> {};

/// The guard's window is a day of the server's, whatever our clock says it is.
TEST_P(AClockThatJumps, OpensNoSecondWindowForDeletes) {
  Days days(60, 1, 2h);
  days.start();
  days.expectWellSoon();
  days.runFor(25h);
  days.shrinkBy(15);  // of 18
  days.expectWellSoon();
  jump(days, GetParam());
  days.runFor(1h);
  days.shrinkBy(10);
  days.runFor(6h);
  EXPECT_EQ(days.witness.deletes, 15U);
  EXPECT_EQ(days.ready(), "DeletionsHeld");
}

/// Nor does it lock for a year: two days later what is allowed goes again.
TEST_P(AClockThatJumps, LocksTheGuardForADayAtMost) {
  Days days(60, 1, 2h);
  days.start();
  days.expectWellSoon();
  days.runFor(25h);
  days.shrinkBy(15);
  days.expectWellSoon();
  jump(days, GetParam());
  days.restart();
  days.runFor(49h);
  days.shrinkBy(10);
  days.expectWellSoon();
  EXPECT_EQ(days.witness.deletes, 25U);
}

TEST_P(AClockThatJumps, LeavesPassesAtTheirPace) {
  Days days(12);
  days.start();
  days.expectWellSoon();
  const auto before = days.passes();
  jump(days, GetParam());
  days.runFor(24h);
  EXPECT_GE(days.passes() - before, 45U);
  EXPECT_LE(days.passes() - before, 51U);
  EXPECT_EQ(days.readyMoves(), 1);
  days.expectInSync();
  const auto verified = days.u.books.books.at(days.u.resource.key).directory.verifiedAt;
  EXPECT_LE(verified, days.u.executor.wallTime()) << "nothing was verified in the future";
  EXPECT_GE(verified, days.u.executor.wallTime() - 1h) << "and the snapshot is not older than it is";
}

TEST_P(AClockThatJumps, KeepsALockOutAsLongAsItWas) {
  Days days(12, 1, 5min);
  days.u.world.da.behavior.banAfter = 0;
  days.start();
  days.expectWellSoon();
  days.u.world.da.account("user").keys = {{.key = "new"}};
  days.runFor(6h);
  const auto before = days.witness.badLogins;
  jump(days, GetParam());
  days.restart();
  days.runFor(24h);
  EXPECT_LE(days.witness.badLogins - before, 26U) << "once an hour, as before";
  EXPECT_GE(days.witness.badLogins - before, 20U) << "and no longer";
  days.u.world.da.account("user").keys = {{.key = "key"}};
  days.expectWellWithin(2h);
}

TEST_P(AClockThatJumps, KeepsARefusedClientAsLongAsItWas) {
  Days days(12, 1, 5min);
  days.start();
  days.expectWellSoon();
  auto& organization = days.u.world.zoho.organization(Universe::kOrganization);
  organization.clientSecret = "other";
  days.u.world.zoho.revokeTokens();
  days.runFor(6h);
  const auto before = days.witness.mints;
  jump(days, GetParam());
  days.restart();
  days.runFor(24h);
  EXPECT_LE(days.witness.mints - before, 26U);
  EXPECT_GE(days.witness.mints - before, 20U);
  organization.clientSecret = "simsecret";
  days.expectWellWithin(2h);
}

TEST_P(AClockThatJumps, KeepsAThrottledOrganisationAsLongAsItWas) {
  Days days(12, 1, 5min);
  days.start();
  days.expectWellSoon();
  auto& behavior = days.u.world.zoho.behavior;
  behavior.callsPerMinute = 2;
  behavior.callLock = 1h;
  behavior.callLockRetryAfter = 1h;
  days.witness.quiet = 1h;
  days.runFor(20min);
  EXPECT_EQ(days.ready(), "Throttled");
  jump(days, GetParam());
  days.runFor(6h);
  behavior.callsPerMinute = 30;
  days.expectWellWithin(1h + 20min);
}
INSTANTIATE_TEST_SUITE_P(By, AClockThatJumps,
                         ::testing::Values(24h, -24h, std::chrono::hours{kYear}, -std::chrono::hours{kYear}));

/// Each hour ahead makes the token old, and what was asked for before as well.
TEST(AClockThatGallops, GetsNoMoreTokensThanTime) {
  Days days(8, 1, 30s);
  days.start();
  days.expectWellSoon();
  // Each call of a listing finds its token older than it is.
  days.u.network.setLatency(5s, 6s);
  for (int i = 0; i < 360 && !HasFailure(); ++i) {
    jump(days, 1h);
    days.runFor(10s);
  }
  EXPECT_GE(days.witness.mints, 50U);
  days.expectWellWithin(18min);
}

class AClockThatJumpsAllTheTime : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(AClockThatJumpsAllTheTime, BreaksNoLimitAndEndsInSync) {
  SCOPED_TRACE("seed " + std::to_string(GetParam()));
  Days days(8, GetParam(), 10min);
  std::mt19937_64 random(GetParam());
  constexpr std::array<std::chrono::hours, 6> kJumps{24h, -24h, kYear, -kYear, 1h, -1h};
  days.start();
  days.expectWellSoon();
  for (int i = 0; i < 150 && !HasFailure(); ++i) {
    jump(days, kJumps.at(random() % kJumps.size()));
    days.runFor(std::chrono::seconds{random() % 120});
    if (i % 50 == 49 && !HasFailure()) days.shrinkBy(1);
    if (random() % 10 == 0) days.runFor(std::chrono::minutes{random() % 200});
  }
  days.runFor(25h);
  days.expectWellSoon();
}
INSTANTIATE_TEST_SUITE_P(Seeds, AClockThatJumpsAllTheTime, ::testing::Range<std::uint64_t>(1, 4));

}  // namespace
}  // namespace splitdelivery::reconcile
