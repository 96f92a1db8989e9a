#include "http/breaker.h"

#include <gtest/gtest.h>

#include "support/virtual_executor.h"

namespace splitdelivery::http {
namespace {

using namespace std::chrono_literals;
using testing::VirtualExecutor;

const base::Error kRefused{base::ErrorKind::Stall, "InvalidCredentials", "The login key was refused."};

TEST(ABreaker, LetsEverythingThroughUntilItIsTripped) {
  const VirtualExecutor executor;
  CircuitBreaker breaker(executor);
  EXPECT_FALSE(breaker.open());
  EXPECT_EQ(breaker.refusal(), std::nullopt);
  EXPECT_EQ(breaker.refusal(), std::nullopt);
  breaker.succeed();
  EXPECT_FALSE(breaker.open());
}

TEST(ABreaker, ThatIsOpenRefusesWithWhatOpenedItAndTheTimeLeft) {
  VirtualExecutor executor;
  CircuitBreaker breaker(executor, 5min);
  breaker.trip(kRefused);
  EXPECT_TRUE(breaker.open());
  executor.advance(2min + 500ms);
  const auto refusal = breaker.refusal();
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->kind, base::ErrorKind::Stall);
  EXPECT_EQ(refusal->reason, "InvalidCredentials");
  EXPECT_EQ(refusal->message, kRefused.message);
  EXPECT_EQ(refusal->retryAfter, 180s) << "rounded up";
}

TEST(ABreaker, LetsOneProbeThroughWhenThePauseIsOver) {
  VirtualExecutor executor;
  CircuitBreaker breaker(executor, 5min);
  breaker.trip(kRefused);
  executor.advance(5min);
  EXPECT_EQ(breaker.refusal(), std::nullopt);
  EXPECT_TRUE(breaker.refusal()) << "one only";
  breaker.succeed();
  EXPECT_FALSE(breaker.open());
  EXPECT_EQ(breaker.refusal(), std::nullopt);
}

TEST(ABreaker, WaitsTwiceAsLongAfterEachProbeThatFailsUpToAnHour) {
  VirtualExecutor executor;
  CircuitBreaker breaker(executor, 5min);
  breaker.trip(kRefused);
  for (const auto pause : {5min, 10min, 20min, 40min, 60min, 60min}) {
    executor.advance(pause - 1ms);
    EXPECT_TRUE(breaker.refusal()) << pause.count();
    executor.advance(1ms);
    EXPECT_FALSE(breaker.refusal()) << pause.count();
    breaker.trip(kRefused);
  }
  executor.advance(1h);
  ASSERT_FALSE(breaker.refusal());
  breaker.succeed();
  breaker.trip(kRefused);
  executor.advance(5min);
  EXPECT_FALSE(breaker.refusal()) << "after a success it begins anew";
}

TEST(ABreaker, ThatIsOpenIsNotMovedByRequestsFromBefore) {
  VirtualExecutor executor;
  CircuitBreaker breaker(executor, 5min);
  breaker.trip(kRefused);
  executor.advance(1min);
  breaker.trip({base::ErrorKind::Stall, "AddressBanned", "The server has banned this address."});
  breaker.succeed();
  ASSERT_TRUE(breaker.open());
  EXPECT_EQ(breaker.refusal()->reason, "AddressBanned") << "but the latest reason is told";
  EXPECT_EQ(breaker.refusal()->retryAfter, 4min);
}

TEST(ABreaker, WhoseProbeNeverReportsBackLetsAnotherThrough) {
  VirtualExecutor executor;
  CircuitBreaker breaker(executor, 5min);
  breaker.trip(kRefused);
  executor.advance(5min);
  ASSERT_FALSE(breaker.refusal());
  executor.advance(5min - 1ms);
  EXPECT_TRUE(breaker.refusal());
  executor.advance(1ms);
  EXPECT_FALSE(breaker.refusal());
}

TEST(ABreaker, WithALongFirstPauseNeverWaitsLess) {
  VirtualExecutor executor;
  CircuitBreaker breaker(executor, 2h);
  breaker.trip(kRefused);
  executor.advance(2h);
  ASSERT_FALSE(breaker.refusal());
  breaker.trip(kRefused);
  EXPECT_EQ(breaker.refusal()->retryAfter, 2h);
}

TEST(ABreaker, TellsWhyItIsOpenWithoutLettingAProbeThrough) {
  VirtualExecutor executor;
  CircuitBreaker breaker(executor, 5min);
  EXPECT_EQ(breaker.why(), std::nullopt);
  breaker.trip(kRefused);
  ASSERT_TRUE(breaker.why());
  EXPECT_EQ(breaker.why()->reason, kRefused.reason);
  EXPECT_EQ(breaker.why()->retryAfter, 5min);
  executor.advance(6min);
  EXPECT_EQ(breaker.why()->retryAfter, 0s);
  EXPECT_EQ(breaker.refusal(), std::nullopt) << "the probe is still there to be taken";
}

TEST(ARestoredBreaker, GoesOnWhereItStopped) {
  VirtualExecutor executor;
  CircuitBreaker breaker(executor, 5min);
  breaker.restore(kRefused, 7min, 10min);
  ASSERT_TRUE(breaker.open());
  EXPECT_EQ(breaker.refusal()->reason, kRefused.reason);
  EXPECT_EQ(breaker.refusal()->retryAfter, 7min);
  executor.advance(7min);
  ASSERT_FALSE(breaker.refusal());
  breaker.trip(kRefused);
  EXPECT_EQ(breaker.pause(), 20min);
  EXPECT_EQ(breaker.refusal()->retryAfter, 20min);
}

TEST(ARestoredBreaker, WhosePauseIsOverLetsOneProbeThroughAtOnce) {
  for (const auto left : {0s, -1s, -86400s}) {
    const VirtualExecutor executor;
    CircuitBreaker breaker(executor, 5min);
    breaker.restore(kRefused, left, 5min);
    EXPECT_TRUE(breaker.open());
    EXPECT_FALSE(breaker.refusal());
    EXPECT_TRUE(breaker.refusal()) << "one only";
    breaker.succeed();
    EXPECT_FALSE(breaker.open());
  }
}

TEST(ARestoredBreaker, NeverStaysOpenForLongerThanItsPauseOrAnHour) {
  struct Case {
    std::chrono::seconds left;
    std::chrono::seconds pause;
    std::chrono::seconds expected;
  };
  for (const auto& [left, pause, expected] : {Case{24h * 365, 10min, 10min}, Case{24h, 24h, 1h}, Case{24h, 0s, 1h},
                                              Case{2min, 0s, 2min}, Case{24h, 1s, 5min}, Case{24h, -5s, 1h}}) {
    const VirtualExecutor executor;
    CircuitBreaker breaker(executor, 5min);
    breaker.restore(kRefused, left, pause);
    EXPECT_EQ(breaker.refusal()->retryAfter, expected) << left.count() << " of " << pause.count();
  }
}

TEST(ABreaker, ThatAPersonWantsTriedAgainIsProbedAtOnce) {
  VirtualExecutor executor;
  CircuitBreaker breaker(executor, 5min);
  breaker.tryAgain();
  EXPECT_FALSE(breaker.open()) << "nothing to try";
  breaker.trip(kRefused);
  executor.advance(1min);
  breaker.tryAgain();
  EXPECT_TRUE(breaker.open()) << "a wish closes nothing";
  EXPECT_FALSE(breaker.refusal());
  EXPECT_TRUE(breaker.refusal()) << "one only";
  breaker.trip(kRefused);
  EXPECT_EQ(breaker.refusal()->retryAfter, 10min) << "a probe that fails doubles the pause, whoever asked for it";
}

TEST(ABreaker, IsNeverProbedMoreThanOnceInThirtySecondsHoweverOftenOneAsks) {
  VirtualExecutor executor;
  CircuitBreaker breaker(executor, 5min);
  breaker.trip(kRefused);
  int probes = 0;
  for (int second = 1; second <= 300; ++second) {
    executor.advance(1s);
    breaker.tryAgain();
    if (breaker.refusal()) continue;
    ++probes;
    if (second % 2 == 0) breaker.trip(kRefused);  // else it never reports back
  }
  EXPECT_EQ(probes, 10);
}

TEST(ARestoredBreaker, CountsTheThirtySecondsFromTheTryBeforeTheRestart) {
  VirtualExecutor executor;
  CircuitBreaker breaker(executor, 5min);
  breaker.restore(kRefused, 5min - 10s, 5min);
  breaker.tryAgain();
  EXPECT_EQ(breaker.refusal()->retryAfter, 20s);
  executor.advance(20s);
  EXPECT_FALSE(breaker.refusal());
}

TEST(ABreaker, IsNotHeldUpByAWish) {
  VirtualExecutor executor;
  CircuitBreaker breaker(executor, 5min);
  breaker.restore(kRefused, 5s, 5min);
  breaker.tryAgain();
  EXPECT_FALSE(breaker.refusal()) << "the last try was long ago";
  CircuitBreaker soon(executor, 10s);
  soon.trip(kRefused);
  soon.tryAgain();
  EXPECT_EQ(soon.refusal()->retryAfter, 10s) << "never later than without it";
}

}  // namespace
}  // namespace splitdelivery::http
