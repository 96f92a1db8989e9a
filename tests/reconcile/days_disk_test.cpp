// A disk that is full: nothing is written to the mail server that cannot be written down first (S2).

#include <gtest/gtest.h>

#include <random>

#include "reconcile/days.h"

namespace splitdelivery::reconcile {
namespace {

using namespace std::chrono_literals;

TEST(AFullDisk, HoldsEveryWriteAndTheRestGoesOnWhenThereIsRoom) {
  Days days(24);
  days.start();
  days.expectWellSoon();
  const auto before = days.witness.mutations;
  days.disk.setFull(true);
  days.shrinkBy(3);
  days.join("zoe");
  days.runFor(2 * 24h);
  EXPECT_EQ(days.witness.mutations, before);
  EXPECT_EQ(days.ready(), "StateNotWritable");
  EXPECT_EQ(days.last().outcome, Outcome::Failed);
  days.disk.setFull(false);
  days.expectWellSoon();
  EXPECT_EQ(days.witness.deletes, 3U);
  EXPECT_LE(days.readyMoves(), 3);
}

TEST(AFullDisk, ThatNobodyNeedsIsSaidAllTheSame) {
  Days days(24);
  days.start();
  days.expectWellSoon();
  days.disk.setFull(true);
  days.runFor(24h);
  EXPECT_FALSE(days.isReady()) << "the status on the disk gets older and older";
  EXPECT_EQ(days.ready(), "StateNotWritable");
  days.disk.setFull(false);
  days.expectWellSoon();
}

TEST(AFullDisk, DoesNotLetARestartForgetWhatIsOurs) {
  Days days(24);
  days.start();
  days.expectWellSoon();
  days.disk.setFull(true);
  days.shrinkBy(2);
  days.runFor(3h);
  days.restart();
  days.runFor(3h);
  EXPECT_EQ(days.witness.deletes, 0U);
  days.disk.setFull(false);
  days.expectWellSoon();
  EXPECT_EQ(days.witness.deletes, 2U);
}

class ADiskThatFillsUp : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(ADiskThatFillsUp, NowAndThenForAWeekLosesNothing) {
  SCOPED_TRACE("seed " + std::to_string(GetParam()));
  Days days(12, GetParam(), 1h);
  std::mt19937_64 random(GetParam());
  days.start();
  days.expectWellSoon();
  int hired = 0;
  for (const auto end = days.u.executor.now() + 7 * 24h; days.u.executor.now() < end && !HasFailure();) {
    // In the middle of a pass too: between the listing and the writes, or between two of them.
    days.runFor(std::chrono::milliseconds{random() % (16 * 3'600'000)});
    days.shrinkBy(random() % 2);
    for (auto n = random() % 3; n > 0; --n) days.join("new" + std::to_string(100 + hired++));
    days.runFor(std::chrono::milliseconds{random() % 3'600'000});
    days.disk.booksFull = random() % 2 == 0;
    days.disk.statusesFull = random() % 2 == 0;
    days.disk.accountsFull = random() % 2 == 0;
    const auto before = days.witness.mutations;
    const bool held = days.disk.booksFull;
    if (random() % 3 == 0) days.restart();
    days.runFor(std::chrono::minutes{random() % 300});
    // What had been written down before may still have left.
    if (held) EXPECT_LE(days.witness.mutations, before + 16);
    days.disk.setFull(false);
    days.expectWellSoon();
  }
  EXPECT_GT(days.disk.failedSaves, 0);
}
INSTANTIATE_TEST_SUITE_P(Seeds, ADiskThatFillsUp, ::testing::Range<std::uint64_t>(1, 5));

}  // namespace
}  // namespace splitdelivery::reconcile
