#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>

#include "panel.h"
#include "support/message_style.h"

/// What still leaves, and what an error says about whether its request did.
namespace splitdelivery::mailserver::directadmin {
namespace {

using namespace std::chrono_literals;
using base::Done;
using base::Error;
using base::ErrorKind;
using base::Result;
using base::Task;
using splitdelivery::testing::answered;
using splitdelivery::testing::commandOf;
using splitdelivery::testing::FakeTransport;
using splitdelivery::testing::noAnswer;
using splitdelivery::testing::outcome;
using splitdelivery::testing::Panel;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr const char* kDomains = "CMD_API_SHOW_DOMAINS";
constexpr const char* kForwarders = "CMD_API_EMAIL_FORWARDERS";

/// A create, a replace or a remove.
using Write = std::function<Task<Result<Done>>(Panel&, base::SteadyTime notAfter, std::stop_token)>;

Task<Result<Done>> create(Panel& panel, base::SteadyTime, std::stop_token stop) {
  return panel.store.create("a.example", {"anna", {"anna@zoho.a.example"}}, std::move(stop));
}

Task<Result<Done>> replace(Panel& panel, base::SteadyTime notAfter, std::stop_token stop) {
  return panel.store.replace("a.example", {"anna", {"anna@zoho.a.example"}}, notAfter, std::move(stop));
}

Task<Result<Done>> remove(Panel& panel, base::SteadyTime notAfter, std::stop_token stop) {
  return panel.store.remove("a.example", {"anna"}, notAfter, std::move(stop));
}

Task<Result<Done>> listed(Panel& panel) {
  const auto list = co_await panel.store.list("a.example", {});
  co_return list.transform([](const auto&) { return Done{}; });
}

/// The write's result when two listings hold the account's places for 100 ms.
Result<Done> behindTwoListings(Panel& panel, Task<Result<Done>> write) {
  panel.transport.latency = 100ms;
  std::vector<Task<Result<Done>>> tasks;
  tasks.push_back(listed(panel));
  tasks.push_back(listed(panel));
  tasks.push_back(std::move(write));
  return panel.executor.run(base::all(panel.executor, std::move(tasks))).back();
}

std::size_t writesOf(const Panel& panel) {
  return static_cast<std::size_t>(
      std::ranges::count(panel.transport.requests, std::string("POST"), &http::Request::method));
}

TEST(ARequestThatTheTransportNeverSent, IsSaidToHaveStayed) {
  const std::vector<std::string_view> reasons{http::reason::kConnectFailed, http::reason::kHostNotFound,
                                              http::reason::kTlsFailed, http::reason::kPlainHttp,
                                              http::reason::kInvalidRequest};
  for (const auto reason : reasons) {
    Panel panel;
    panel.transport.become([=](const http::Request&) { return noAnswer(reason); });
    EXPECT_TRUE(panel.list().error().neverSent) << reason;
    EXPECT_TRUE(panel.create().error().neverSent) << reason;
    EXPECT_TRUE(panel.remove().error().neverSent) << reason;
  }
  for (const auto reason : {http::reason::kTimedOut, http::reason::kConnectionLost, http::reason::kAnswerTooLarge,
                            http::reason::kStopped}) {
    Panel panel;
    panel.transport.become([=](const http::Request&) { return noAnswer(reason); });
    EXPECT_FALSE(panel.list().error().neverSent) << reason;
    EXPECT_FALSE(panel.create().error().neverSent) << reason;
    EXPECT_FALSE(panel.remove().error().neverSent) << reason;
  }
}

TEST(AnAnswerFromTheWire, NeverSaysThatTheRequestStayed) {
  for (const auto& reply : {answered(500, ""), answered(404, ""), answered(429, ""), answered(200, "hello"),
                            answered(500, R"({"error":"Invalid"})"), answered(401, ""), answered(200, "<html>")}) {
    Panel panel;
    panel.transport.become([=](const http::Request&) { return reply; });
    EXPECT_FALSE(panel.create().error().neverSent) << reply.status << reply.body;
  }
}

TEST(AnOpenBreaker, KeepsRequestsHereAndSaysSo) {
  Panel panel;
  panel.keyIsGood = false;
  EXPECT_FALSE(panel.create().error().neverSent) << "the one that was refused had left";
  for (const Error& error : {panel.create().error(), panel.replace().error(), panel.remove().error(),
                             panel.list().error(), panel.limits().error()}) {
    EXPECT_EQ(error.reason, "BadCredentials");
    EXPECT_TRUE(error.neverSent);
  }
  panel.executor.advance(5min);
  EXPECT_TRUE(panel.create().error().neverSent) << "only the probe of the breaker left";
}

TEST(ACommandThatIsKnownToLack, StaysHere) {
  Panel panel;
  panel.refusedCommands = {kForwarders, "CMD_API_SHOW_USER_CONFIG"};
  EXPECT_FALSE(panel.create().error().neverSent);
  EXPECT_TRUE(panel.create().error().neverSent);
  EXPECT_FALSE(panel.limits().error().neverSent);
  EXPECT_TRUE(panel.limits().error().neverSent);
}

TEST(ARefusedWriteWhoseCheckNeverLeft, HasLeftAllTheSame) {
  Panel panel;
  panel.transport.become([&](const http::Request& request) -> FakeTransport::Reply {
    return commandOf(request) == kDomains ? noAnswer(http::reason::kConnectFailed) : panel.refusal;
  });
  const auto created = panel.create();
  EXPECT_EQ(outcome(created), "Retry ConnectFailed");
  EXPECT_FALSE(created.error().neverSent);
}

TEST(AThrottledAccount, KeepsWritesHere) {
  Panel panel;
  panel.transport.become([](const http::Request&) { return answered(429, "", {{"retry-after", "90"}}); });
  EXPECT_FALSE(panel.create().error().neverSent);
  EXPECT_EQ(panel.create().error().kind, ErrorKind::Wait);
  EXPECT_TRUE(panel.create().error().neverSent);
  EXPECT_THAT(panel.transport.requests, SizeIs(1));
}

TEST(AForwarderThatCannotBeWritten, StaysHere) {
  Panel panel;
  EXPECT_TRUE(panel.create({"*", {"a@x.example"}}).error().neverSent);
  EXPECT_TRUE(panel.replace({"anna", {}}).error().neverSent);
  EXPECT_TRUE(panel.remove({""}).error().neverSent);
}

TEST(AStopThatCameFirst, KeepsEveryRequestHere) {
  std::stop_source stop;
  stop.request_stop();
  for (const auto& write : {Write(create), Write(replace), Write(remove)}) {
    Panel panel;
    const auto result = panel.executor.run(write(panel, Panel::kAnyTime, stop.get_token()));
    EXPECT_EQ(outcome(result), "Stopped Stopped");
    EXPECT_TRUE(result.error().neverSent);
    EXPECT_THAT(panel.transport.requests, IsEmpty());
  }
  Panel panel;
  EXPECT_TRUE(panel.executor.run(panel.store.list("a.example", stop.get_token())).error().neverSent);
}

TEST(AStop, KeepsAWriteThatStillWaitsForItsPlace) {
  for (const auto& write : {Write(create), Write(replace), Write(remove)}) {
    Panel inOrder;
    std::stop_source early;
    inOrder.executor.runAt(inOrder.executor.now() + 50ms, [&] { early.request_stop(); });
    EXPECT_EQ(outcome(behindTwoListings(inOrder, write(inOrder, Panel::kAnyTime, early.get_token()))),
              "Stopped Stopped");
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
      for (const auto when : {50ms, 100ms}) {
        Panel panel(seed);
        std::stop_source stop;
        panel.executor.runAt(panel.executor.now() + when, [&] { stop.request_stop(); });
        const auto result = behindTwoListings(panel, write(panel, Panel::kAnyTime, stop.get_token()));
        EXPECT_EQ(writesOf(panel), result ? 1U : 0U) << "seed " << seed;
        EXPECT_EQ(outcome(result), result ? "ok" : "Stopped Stopped") << "seed " << seed;
        if (!result) EXPECT_TRUE(result.error().neverSent);
      }
    }
  }
}

TEST(AStop, KeepsAWriteThatWaitsForTheCheckOfABreaker) {
  Panel panel;
  panel.keyIsGood = false;
  (void)panel.list();
  panel.executor.advance(5min);
  panel.keyIsGood = true;
  panel.transport.become([&](const http::Request& request) { return panel.answer(request); });
  std::vector<Task<Result<Done>>> tasks;
  std::stop_source stop;
  tasks.push_back(listed(panel));
  tasks.push_back(create(panel, Panel::kAnyTime, stop.get_token()));
  panel.executor.runAt(panel.executor.now() + 5ms, [&] { stop.request_stop(); });
  const auto results = panel.executor.run(base::all(panel.executor, std::move(tasks)));
  EXPECT_EQ(outcome(results[0]), "ok");
  EXPECT_EQ(outcome(results[1]), "Stopped Stopped");
  EXPECT_TRUE(results[1].error().neverSent);
  EXPECT_EQ(writesOf(panel), 0U);
}

TEST(AStop, NeverCutsOffAWriteThatHasLeft) {
  for (const auto& write : {Write(create), Write(replace), Write(remove)}) {
    Panel panel;
    std::stop_source stop;
    panel.executor.runAt(panel.executor.now() + 5ms, [&] { stop.request_stop(); });
    EXPECT_EQ(outcome(panel.executor.run(write(panel, Panel::kAnyTime, stop.get_token()))), "ok");
  }
  Panel panel;
  std::stop_source stop;
  panel.executor.runAt(panel.executor.now() + 5ms, [&] { stop.request_stop(); });
  EXPECT_EQ(outcome(panel.executor.run(panel.store.list("a.example", stop.get_token()))), "Stopped Stopped")
      << "a reading can be cut off";
}

TEST(AListingThatGotTooOldInTheWait, KeepsItsWriteHere) {
  for (const auto& write : {Write(replace), Write(remove)}) {
    Panel panel;
    const auto result = behindTwoListings(panel, write(panel, panel.executor.now() + 99ms, {}));
    EXPECT_EQ(outcome(result), "Retry ListingTooOld");
    EXPECT_TRUE(result.error().neverSent);
    EXPECT_THAT(result.error().message, ::testing::HasSubstr("too old"));
    splitdelivery::testing::expectStyle(result.error());
    EXPECT_EQ(writesOf(panel), 0U);
  }
}

TEST(AListingThatIsJustYoungEnough, LetsItsWriteGo) {
  for (const auto& write : {Write(replace), Write(remove)}) {
    Panel panel;
    EXPECT_EQ(outcome(behindTwoListings(panel, write(panel, panel.executor.now() + 100ms, {}))), "ok");
    EXPECT_EQ(writesOf(panel), 1U);
  }
}

TEST(ACreate, NeedsNoListingThatIsYoung) {
  Panel panel;
  EXPECT_EQ(outcome(behindTwoListings(panel, create(panel, {}, {}))), "ok");
}

}  // namespace
}  // namespace splitdelivery::mailserver::directadmin
