#include "queue/backoff.h"

#include <gmock/gmock.h>

#include <limits>
#include <string>

#include "support/virtual_executor.h"

namespace splitdelivery::queue {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();

TEST(S10Backoff, DoublesFromThirtySecondsUpToTheCap) {
  EXPECT_EQ(failurePause(1, 15min), 30s);
  EXPECT_EQ(failurePause(2, 15min), 1min);
  EXPECT_EQ(failurePause(3, 15min), 2min);
  EXPECT_EQ(failurePause(5, 15min), 8min);
  EXPECT_EQ(failurePause(6, 15min), 15min);
  EXPECT_EQ(failurePause(7, 15min), 15min);
}

TEST(S10Backoff, NeverOverflowsAndNeverExceedsTheCap) {
  EXPECT_EQ(failurePause(std::numeric_limits<unsigned>::max(), 15min), 15min);
  EXPECT_EQ(failurePause(std::numeric_limits<unsigned>::max(), base::Duration::max()), base::Duration::max());
  EXPECT_EQ(failurePause(1, 10s), 10s);
  EXPECT_EQ(failurePause(9, 0s), 0s);
}

TEST(S10Backoff, CountsEachKeyByItself) {
  testing::VirtualExecutor executor;
  Backoff<std::string> backoff(executor);
  for (int i = 0; i < 3; ++i) static_cast<void>(backoff.failed("a", 1h));
  static_cast<void>(backoff.failed("b", 1h));
  EXPECT_EQ(backoff.failures("a"), 3U);
  EXPECT_EQ(backoff.failures("b"), 1U);
  EXPECT_EQ(backoff.failures("c"), 0U);
  backoff.succeeded("a");
  backoff.succeeded("c");
  EXPECT_EQ(backoff.failures("a"), 0U);
  EXPECT_EQ(backoff.failures("b"), 1U);
}

TEST(S10Backoff, StaysWithinATenthOfItsPauseAndUsesAllOfThat) {
  testing::VirtualExecutor executor(7);
  Backoff<int> backoff(executor);
  base::Duration least = 1h;
  base::Duration most = 0s;
  for (int key = 0; key < 10'000; ++key) {
    const base::Duration pause = backoff.failed(key, 1h);
    least = std::min(least, pause);
    most = std::max(most, pause);
  }
  EXPECT_GE(least, 27s);
  EXPECT_LT(least, 27s + 50ms);
  EXPECT_LE(most, 33s);
  EXPECT_GT(most, 33s - 50ms);
}

TEST(S10Backoff, StartsAnewAfterSuccess) {
  testing::VirtualExecutor executor;
  Backoff<int> backoff(executor);
  for (int i = 0; i < 10; ++i) static_cast<void>(backoff.failed(1, 1h));
  backoff.succeeded(1);
  EXPECT_LE(backoff.failed(1, 1h), 33s);
}

TEST(Jitter, ReachesBothEndsAndTheMiddle) {
  EXPECT_EQ(jittered(100s, 0.1, 0), 90s);
  EXPECT_EQ(jittered(100s, 0.1, kMost), 110s);
  EXPECT_NEAR(static_cast<double>(jittered(100s, 0.1, kMost / 2).count()), 100e9, 1.0);
  EXPECT_EQ(jittered(100s, 0, 12345), 100s);
  EXPECT_EQ(jittered(0s, 0.5, kMost), 0s);
}

}  // namespace
}  // namespace splitdelivery::queue
