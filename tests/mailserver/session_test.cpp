#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "panel.h"
#include "refusals.h"
#include "support/message_style.h"

/// How the store behaves towards a server that does not let it in: S9.
namespace splitdelivery::mailserver::directadmin {
namespace {

using namespace std::chrono_literals;
using base::ErrorKind;
using base::Task;
using splitdelivery::testing::answered;
using splitdelivery::testing::commandOf;
using splitdelivery::testing::everyRefusal;
using splitdelivery::testing::FakeTransport;
using splitdelivery::testing::noAnswer;
using splitdelivery::testing::outcome;
using splitdelivery::testing::Panel;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kDomains = "CMD_API_SHOW_DOMAINS";
constexpr const char* kForwarders = "CMD_API_EMAIL_FORWARDERS";

TEST(ABadKey, CostsTwoRequestsAndThenNoneForAnybody) {
  for (const auto& refusal : everyRefusal()) {
    Panel panel;
    panel.keyIsGood = false;
    panel.refusal = refusal;
    EXPECT_EQ(outcome(panel.list()), "Stall BadCredentials");
    EXPECT_THAT(panel.transport.commands(), ElementsAre(kForwarders, kDomains));

    EXPECT_EQ(outcome(panel.list()), "Stall BadCredentials");
    EXPECT_EQ(outcome(panel.domains()), "Stall BadCredentials");
    EXPECT_EQ(outcome(panel.mailboxes()), "Stall BadCredentials");
    EXPECT_EQ(outcome(panel.limits()), "Stall BadCredentials");
    EXPECT_EQ(outcome(panel.create()), "Stall BadCredentials");
    EXPECT_EQ(outcome(panel.replace()), "Stall BadCredentials");
    EXPECT_EQ(outcome(panel.remove()), "Stall BadCredentials");
    EXPECT_EQ(panel.transport.requests.size(), 2U) << "an open breaker lets nothing out";
  }
}

TEST(ABadKey, CostsOneRequestWhenTheDomainsAreAskedForFirst) {
  Panel panel;
  panel.keyIsGood = false;
  EXPECT_EQ(outcome(panel.domains()), "Stall BadCredentials");
  EXPECT_EQ(outcome(panel.domains()), "Stall BadCredentials");
  EXPECT_THAT(panel.transport.commands(), ElementsAre(kDomains));
}

TEST(ABadKey, IsNamedWithItsServerAndWhatToCheckButNeverShown) {
  Panel panel;
  panel.keyIsGood = false;
  const auto error = panel.list().error();
  splitdelivery::testing::expectStyle(error);
  EXPECT_THAT(error.message, HasSubstr("https://eagle.example:2222"));
  EXPECT_THAT(error.message, HasSubstr("login key"));
  EXPECT_THAT(error.message, ::testing::Not(HasSubstr("k3y")));
  EXPECT_TRUE(panel.list().error().retryAfter) << "the breaker says when it tries again";
}

TEST(ABadKey, IsSaidWithWhenItIsTriedAgainFromTheFirstRefusalOn) {
  Panel panel;
  panel.keyIsGood = false;
  const auto results = panel.listTogether(3);
  for (const auto& result : results) EXPECT_EQ(result.error().retryAfter, 5min);
  panel.executor.advance(5min);
  EXPECT_EQ(panel.list().error().retryAfter, 10min) << "and with the longer pause from the probe on";
}

TEST(ManyCallersWithABadKey, ShareOneCheckAndSendNothingMore) {
  for (const std::uint64_t seed : {1U, 2U, 3U, 4U, 5U}) {
    Panel panel(seed);
    panel.keyIsGood = false;
    const auto results = panel.listTogether(20);
    for (const auto& result : results) EXPECT_EQ(outcome(result), "Stall BadCredentials");
    EXPECT_THAT(panel.transport.commands(), ElementsAre(kForwarders, kForwarders, kDomains))
        << "two were under way together; one check answers both";
    EXPECT_EQ(panel.transport.most, 2U);
  }
}

TEST(ARefusalThatComesWhenTheBreakerIsOpenAlready, IsNotCheckedAgain) {
  Panel panel;
  panel.keyIsGood = false;
  panel.transport.slowCommand = "CMD_API_POP";
  std::vector<Task<base::Result<std::vector<std::string>>>> callers;
  callers.push_back(panel.store.mailboxes("a.example", {}));
  callers.push_back(panel.store.domains({}));
  const auto results = panel.executor.run(base::all(panel.executor, std::move(callers)));
  for (const auto& result : results) EXPECT_EQ(outcome(result), "Stall BadCredentials");
  EXPECT_THAT(panel.transport.commands(), ElementsAre("CMD_API_POP", kDomains));
}

TEST(ABannedAddress, IsSaidToBeOne) {
  Panel panel;
  panel.keyIsGood = false;
  panel.refusal = answered(200, "", {{"x-directadmin", "IP blacklisted"}});
  EXPECT_EQ(outcome(panel.create()), "Stall AddressBanned");
  EXPECT_THAT(panel.transport.commands(), ElementsAre(kForwarders, kDomains));
  EXPECT_EQ(outcome(panel.domains()), "Stall AddressBanned");
  EXPECT_EQ(panel.transport.requests.size(), 2U);
}

TEST(ABannedAddress, IsRememberedFromTheFirstRefusal) {
  Panel panel;
  panel.transport.become([&](const http::Request& request) -> FakeTransport::Reply {
    if (commandOf(request) == kDomains) return answered(200, "<html>login</html>");
    return answered(401, "", {{"x-directadmin", "blacklisted"}});
  });
  EXPECT_EQ(outcome(panel.list()), "Stall AddressBanned");
}

TEST(ACommandThatTheKeyLacks, IsNamedAndConcernsNothingElse) {
  for (const auto& refusal : everyRefusal()) {
    Panel panel;
    panel.refusal = refusal;
    panel.refusedCommands = {"CMD_API_POP"};
    const auto result = panel.mailboxes();
    EXPECT_EQ(outcome(result), "Stall LoginKeyLacksCommand");
    EXPECT_THAT(result.error().message, HasSubstr("add CMD_API_POP"));
    splitdelivery::testing::expectStyle(result.error());
    EXPECT_THAT(panel.transport.commands(), ElementsAre("CMD_API_POP", kDomains));
    EXPECT_EQ(outcome(panel.list()), "ok");
    EXPECT_EQ(outcome(panel.create()), "ok");

    panel.refusedCommands.clear();
    panel.executor.advance(30s);
    EXPECT_EQ(outcome(panel.mailboxes()), "ok") << "in the next pass after the person has added it";
  }
}

TEST(ARefusedWrite, IsCheckedToo) {
  Panel panel;
  panel.refusedCommands = {kForwarders};
  EXPECT_EQ(outcome(panel.remove()), "Stall LoginKeyLacksCommand");
  EXPECT_THAT(panel.transport.commands(), ElementsAre(kForwarders, kDomains));
}

TEST(ManyWritesThatTheKeyDoesNotCover, AreRefusedByTheServerOnce) {
  Panel panel;
  panel.transport.become(
      [&](const http::Request& request) { return request.method == "POST" ? panel.refusal : panel.answer(request); });
  for (int i = 0; i < 500; ++i) EXPECT_EQ(outcome(panel.create()), "Stall LoginKeyLacksCommand");
  EXPECT_THAT(panel.transport.commands(), ElementsAre(kForwarders, kDomains));
  EXPECT_EQ(outcome(panel.list()), "ok") << "reading with the same command is another matter";
}

TEST(ManyCallersOfALackingCommand, ShareTheCheckOfThoseThatWereUnderWayTogether) {
  Panel panel;
  panel.refusedCommands = {kForwarders};
  const auto results = panel.listTogether(2);
  for (const auto& result : results) EXPECT_EQ(outcome(result), "Stall LoginKeyLacksCommand");
  EXPECT_THAT(panel.transport.commands(), ElementsAre(kForwarders, kForwarders, kDomains));
}

TEST(AnOpenBreaker, IsTriedWithOneRequestAndClosesWhenThatIsAccepted) {
  Panel panel;
  panel.keyIsGood = false;
  (void)panel.list();
  panel.transport.requests.clear();

  panel.executor.advance(5min);
  EXPECT_EQ(outcome(panel.create()), "Stall BadCredentials");
  EXPECT_THAT(panel.transport.commands(), ElementsAre(kDomains)) << "the write itself stays here";
  panel.executor.advance(5min);
  EXPECT_EQ(outcome(panel.list()), "Stall BadCredentials");
  EXPECT_EQ(panel.transport.requests.size(), 1U) << "the second pause is twice as long";

  panel.executor.advance(5min);
  panel.keyIsGood = true;
  EXPECT_EQ(outcome(panel.list()), "ok");
  EXPECT_THAT(panel.transport.commands(), ElementsAre(kDomains, kDomains, kForwarders));
  EXPECT_EQ(outcome(panel.list()), "ok");
  EXPECT_EQ(panel.transport.requests.size(), 4U);
}

TEST(AnOpenBreaker, LetsOthersWaitForItsProbeAndThenThrough) {
  Panel panel;
  panel.keyIsGood = false;
  (void)panel.list();
  panel.transport.requests.clear();
  panel.executor.advance(5min);
  panel.keyIsGood = true;
  const auto results = panel.listTogether(5);
  for (const auto& result : results) EXPECT_EQ(outcome(result), "ok");
  EXPECT_THAT(panel.transport.commands(),
              ElementsAre(kDomains, kForwarders, kForwarders, kForwarders, kForwarders, kForwarders));
}

TEST(AnOpenBreaker, StaysOpenWhenItsProbeHasNoVerdict) {
  Panel panel;
  panel.keyIsGood = false;
  (void)panel.list();
  panel.executor.advance(5min);
  panel.transport.requests.clear();
  panel.transport.become([](const http::Request&) { return noAnswer(http::reason::kTimedOut); });
  EXPECT_EQ(outcome(panel.list()), "Retry TimedOut");
  EXPECT_EQ(outcome(panel.list()), "Stall BadCredentials");
  EXPECT_EQ(panel.transport.requests.size(), 1U);
}

TEST(ACheckWithoutAVerdict, BlamesNeitherTheKeyNorTheCommand) {
  Panel panel;
  panel.transport.become([&](const http::Request& request) -> FakeTransport::Reply {
    if (commandOf(request) == kDomains) return answered(502, "<html>Bad Gateway</html>");
    return panel.refusal;
  });
  EXPECT_EQ(outcome(panel.list()), "Retry ServerError");
  panel.transport.become([&](const http::Request& request) { return panel.answer(request); });
  EXPECT_EQ(outcome(panel.list()), "ok") << "the breaker stayed closed";
}

TEST(ACheckThatItsStarterStopped, IsTriedAgainByThoseWhoSharedIt) {
  Panel panel;
  panel.refusedCommands = {kForwarders};
  std::stop_source stop;
  std::vector<Task<base::Result<api::Forwarders>>> callers;
  callers.push_back(panel.store.list("a.example", stop.get_token()));
  callers.push_back(panel.store.list("a.example", {}));
  panel.executor.runAt(panel.executor.now() + 15ms, [&] { stop.request_stop(); });
  const auto results = panel.executor.run(base::all(panel.executor, std::move(callers)));
  EXPECT_EQ(results[0].error().kind, ErrorKind::Stopped);
  EXPECT_EQ(results[1].error().kind, ErrorKind::Retry);
}

TEST(OneAccount, HasTwoRequestsUnderWayAtMost) {
  Panel panel;
  const auto results = panel.listTogether(30);
  for (const auto& result : results) EXPECT_EQ(outcome(result), "ok");
  EXPECT_EQ(panel.transport.most, 2U);
  EXPECT_EQ(panel.executor.now(), base::SteadyTime{} + 150ms) << "and no fewer";
}

TEST(AThrottledAccount, SendsNothingUntilThePauseIsOver) {
  Panel panel;
  panel.transport.become([](const http::Request&) { return answered(429, "", {{"retry-after", "90"}}); });
  const auto first = panel.list();
  EXPECT_EQ(outcome(first), "Wait Throttled");
  EXPECT_EQ(first.error().retryAfter, 90s);
  panel.transport.become([&](const http::Request& request) { return panel.answer(request); });
  panel.executor.advance(60s);
  EXPECT_EQ(panel.create().error().kind, ErrorKind::Wait);
  EXPECT_EQ(panel.transport.requests.size(), 1U);
  panel.executor.advance(31s);
  EXPECT_EQ(outcome(panel.create()), "ok");
}

TEST(AThrottledAccount, WaitsForAnHourAtMost) {
  for (const char* header : {"86400", "999999999999999999999", "Fri, 31 Dec 2100 23:59:59 GMT"}) {
    Panel panel;
    panel.transport.become([=](const http::Request&) { return answered(429, "", {{"retry-after", header}}); });
    EXPECT_EQ(panel.list().error().retryAfter, 1h) << header;
    panel.transport.become([&](const http::Request& request) { return panel.answer(request); });
    panel.executor.advance(1h);
    EXPECT_EQ(outcome(panel.list()), "ok") << header;
  }
  Panel panel;
  panel.transport.become([](const http::Request&) { return answered(503, "", {{"retry-after", "86400"}}); });
  EXPECT_EQ(panel.list().error().retryAfter, 1h);
}

TEST(AStop, EndsTheWaitForAPlaceWithoutARequest) {
  Panel panel;
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(panel.executor.run(panel.store.list("a.example", stop.get_token())).error().kind, ErrorKind::Stopped);
  EXPECT_THAT(panel.transport.requests, IsEmpty());
}

}  // namespace
}  // namespace splitdelivery::mailserver::directadmin
