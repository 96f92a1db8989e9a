#include "queue/work_queue.h"

#include <gmock/gmock.h>

#include <limits>

#include "queue/rig.h"

namespace splitdelivery::queue {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(AnAddedKey, IsHandedOutOnceHoweverOftenItWasAdded) {
  Rig rig;
  rig.queue.add("a");
  rig.queue.add("a");
  rig.queue.addAfter("a", 0s);
  EXPECT_EQ(rig.queue.size(), 1U);
  EXPECT_THAT(rig.takeAll(), ElementsAre("a"));
  EXPECT_EQ(rig.queue.size(), 0U);
  EXPECT_TRUE(rig.queue.unknown("a")) << "nothing is kept of what is done";
}

TEST(AnAddedKey, KeepsItsPlaceAmongItsEquals) {
  Rig rig;
  for (const char* key : {"c", "a", "b", "c", "a"}) rig.queue.add(key);
  EXPECT_THAT(rig.takeAll(), ElementsAre("c", "a", "b"));
}

TEST(AnAddedKey, MovesUpWhenItIsAddedWithAHigherPriority) {
  Rig rig;
  rig.queue.add("start-up 1", Priority::Background);
  rig.queue.add("start-up 2", Priority::Background);
  rig.queue.add("changed");
  rig.queue.add("start-up 2");
  EXPECT_THAT(rig.takeAll(), ElementsAre("start-up 2", "changed", "start-up 1"))
      << "the priority counts, then who was due first";
}

TEST(AnAddedKey, DoesNotFallBackWhenItIsAddedWithALowerPriority) {
  Rig rig;
  rig.queue.add("other", Priority::Background);
  rig.queue.add("changed");
  rig.queue.add("changed", Priority::Background);
  EXPECT_THAT(rig.takeAll(), ElementsAre("changed", "other"));
}

TEST(AnAddedKey, BringsForwardWhatWasToBeDueLater) {
  Rig rig;
  rig.queue.addAfter("a", 5min);
  rig.queue.add("a");
  EXPECT_EQ(rig.take(), "a");
  rig.queue.done("a");
  rig.clock.advance(10min);
  EXPECT_EQ(rig.take(), "") << "the later time was replaced, not added";
}

TEST(AKeyAddedForLater, IsNotHandedOutBeforeItsTime) {
  Rig rig;
  rig.queue.addAfter("a", 5min);
  rig.clock.advance(5min - 1ns);
  EXPECT_EQ(rig.take(), "");
  EXPECT_EQ(rig.queue.dueNow(), 0U);
  rig.clock.advance(1ns);
  EXPECT_EQ(rig.queue.dueNow(), 1U);
  EXPECT_EQ(rig.take(), "a");
}

TEST(AKeyAddedForLater, IsDueAtTheEarliestOfItsTimes) {
  Rig rig;
  rig.queue.addAfter("a", 5min);
  rig.queue.addAfter("a", 1min);
  rig.queue.addAfter("a", 9min);
  rig.clock.advance(1min);
  EXPECT_THAT(rig.takeAll(), ElementsAre("a"));
  rig.clock.advance(1h);
  EXPECT_THAT(rig.takeAll(), IsEmpty());
}

TEST(AKeyAddedForLater, TakesPausesThatMakeNoSense) {
  Rig rig;
  rig.queue.addAfter("negative", -5min);
  rig.queue.addAfter("for ever", base::Duration::max());
  rig.queue.addAfter("since ever", base::Duration::min());
  EXPECT_THAT(rig.takeAll(), ElementsAre("negative", "since ever"));
  rig.clock.advance(24h * 300);
  EXPECT_EQ(rig.take(), "");
}

TEST(Order, IsByPriorityThenByDueTimeThenByAsking) {
  Rig rig;
  rig.queue.addAfter("b", 3s, Priority::Normal);
  rig.queue.addAfter("z", 1s);
  rig.queue.addAfter("y", 1s);
  rig.queue.addAfter("a", 2s, Priority::Normal);
  rig.clock.advance(10s);
  EXPECT_THAT(rig.takeAll(), ElementsAre("a", "b", "z", "y"));
}

TEST(ABackgroundKey, CountsAsNormalOnceItWasDueForAMinute) {
  Rig rig;
  rig.queue.add("old", Priority::Background);
  rig.clock.advance(30s);
  rig.queue.add("young", Priority::Background);
  rig.clock.advance(30s - 1ns);
  rig.queue.add("changed");
  rig.queue.add("changed later");
  EXPECT_EQ(rig.take(), "changed") << "a nanosecond of patience is left";
  rig.clock.advance(1ns);
  EXPECT_THAT(rig.takeAll(), ElementsAre("old", "changed later", "young"));
}

TEST(ABackgroundKey, DoesNotOvertakeANormalOneThatWasDueFirst) {
  Rig rig;
  rig.queue.add("changed");
  rig.clock.advance(1s);
  rig.queue.add("periodic", Priority::Background);
  rig.clock.advance(10min);
  EXPECT_THAT(rig.takeAll(), ElementsAre("changed", "periodic"));
}

TEST(ABackgroundKey, IsNotStarvedByAStreamOfChanges) {
  Rig rig;
  rig.queue.add("periodic", Priority::Background);
  for (int second = 0; second <= 61; ++second) {
    rig.queue.add("one" + std::to_string(second));
    rig.queue.add("two" + std::to_string(second));  // more than is worked off
    const std::string key = rig.take();
    rig.queue.done(key);
    if (key == "periodic") return;
    rig.clock.advance(1s);
  }
  // Whoever was due before it goes first; the 60 that piled up meanwhile do not.
  FAIL() << "starved";
}

TEST(AKeyInWork, IsNotHandedOutASecondTime) {
  Rig rig;
  rig.queue.add("a");
  ASSERT_EQ(rig.take(), "a");
  rig.queue.add("a");
  rig.clock.advance(1h);
  EXPECT_EQ(rig.take(), "");
  EXPECT_EQ(rig.queue.inWork(), 1U);
  EXPECT_EQ(rig.queue.size(), 1U);
  EXPECT_EQ(rig.queue.dueNow(), 0U);
  rig.queue.done("a");
  EXPECT_EQ(rig.take(), "a") << "what was added meanwhile counts from done on";
}

TEST(AKeyInWork, ComesAgainAtTheTimeThatItWasAskedFor) {
  Rig rig;
  rig.queue.add("a");
  ASSERT_EQ(rig.take(), "a");
  rig.queue.addAfter("a", 10min);
  rig.queue.addAfter("a", 5min);
  rig.clock.advance(4min);
  rig.queue.done("a");
  EXPECT_EQ(rig.take(), "");
  rig.clock.advance(1min);
  EXPECT_EQ(rig.take(), "a");
}

TEST(AKeyInWork, HasNoPriorityLeftFromBefore) {
  Rig rig;
  rig.queue.add("a");
  ASSERT_EQ(rig.take(), "a");
  rig.queue.addAfter("a", 1s);
  rig.queue.done("a");
  rig.clock.advance(2s);
  rig.queue.add("changed");
  EXPECT_THAT(rig.takeAll(), ElementsAre("changed", "a"));
}

TEST(AKeyInWork, IsTimed) {
  Rig rig;
  EXPECT_EQ(rig.queue.longestInWork(), std::nullopt);
  rig.queue.add("old");
  ASSERT_EQ(rig.take(), "old");
  rig.clock.advance(1min);
  rig.queue.add("a young one");
  ASSERT_EQ(rig.take(), "a young one");
  rig.clock.advance(1min);
  EXPECT_EQ(rig.queue.longestInWork(), 2min);
  rig.queue.done("old");
  EXPECT_EQ(rig.queue.longestInWork(), 1min);
}

TEST(Done, WithoutWorkChangesNothing) {
  Rig rig;
  rig.queue.done("never seen");
  rig.queue.add("a");
  rig.queue.done("a");
  EXPECT_THAT(rig.recorder.works, IsEmpty());
  EXPECT_EQ(rig.take(), "a");
  rig.queue.done("a");
  rig.queue.done("a");
  EXPECT_EQ(rig.recorder.works.size(), 1U);
}

TEST(ARescheduledKey, IsDueLaterWhenThatIsAskedFor) {
  Rig rig;
  rig.queue.addAfter("a", 1min);
  rig.queue.reschedule("a", 5min);
  rig.clock.advance(4min);
  EXPECT_EQ(rig.take(), "");
  rig.clock.advance(1min);
  EXPECT_EQ(rig.take(), "a");
}

TEST(ARescheduledKey, LeavesTheLineWhenItWasDueAlready) {
  Rig rig;
  rig.queue.add("a");
  rig.queue.reschedule("a", 30s);
  EXPECT_EQ(rig.queue.dueNow(), 0U);
  EXPECT_EQ(rig.queue.size(), 1U);
  rig.queue.add("periodic", Priority::Background);
  rig.clock.advance(30s);
  EXPECT_THAT(rig.takeAll(), ElementsAre("a", "periodic")) << "with the priority that it had";
}

TEST(ARescheduledKey, ThatIsInWorkComesAgainWhenItSays) {
  Rig rig;
  rig.queue.add("a");
  ASSERT_EQ(rig.take(), "a");
  rig.queue.add("a");
  rig.queue.reschedule("a", 1min);
  rig.queue.done("a");
  EXPECT_EQ(rig.take(), "");
  rig.clock.advance(1min);
  EXPECT_EQ(rig.take(), "a");
}

TEST(ARescheduledKey, ThatNobodyKnewIsAddedInTheBackground) {
  Rig rig;
  rig.queue.reschedule("a", 1s);
  rig.queue.addAfter("changed", 1s, Priority::Normal);
  rig.clock.advance(1s);
  EXPECT_THAT(rig.takeAll(), ElementsAre("changed", "a"));
}

TEST(AForgottenKey, IsNotDueAnyMore) {
  Rig rig;
  rig.queue.add("now");
  rig.queue.addAfter("later", 1min);
  rig.queue.forget("now");
  rig.queue.forget("later");
  rig.queue.forget("never seen");
  rig.clock.advance(1h);
  EXPECT_EQ(rig.take(), "");
  EXPECT_EQ(rig.queue.size(), 0U);
  EXPECT_TRUE(rig.queue.unknown("now") && rig.queue.unknown("later"));
}

TEST(AForgottenKey, ThatIsInWorkEndsWithoutBeingDueAgain) {
  Rig rig;
  rig.queue.add("a");
  ASSERT_EQ(rig.take(), "a");
  rig.queue.add("a");
  rig.queue.forget("a");
  rig.queue.addAfter("a", 1min);  // the worker, which does not know
  rig.queue.reschedule("a", 1min);
  EXPECT_EQ(rig.queue.inWork(), 1U);
  rig.queue.done("a");
  EXPECT_TRUE(rig.queue.unknown("a"));
  rig.clock.advance(1h);
  EXPECT_EQ(rig.take(), "");
}

TEST(AForgottenKey, IsWantedAgainWhenItIsAdded) {
  Rig rig;
  rig.queue.add("a");
  ASSERT_EQ(rig.take(), "a");
  rig.queue.forget("a");
  rig.queue.add("a");
  rig.queue.addAfter("a", 1min);
  rig.queue.done("a");
  EXPECT_THAT(rig.takeAll(), ElementsAre("a"));
  rig.queue.addAfter("a", 1min);
  EXPECT_EQ(rig.queue.size(), 1U) << "and nothing of the forgetting is left";
}

}  // namespace
}  // namespace splitdelivery::queue
