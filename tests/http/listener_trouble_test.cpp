// What people do to a listener: too many, too slow, gone in the middle; and how it goes itself.

#include <gmock/gmock.h>

#include <future>

#include "http/blocking_run.h"
#include "http/listening.h"

namespace splitdelivery::http {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST_F(ListenerTest, RefusesMoreRequestsAtATimeThanItShouldCarry) {
  const std::string address = listen(gated(), {.requests = 2});
  Caller first(address);
  Caller second(address);
  first.send(get("/"));
  second.send(get("/"));
  awaitEntered(2);
  EXPECT_THAT(ask(address, get("/")), StartsWith("HTTP/1.1 503"));
  openGate();
  EXPECT_THAT(first.rest(), EndsWith("late"));
  EXPECT_THAT(second.rest(), EndsWith("late"));
  Caller third(address);
  third.send(get("/"));
  awaitEntered(3);
  openGate();
  EXPECT_THAT(third.rest(), EndsWith("late")) << "the places are free again";
}

TEST_F(ListenerTest, AnswersThroughTwoHundredIdleConnections) {
  const std::string address = listen(echo);
  std::vector<Caller> idle;
  for (int i = 0; i < 200; ++i) {
    idle.emplace_back(address);
    ASSERT_TRUE(idle.back().connected());
    if (i % 2 == 0) idle.back().send("GET / HT");
  }
  EXPECT_THAT(ask(address, get("/alive")), EndsWith("GET|/alive||"));
  EXPECT_FALSE(idle.front().closedWithin(0ms)) << "they are let be for a while";
}

TEST_F(ListenerTest, MakesRoomAtTheCostOfWhoWasIdleForLongest) {
  const std::string address = listen(gated(), {.connections = 3});
  Caller busy(address);
  busy.send(get("/"));
  awaitEntered(1);
  Caller idle(address);
  EXPECT_FALSE(idle.closedWithin(20ms));
  Caller younger(address);
  EXPECT_FALSE(younger.closedWithin(20ms));
  Caller newest(address);
  EXPECT_TRUE(idle.closedWithin(kPatience));
  newest.send(get("/"));
  awaitEntered(2);
  EXPECT_FALSE(younger.closedWithin(0ms));
  openGate();
  EXPECT_THAT(busy.rest(), EndsWith("late")) << "who is being answered is never thrown out";
  EXPECT_THAT(newest.rest(), EndsWith("late"));
}

TEST_F(ListenerTest, ClosesConnectionsThatStaySilentAndRequestsThatDrip) {
  const std::string address = listen(echo, {.patience = 200ms});
  Caller silent(address);
  Caller half(address);
  half.send("GET / HT");
  Caller kept(address);
  kept.send(get("/", ""));
  EXPECT_THAT(kept.answerEndingWith("GET|/||"), StartsWith("HTTP/1.1 200"));
  Caller dripping(address);
  const auto start = std::chrono::steady_clock::now();
  // A byte every 20 ms: none of the pauses is long.
  while (dripping.send("G") && !dripping.closedWithin(20ms) && std::chrono::steady_clock::now() < start + kPatience) {
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, kPatience);
  for (Caller* caller : {&silent, &half, &kept}) EXPECT_TRUE(caller->closedWithin(kPatience));
}

base::Task<OutgoingAnswer> huge(IncomingRequest) {
  co_return OutgoingAnswer{.body = std::string(std::size_t{64} << 20U, 'x')};
}

TEST_F(ListenerTest, GivesUpOnWhoDoesNotTakeItsAnswer) {
  const std::string address = listen(huge, {.connections = 1, .patience = 200ms});
  Caller stuck(address);
  stuck.send(get("/"));
  const auto until = std::chrono::steady_clock::now() + kPatience;
  bool served = false;  // only when the one place has become free
  while (!served && std::chrono::steady_clock::now() < until) {
    Caller next(address);
    next.send("nonsense\r\n\r\n");
    served = next.rest().starts_with("HTTP/1.1 400");
  }
  EXPECT_TRUE(served);
}

TEST_F(ListenerTest, SurvivesCallersThatVanishAtEveryPoint) {
  const std::string address = listen(gated());
  for (int i = 0; i < 30; ++i) {
    Caller caller(address);
    if (i % 3 == 1) caller.send("GET / HTTP/1.1\r\n");
    if (i % 3 == 2) {
      caller.send(get("/"));
      awaitEntered(i / 3 + 1);
    }
    caller.reset();
  }
  openGate();
  Caller alive(address);
  alive.send(get("/"));
  awaitEntered(11);
  openGate();
  EXPECT_THAT(alive.rest(), EndsWith("late"));
}

TEST_F(ListenerTest, CarriesManyCallersAtATime) {
  const std::string address = listen(echo);
  std::vector<std::future<int>> crowd;
  for (int i = 0; i < 8; ++i) {
    crowd.push_back(std::async(std::launch::async, [&address] {
      int good = 0;
      for (int n = 0; n < 50; ++n) good += ask(address, get("/n")).ends_with("GET|/n||") ? 1 : 0;
      return good;
    }));
  }
  for (auto& one : crowd) EXPECT_EQ(one.get(), 50);
}

TEST_F(ListenerTest, AnswersWhatIsUnderWayBeforeItGoes) {
  const std::string address = listen(gated());
  Caller idle(address);
  Caller waiting(address);
  waiting.send(get("/", ""));
  awaitEntered(1);
  auto gone = std::async(std::launch::async, [this] { listener_.reset(); });
  EXPECT_TRUE(idle.closedWithin(kPatience));
  EXPECT_EQ(gone.wait_for(0ms), std::future_status::timeout) << "it waits";
  openGate();
  EXPECT_THAT(waiting.rest(), AllOf(HasSubstr("Connection: close"), EndsWith("late")));
  EXPECT_EQ(gone.wait_for(kPatience), std::future_status::ready);
  EXPECT_FALSE(Caller(address).connected());
}

TEST_F(ListenerTest, DoesNotWaitForEverForAHandlerThatHangs) {
  const std::string address = listen(gated(), {.drain = 50ms});
  Caller waiting(address);
  waiting.send(get("/"));
  awaitEntered(1);
  listener_.reset();
  EXPECT_EQ(waiting.rest(), "");
  openGate();  // its answer is for nobody
  runBlocking(executor_, base::sleepFor(executor_, 1ms, {}));
}

TEST_F(ListenerTest, MayGoOnTheExecutorItself) {
  const std::string address = listen(gated());
  Caller waiting(address);
  waiting.send(get("/"));
  awaitEntered(1);
  std::promise<void> gone;
  executor_.post([&] {
    listener_.reset();
    gone.set_value();
  });
  ASSERT_EQ(gone.get_future().wait_for(kPatience), std::future_status::ready);
  EXPECT_EQ(waiting.rest(), "");
  openGate();  // its answer is for nobody
  runBlocking(executor_, base::sleepFor(executor_, 1ms, {}));
}

}  // namespace
}  // namespace splitdelivery::http
