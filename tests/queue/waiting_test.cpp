// Who waits for work: woken when there is some, one for each item, and never for nothing.

#include <gmock/gmock.h>

#include "queue/rig.h"

namespace splitdelivery::queue {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

TEST(AWaiter, IsGivenWhatIsAdded) {
  Rig rig;
  std::vector<std::string> given;
  rig.wait(given);
  EXPECT_THAT(given, IsEmpty());
  rig.queue.add("a");
  rig.clock.advance({});
  EXPECT_THAT(given, ElementsAre("a"));
}

TEST(AWaiter, IsGivenTheMostUrgentOfWhatIsAddedAtOnce) {
  Rig rig;
  std::vector<std::string> given;
  rig.wait(given);
  rig.queue.add("start-up", Priority::Background);
  rig.queue.add("changed");
  rig.clock.advance({});
  EXPECT_THAT(given, ElementsAre("changed"));
}

TEST(AWaiter, IsWokenWhenTheTimeComes) {
  Rig rig;
  std::vector<std::string> given;
  rig.queue.addAfter("later", 10min);
  rig.wait(given);
  rig.queue.addAfter("sooner", 5min);
  rig.clock.advance(5min - 1ns);
  EXPECT_THAT(given, IsEmpty());
  rig.clock.advance(1ns);
  EXPECT_THAT(given, ElementsAre("sooner"));
}

TEST(AWaiter, IsGivenWhatItsOwnWorkHeldBack) {
  Rig rig;
  rig.queue.add("a");
  ASSERT_EQ(rig.take(), "a");
  rig.queue.add("a");
  std::vector<std::string> given;
  rig.wait(given);
  EXPECT_THAT(given, IsEmpty());
  rig.queue.done("a");
  rig.clock.advance({});
  EXPECT_THAT(given, ElementsAre("a"));
}

TEST(AWaiter, GoesAwayWhenItIsStopped) {
  Rig rig;
  std::stop_source stop;
  std::vector<std::string> given;
  rig.wait(given, stop.get_token());
  stop.request_stop();
  rig.clock.advance({});
  EXPECT_THAT(given, ElementsAre("nothing"));
  rig.queue.add("a");
  EXPECT_EQ(rig.take(), "a") << "and takes nothing with it";
}

TEST(AWaiter, ThatWasStoppedBeforeIsGivenNothing) {
  Rig rig;
  rig.queue.add("a");
  std::stop_source stop;
  stop.request_stop();
  std::vector<std::string> given;
  rig.wait(given, stop.get_token());
  EXPECT_THAT(given, ElementsAre("nothing"));
  EXPECT_EQ(rig.queue.dueNow(), 1U);
}

TEST(AWaiter, ThatIsStoppedJustAfterItWasWokenLeavesTheItemToTheNext) {
  Rig rig;
  std::stop_source stop;
  std::vector<std::string> first;
  std::vector<std::string> second;
  rig.wait(first, stop.get_token());
  rig.wait(second);
  rig.queue.add("a");
  stop.request_stop();
  rig.clock.advance({});
  EXPECT_THAT(first, ElementsAre("nothing"));
  EXPECT_THAT(second, ElementsAre("a"));
}

TEST(AWaiter, WhoseItemWasTakenAwayWaitsAgain) {
  Rig rig;
  std::vector<std::string> given;
  rig.wait(given);
  rig.queue.add("a");
  rig.queue.forget("a");
  rig.clock.advance({});
  EXPECT_THAT(given, IsEmpty());
  rig.queue.add("b");
  rig.clock.advance({});
  EXPECT_THAT(given, ElementsAre("b"));
}

TEST(SeveralWaiters, AreGivenOneItemEach) {
  Rig rig;
  std::vector<std::string> given;
  for (int i = 0; i < 4; ++i) rig.wait(given);
  for (const char* key : {"a", "b", "c"}) rig.queue.add(key);
  rig.clock.advance({});
  EXPECT_THAT(given, ElementsAre("a", "b", "c"));
  rig.queue.add("d");
  rig.clock.advance({});
  EXPECT_THAT(given, ElementsAre("a", "b", "c", "d"));
}

TEST(SeveralWaiters, AreAllWokenWhenManyComeDueAtOnce) {
  Rig rig;
  std::vector<std::string> given;
  for (int i = 0; i < 3; ++i) rig.wait(given);
  for (const char* key : {"a", "b", "c", "d"}) rig.queue.addAfter(key, 1min);
  rig.clock.advance(1min);
  EXPECT_THAT(given, UnorderedElementsAre("a", "b", "c"));
  EXPECT_EQ(rig.queue.dueNow(), 1U);
}

TEST(SeveralWaiters, LoseNothingToOneThatComesInBetween) {
  Rig rig;
  std::vector<std::string> patient;
  std::vector<std::string> pushing;
  rig.wait(patient);
  rig.queue.add("a");
  rig.wait(pushing);  // runs before or after the woken one: either may have it
  rig.queue.add("b");
  rig.clock.advance({});
  patient.insert(patient.end(), pushing.begin(), pushing.end());
  EXPECT_THAT(patient, UnorderedElementsAre("a", "b"));
}

TEST(TheTimer, IsOneAtMostAndOnlyWhereSomethingIsDueLater) {
  Rig rig;
  EXPECT_THAT(rig.executor.armed, IsEmpty());
  for (int i = 0; i < 100; ++i) {
    rig.queue.addAfter(std::to_string(i), std::chrono::seconds{(i * 37) % 100 + 1});
    EXPECT_EQ(rig.executor.armed.size(), 1U);
  }
  for (int i = 0; i < 100; ++i) rig.queue.forget(std::to_string(i));
  EXPECT_THAT(rig.executor.armed, IsEmpty());
  rig.queue.add("due");
  EXPECT_THAT(rig.executor.armed, IsEmpty());
}

TEST(TheTimer, FiresOnceForEachMomentAndNotInBetween) {
  Rig rig;
  std::vector<std::string> given;
  rig.wait(given);
  for (const char* key : {"a", "b", "c"}) rig.queue.addAfter(key, 5min);
  rig.queue.addAfter("d", 10min);
  rig.clock.advance(24h);
  EXPECT_EQ(rig.executor.fired, 2);
}

TEST(TheTimer, GoesWithTheQueue) {
  testing::VirtualExecutor clock;
  CountingExecutor executor(clock);
  Recorder recorder;
  {
    WorkQueue<int> queue(executor, recorder);
    queue.addAfter(1, 1min);
  }
  EXPECT_THAT(executor.armed, IsEmpty());
  clock.drain();
}

TEST(TheObserver, IsToldWhatGoesOn) {
  Rig rig;
  rig.queue.add("a");
  rig.queue.add("a");
  rig.queue.addAfter("b", 1min);
  EXPECT_EQ(rig.recorder.adds, 1) << "what is due later is not in line yet";
  EXPECT_EQ(rig.recorder.retries, 1);
  rig.clock.advance(90s);
  EXPECT_EQ(rig.recorder.adds, 2);
  EXPECT_THAT(rig.recorder.depths, ElementsAre(1, 2));

  ASSERT_EQ(rig.take(), "a");
  ASSERT_EQ(rig.take(), "b");
  EXPECT_THAT(rig.recorder.waits, ElementsAre(90s, 30s));
  EXPECT_THAT(rig.recorder.depths, ElementsAre(1, 2, 1, 0));
  rig.queue.add("a");
  EXPECT_EQ(rig.recorder.adds, 2) << "it comes into line when its work has ended";
  rig.clock.advance(3s);
  rig.queue.done("a");
  EXPECT_EQ(rig.recorder.adds, 3);
  EXPECT_THAT(rig.recorder.works, ElementsAre(3s));
  EXPECT_THAT(rig.recorder.depths, ElementsAre(1, 2, 1, 0, 1));
}

TEST(TheObserver, IsNotToldTwiceOfOneThatChangesItsPriorityInLine) {
  Rig rig;
  rig.queue.add("a", Priority::Background);
  rig.queue.add("a");
  EXPECT_EQ(rig.recorder.adds, 1);
  EXPECT_THAT(rig.recorder.depths, ElementsAre(1));
}

TEST(TheObserver, IsNotToldOfARetryThatWasForgotten) {
  Rig rig;
  rig.queue.add("a");
  ASSERT_EQ(rig.take(), "a");
  rig.queue.forget("a");
  rig.queue.addAfter("a", 1s);
  EXPECT_EQ(rig.recorder.retries, 0);
}

}  // namespace
}  // namespace splitdelivery::queue
