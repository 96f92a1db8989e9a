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

}  // namespace
}  // namespace splitdelivery::http
