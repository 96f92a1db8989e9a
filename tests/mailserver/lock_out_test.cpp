#include "mailserver/directadmin/lock_out.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "machine.h"
#include "refusals.h"

/// S9 over restarts: a lock-out outlives the process.
namespace splitdelivery::mailserver::directadmin {
namespace {

using namespace std::chrono_literals;
using splitdelivery::testing::answered;
using splitdelivery::testing::commandOf;
using splitdelivery::testing::everyRefusal;
using splitdelivery::testing::FakeTransport;
using splitdelivery::testing::Machine;
using splitdelivery::testing::noAnswer;
using splitdelivery::testing::outcome;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* kDomains = "CMD_API_SHOW_DOMAINS";
constexpr const char* kForwarders = "CMD_API_EMAIL_FORWARDERS";

TEST(S9AfterARestart, ABadKeyIsNotTriedAgainBeforeItsTime) {
  for (const auto& refusal : everyRefusal()) {
    Machine machine;
    machine.keyIsGood = false;
    machine.refusal = refusal;
    const auto first = machine.listAnew();
    machine.transport.requests.clear();

    machine.executor.advance(2min);
    const auto second = machine.listAnew();
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind, first.error().kind);
    EXPECT_EQ(second.error().reason, "BadCredentials");
    EXPECT_EQ(second.error().message, first.error().message);
    EXPECT_EQ(second.error().retryAfter, 3min);
    EXPECT_TRUE(second.error().neverSent);
    EXPECT_THAT(machine.transport.requests, IsEmpty());
  }
}

TEST(S9AfterARestart, NothingAtAllLeaves) {
  Machine machine;
  machine.keyIsGood = false;
  (void)machine.listAnew();
  machine.transport.requests.clear();
  EXPECT_EQ(outcome(machine.create()), "Stall BadCredentials");
  EXPECT_TRUE(machine.store.shutOut()) << "known once the record is read";
  for (const auto& result : machine.listTogether(5)) EXPECT_EQ(outcome(result), "Stall BadCredentials");
  EXPECT_EQ(outcome(machine.replace()), "Stall BadCredentials");
  EXPECT_EQ(outcome(machine.remove()), "Stall BadCredentials");
  EXPECT_EQ(outcome(machine.domains()), "Stall BadCredentials");
  EXPECT_EQ(outcome(machine.setLocalDelivery(true)), "Stall BadCredentials");
  EXPECT_THAT(machine.transport.requests, IsEmpty());
}

TEST(S9AfterARestart, ABannedAddressIsStillSaidToBeOne) {
  Machine machine;
  machine.keyIsGood = false;
  machine.refusal = answered(200, "", {{"x-directadmin", "IP blacklisted"}});
  const auto first = machine.listAnew();
  EXPECT_EQ(outcome(first), "Stall AddressBanned");
  machine.transport.requests.clear();
  const auto second = machine.listAnew();
  EXPECT_EQ(outcome(second), "Stall AddressBanned");
  EXPECT_EQ(second.error().message, first.error().message);
  EXPECT_THAT(machine.transport.requests, IsEmpty());
}

TEST(S9AfterARestart, AChangedSecretStartsClean) {
  Machine machine;
  machine.keyIsGood = false;
  (void)machine.listAnew("wrong");
  machine.keyIsGood = true;
  machine.transport.requests.clear();
  EXPECT_EQ(outcome(machine.listAnew("right")), "ok");
  EXPECT_THAT(machine.transport.commands(), ElementsAre(kForwarders));
  EXPECT_EQ(outcome(machine.listAnew("wrong")), "Stall BadCredentials") << "the old one is still locked";
}

TEST(S9AfterARestart, AnExpiredLockCostsOneProbeAndGoesWithItsAcceptance) {
  Machine machine;
  machine.keyIsGood = false;
  (void)machine.listAnew();
  EXPECT_EQ(machine.record().lockedBecause, "BadCredentials");
  machine.transport.requests.clear();
  machine.keyIsGood = true;
  machine.executor.advance(5min);
  EXPECT_EQ(outcome(machine.listAnew()), "ok");
  EXPECT_THAT(machine.transport.commands(), ElementsAre(kDomains, kForwarders));
  EXPECT_EQ(machine.record().lockedUntil, std::nullopt);
  EXPECT_EQ(machine.record().lockedBecause, "");

  machine.transport.requests.clear();
  EXPECT_EQ(outcome(machine.listAnew()), "ok");
  EXPECT_THAT(machine.transport.commands(), ElementsAre(kForwarders));
  machine.keyIsGood = false;
  EXPECT_EQ(machine.listAnew().error().retryAfter, 5min) << "the pauses begin anew";
}

TEST(S9AfterARestart, ThePausesGoOnDoublingUpToAnHour) {
  Machine machine;
  machine.keyIsGood = false;
  (void)machine.listAnew();
  for (const auto pause : {5min, 10min, 20min, 40min, 60min, 60min}) {
    machine.transport.requests.clear();
    machine.executor.advance(pause - 1s);
    EXPECT_EQ(outcome(machine.listAnew()), "Stall BadCredentials");
    EXPECT_THAT(machine.transport.requests, IsEmpty()) << pause.count();
    machine.executor.advance(1s);
    EXPECT_EQ(outcome(machine.listAnew()), "Stall BadCredentials");
    EXPECT_THAT(machine.transport.commands(), ElementsAre(kDomains)) << pause.count();
  }
}

TEST(S9AfterARestart, CronsDayWithABadKeyIsAsQuietAsOneProcesssDay) {
  Machine cron;
  cron.keyIsGood = false;
  for (int minute = 0; minute < 24 * 60; ++minute) {
    (void)cron.listAnew();
    cron.executor.advance(1min);
  }
  Machine daemon;
  daemon.keyIsGood = false;
  for (int minute = 0; minute < 24 * 60; ++minute) {
    (void)daemon.list();
    daemon.executor.advance(1min);
  }
  EXPECT_LE(cron.transport.requests.size(), daemon.transport.requests.size() + 1);
  EXPECT_LT(cron.transport.requests.size(), 30U);
}

TEST(S9AfterARestart, AProbeThatNeverReportedBackIsNotRepeatedAtOnce) {
  Machine machine;
  machine.keyIsGood = false;
  (void)machine.listAnew();
  machine.executor.advance(5min);
  machine.transport.requests.clear();
  machine.transport.become([](const http::Request&) { return noAnswer(http::reason::kTimedOut); });
  EXPECT_EQ(outcome(machine.listAnew()), "Retry TimedOut");
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(outcome(machine.listAnew()), "Stall BadCredentials");
    machine.executor.advance(1min);
  }
  EXPECT_THAT(machine.transport.commands(), ElementsAre(kDomains));
}

TEST(S9AfterARestart, AProbeThatIsThrottledLeavesTheAccountShutOut) {
  Machine machine;
  machine.keyIsGood = false;
  (void)machine.listAnew();
  machine.executor.advance(5min);
  machine.throttle("90");
  EXPECT_EQ(outcome(machine.listAnew()), "Wait Throttled");
  EXPECT_EQ(machine.record().lockedBecause, "BadCredentials");
  machine.transport.requests.clear();
  EXPECT_EQ(outcome(machine.listAnew()), "Stall BadCredentials");
  EXPECT_THAT(machine.transport.requests, IsEmpty());
}

TEST(S9AfterARestart, APauseThatTheServerAskedForIsKept) {
  Machine machine;
  machine.throttle("90");
  EXPECT_EQ(outcome(machine.listAnew()), "Wait Throttled");
  machine.answerAsUsual();
  machine.transport.requests.clear();
  machine.executor.advance(60s);
  const auto held = machine.listAnew();
  ASSERT_FALSE(held);
  EXPECT_EQ(held.error().kind, base::ErrorKind::Wait);
  EXPECT_EQ(held.error().retryAfter, 30s);
  EXPECT_TRUE(held.error().neverSent);
  EXPECT_THAT(machine.transport.requests, IsEmpty());
  machine.executor.advance(30s);
  EXPECT_EQ(outcome(machine.listAnew()), "ok");
  EXPECT_THAT(machine.transport.commands(), ElementsAre(kForwarders)) << "no probe: nobody was refused";
}

TEST(S9AfterARestart, APauseIsNotEndedByAnAcceptanceBesideIt) {
  Machine machine;
  machine.transport.become([&](const http::Request& request) -> FakeTransport::Reply {
    if (commandOf(request) == kDomains) return answered(200, R"(["a.example"])");
    return commandOf(request) == "CMD_API_POP" ? machine.refusal : answered(429, "", {{"retry-after", "90"}});
  });
  machine.transport.slowCommand = "CMD_API_POP";
  std::vector<base::Task<base::Result<base::Done>>> tasks;
  const auto nothing = [](const auto&) { return base::Done{}; };
  const auto mailboxes = [](Store& store, auto map) -> base::Task<base::Result<base::Done>> {
    co_return (co_await store.mailboxes("a.example", {})).transform(map);
  };
  const auto list = [](Store& store, auto map) -> base::Task<base::Result<base::Done>> {
    co_return (co_await store.list("a.example", {})).transform(map);
  };
  tasks.push_back(mailboxes(machine.store, nothing));
  tasks.push_back(list(machine.store, nothing));
  const auto results = machine.executor.run(base::all(machine.executor, std::move(tasks)));
  EXPECT_EQ(outcome(results[0]), "Stall LoginKeyLacksCommand");
  EXPECT_EQ(outcome(results[1]), "Wait Throttled");
  machine.transport.requests.clear();
  EXPECT_EQ(machine.listAnew().error().kind, base::ErrorKind::Wait);
  EXPECT_THAT(machine.transport.requests, IsEmpty());
}

}  // namespace
}  // namespace splitdelivery::mailserver::directadmin
