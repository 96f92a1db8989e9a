#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "machine.h"

/// S9 over restarts: what clocks, records and people may do to a lock-out.
namespace splitdelivery::mailserver::directadmin {
namespace {

using namespace std::chrono_literals;
using splitdelivery::testing::answered;
using splitdelivery::testing::Machine;
using splitdelivery::testing::outcome;
using splitdelivery::testing::Panel;
using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr const char* kDomains = "CMD_API_SHOW_DOMAINS";
constexpr const char* kForwarders = "CMD_API_EMAIL_FORWARDERS";

TEST(AClockThatWasPutBack, LocksForNoLongerThanThePauseWas) {
  for (const auto back : {1h, 24h, 24h * 365 * 30}) {
    Machine machine;
    machine.keyIsGood = false;
    (void)machine.listAnew();
    machine.executor.setWallTime(machine.executor.wallTime() - back);
    machine.transport.requests.clear();
    EXPECT_EQ(machine.listAnew().error().retryAfter, 5min) << "neither longer nor none";
    for (int minute = 0; minute < 5; ++minute) {
      (void)machine.listAnew();
      EXPECT_THAT(machine.transport.requests, IsEmpty());
      machine.executor.advance(1min);
    }
    machine.keyIsGood = true;
    EXPECT_EQ(outcome(machine.listAnew()), "ok") << "each new process counts on, none begins anew";
  }
}

TEST(AClockThatWasPutBack, LocksForAnHourAtMostWhereThePauseIsNotKnown) {
  Machine machine;
  machine.records.records[Panel::account("k3y").digest()] = {.lockedUntil = machine.executor.wallTime() + 24h * 365,
                                                             .lockedBecause = "BadCredentials"};
  EXPECT_EQ(machine.listAnew().error().retryAfter, 1h);
  machine.executor.advance(59min);
  EXPECT_EQ(machine.listAnew().error().retryAfter, 1min);
  machine.executor.advance(1min);
  EXPECT_EQ(outcome(machine.listAnew()), "ok");
}

TEST(AClockThatWasPutBack, DoesNotStretchAPauseOfTheServersEither) {
  Machine machine;
  machine.throttle("90");
  (void)machine.listAnew();
  machine.answerAsUsual();
  machine.executor.setWallTime(machine.executor.wallTime() - 24h);
  EXPECT_EQ(machine.listAnew().error().retryAfter, 90s);
  machine.executor.advance(90s);
  EXPECT_EQ(outcome(machine.listAnew()), "ok");
}

TEST(AClockThatWasPutForward, CostsOneProbe) {
  Machine machine;
  machine.keyIsGood = false;
  (void)machine.listAnew();
  machine.transport.requests.clear();
  machine.executor.setWallTime(machine.executor.wallTime() + 24h);
  (void)machine.listAnew();
  (void)machine.listAnew();
  EXPECT_THAT(machine.transport.commands(), ElementsAre(kDomains));
}

TEST(ALockOfAnUnknownReason, ShutsTheAccountOutAllTheSame) {
  Machine machine;
  machine.records.records[Panel::account("k3y").digest()] = {
      .lockedUntil = machine.executor.wallTime() + 5min, .lockedFor = 5min, .lockedBecause = "SomethingNewer"};
  EXPECT_EQ(outcome(machine.listAnew()), "Stall BadCredentials");
  EXPECT_THAT(machine.transport.requests, IsEmpty());
}

TEST(TheRecord, IsReadOnceAndBeforeTheFirstRequest) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    Panel panel(seed);
    for (const auto& result : panel.listTogether(10)) EXPECT_EQ(outcome(result), "ok");
    (void)panel.domains();
    EXPECT_EQ(panel.records.loads, 1) << "seed " << seed;
    EXPECT_EQ(panel.records.saves, 0) << "nothing to write down";
  }
}

TEST(TheRecord, KeepsWhatElseIsInIt) {
  Machine machine;
  auto& record = machine.records.records[Panel::account("k3y").digest()];
  record.mints = {machine.executor.wallTime()};
  const auto mints = record.mints;
  machine.keyIsGood = false;
  (void)machine.listAnew();
  EXPECT_EQ(machine.record().mints, mints);
}

TEST(APersonWhoAsks, HasAnAccountProbedAtOnce) {
  Panel panel;
  panel.keyIsGood = false;
  (void)panel.list();
  panel.executor.advance(30s);
  panel.transport.requests.clear();
  panel.keyIsGood = true;
  EXPECT_EQ(outcome(panel.list()), "Stall BadCredentials");
  panel.store.tryAgain();
  EXPECT_TRUE(panel.store.shutOut()) << "until the probe";
  EXPECT_EQ(outcome(panel.list()), "ok");
  EXPECT_FALSE(panel.store.shutOut());
  EXPECT_THAT(panel.transport.commands(), ElementsAre(kDomains, kForwarders));
}

TEST(APersonWhoAsks, HasAnAccountOfAnEarlierProcessProbedToo) {
  Machine machine;
  machine.keyIsGood = false;
  (void)machine.listAnew();
  machine.executor.advance(30s);
  machine.keyIsGood = true;
  EXPECT_EQ(outcome(machine.listAnew()), "Stall BadCredentials");
  EXPECT_EQ(outcome(machine.listAnew("k3y", true)), "ok");
}

TEST(APersonWhoAsksAllTheTime, GetsOneProbeInThirtySeconds) {
  Machine daemon;
  daemon.keyIsGood = false;
  (void)daemon.list();
  daemon.transport.requests.clear();
  Machine cron;
  cron.keyIsGood = false;
  (void)cron.listAnew();
  cron.transport.requests.clear();
  for (int second = 0; second < 300; ++second) {
    daemon.executor.advance(1s);
    daemon.store.tryAgain();
    (void)daemon.list();
    cron.executor.advance(1s);
    (void)cron.listAnew("k3y", true);
  }
  EXPECT_THAT(daemon.transport.commands(), AllOf(Each(kDomains), SizeIs(::testing::Le(10U))));
  EXPECT_THAT(cron.transport.commands(), AllOf(Each(kDomains), SizeIs(::testing::Le(10U))));
  EXPECT_GE(daemon.transport.requests.size(), 9U) << "but that it does";
  EXPECT_GE(cron.transport.requests.size(), 9U);
}

TEST(APersonWhoAsks, DoesNotEndAPauseThatTheServerAskedFor) {
  Panel panel;
  panel.transport.become([](const http::Request&) { return answered(429, "", {{"retry-after", "90"}}); });
  (void)panel.list();
  panel.executor.advance(40s);
  panel.store.tryAgain();
  EXPECT_EQ(panel.list().error().kind, base::ErrorKind::Wait);
  EXPECT_THAT(panel.transport.requests, SizeIs(1));
}

}  // namespace
}  // namespace splitdelivery::mailserver::directadmin
