// An organisation that shrinks: a few go at once, too many wait for a person (S1, S5).

#include <gtest/gtest.h>

#include <random>

#include "reconcile/days.h"

namespace splitdelivery::reconcile {
namespace {

using namespace std::chrono_literals;

/// A hundred users, all in sync for a day.
struct Shrinking : Days {
  explicit Shrinking(std::uint64_t seed = 1) : Days(100, seed, 2h) {
    start();
    expectWellSoon();
    runFor(26h);
    expectInSync();
  }
};

class AFewLeave : public ::testing::TestWithParam<std::size_t> {};

TEST_P(AFewLeave, AndTheirForwardersGoWithTheNextPass) {
  Shrinking days;
  days.shrinkBy(GetParam());
  days.runFor(days.passesTake(1));
  days.expectInSync();
  EXPECT_EQ(days.witness.deletes, GetParam());
}
INSTANTIATE_TEST_SUITE_P(OfAHundred, AFewLeave, ::testing::Values(1, 29, 30));

class ManyLeave : public ::testing::TestWithParam<std::size_t> {};

TEST_P(ManyLeave, AndNothingGoesUntilAPersonApprovesWhichAppliesOnce) {
  Shrinking days;
  days.shrinkBy(GetParam());
  days.runFor(days.passesTake(1));
  EXPECT_EQ(days.ready(), "DeletionsHeld");
  const std::string id = days.last().status.plan.id;
  EXPECT_FALSE(id.empty());
  days.runFor(3 * 24h);
  days.restart();
  days.runFor(24h);
  EXPECT_EQ(days.witness.deletes, 0U);
  EXPECT_EQ(days.last().status.plan.id, id) << "who looked it up on Monday may approve it on Friday";
  EXPECT_EQ(days.readyMoves(), 2) << "True once, False once";

  days.approve("0000000000000000");
  days.runFor(1h);
  EXPECT_EQ(days.witness.deletes, 0U) << "another plan's approval";
  days.approveHeld();
  days.runFor(1min);
  EXPECT_EQ(days.witness.deletes, GetParam());
  EXPECT_EQ(days.witness.approvalsLeft(), 0U);
}
INSTANTIATE_TEST_SUITE_P(OfAHundred, ManyLeave, ::testing::Values(31, 60, 100));

TEST(AnApproval, IsUsedOnceThoughTheSameShrinkComesAgain) {
  Shrinking days;
  days.shrinkBy(31);
  days.runFor(days.passesTake(1));
  const std::string id = days.last().status.plan.id;
  days.approveHeld();
  days.expectWellSoon();
  for (std::size_t i = 0; i < 31; ++i) days.join("a" + std::to_string(100 + i));
  days.expectWellSoon();
  days.runFor(25h);
  days.shrinkBy(31);
  days.runFor(2 * 24h);
  EXPECT_EQ(days.ready(), "DeletionsHeld");
  EXPECT_NE(days.last().status.plan.id, id) << "the annotation still stands there";
  EXPECT_EQ(days.witness.deletes, 31U);
}

TEST(AnOrganisationThatListsNobodyAtAll, HasFailedAndLosesNothing) {
  Shrinking days;
  days.shrinkBy(100);
  days.u.world.zoho.removeUser(Universe::kOrganization, "owner@example.net");
  days.runFor(2 * 24h);
  EXPECT_EQ(days.witness.deletes, 0U);
  EXPECT_EQ(days.ready(), "EmptyOrganization");
  EXPECT_TRUE(days.last().status.plan.id.empty()) << "there is nothing to approve: it is a failure";
}

TEST(AHeldShrink, LetsNewPeopleInAndEndsWhenTheOldOnesAreBack) {
  Shrinking days;
  days.shrinkBy(40);
  days.runFor(days.passesTake(1));
  days.join("zoe");
  days.runFor(days.passesTake(1));
  EXPECT_EQ(days.ready(), "DeletionsHeld");
  EXPECT_TRUE(days.u.forwarders().contains("zoe"));
  for (std::size_t i = 0; i < 40; ++i) days.join("a" + std::to_string(100 + i));
  days.expectWellSoon();
  EXPECT_EQ(days.witness.deletes, 0U);
}

class AWeekOfComingAndGoing : public ::testing::TestWithParam<std::uint64_t> {};

/// The witness counts each rolling 24 hours.
TEST_P(AWeekOfComingAndGoing, NeverDeletesMoreThanADayAllows) {
  SCOPED_TRACE("seed " + std::to_string(GetParam()));
  Days days(40, GetParam(), 1h);
  std::mt19937_64 random(GetParam());
  days.start();
  days.expectWellSoon();
  int next = 0;
  for (const auto end = days.u.executor.now() + 7 * 24h; days.u.executor.now() < end && !HasFailure();) {
    days.runFor(std::chrono::minutes{20 + random() % 600});
    if (random() % 3 == 0) {
      for (auto n = random() % 8; n > 0; --n) days.join("new" + std::to_string(1000 + next++));
    } else {
      days.shrinkBy(std::min<std::size_t>(random() % 9, days.witness.atZoho().size() / 2));
    }
    if (random() % 6 == 0) days.restart();
    if (days.last().status.plan.held && random() % 3 == 0) days.approveHeld();
  }
  // What was held for no more than the day's share goes by itself once the day is over.
  days.runFor(24h + days.passesTake(1));
  if (days.last().status.plan.held) days.approveHeld();
  days.expectWellSoon();
  EXPECT_GT(days.witness.deletes, 0U);
}
INSTANTIATE_TEST_SUITE_P(Seeds, AWeekOfComingAndGoing, ::testing::Range<std::uint64_t>(1, 4));

}  // namespace
}  // namespace splitdelivery::reconcile
