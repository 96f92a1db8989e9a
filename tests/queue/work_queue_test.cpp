#include "queue/work_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "queue/backoff.h"
#include "support/virtual_executor.h"

namespace splitdelivery::queue {
namespace {

using namespace std::chrono_literals;
using splitdelivery::testing::VirtualExecutor;
using ::testing::ElementsAre;

/// Counts what a queue tells.
class Counter final : public Observer {
 public:
  void added() override { ++adds; }
  void depth(std::size_t dueNow) override { lastDepth = dueNow; }
  void started(base::Duration waited) override { waits.push_back(waited); }
  void finished(base::Duration worked) override { works.push_back(worked); }
  void retried() override { ++retries; }
  int adds = 0;
  int retries = 0;
  std::size_t lastDepth = 0;
  std::vector<base::Duration> waits{};
  std::vector<base::Duration> works{};
};

class AWorkQueue : public ::testing::Test {
 protected:
  using Queue = WorkQueue<std::string>;

  /// The next item that comes out within `patience`; "" when none does.
  std::string nextWithin(base::Duration patience) {
    std::stop_source stop;
    const auto timer = executor_.runAt(executor_.now() + patience, [&stop] { stop.request_stop(); });
    const auto key = executor_.run(queue_.next(stop.get_token()));
    executor_.cancel(timer);
    return key.value_or("");
  }
  std::string nextNow() { return nextWithin(0s); }
  std::vector<std::string> all() {
    std::vector<std::string> keys;
    for (std::string key = nextNow(); !key.empty(); key = nextNow()) keys.push_back(key);
    return keys;
  }

  VirtualExecutor executor_;
  Counter counter_;
  Queue queue_{executor_, counter_};
};

TEST_F(AWorkQueue, GivesAKeyOnceHoweverOftenItWasAdded) {
  for (int i = 0; i < 3; ++i) queue_.add("a");
  queue_.add("b");
  EXPECT_THAT(all(), ElementsAre("a", "b"));
  EXPECT_EQ(queue_.inWork(), 2U);
}

TEST_F(AWorkQueue, NeverGivesAKeyTwiceAtATimeAndRemembersWhatCameMeanwhile) {
  queue_.add("a");
  EXPECT_EQ(nextNow(), "a");
  queue_.add("a");
  EXPECT_EQ(nextNow(), "");
  queue_.done("a");
  EXPECT_EQ(nextNow(), "a");
  queue_.done("a");
  EXPECT_TRUE(queue_.unknown("a"));
}

TEST_F(AWorkQueue, KeepsTheEarliestTime) {
  queue_.addAfter("a", 10min);
  queue_.addAfter("a", 1min);
  queue_.addAfter("a", 5min);
  EXPECT_EQ(nextWithin(59s), "");
  EXPECT_EQ(nextWithin(2s), "a");
}

TEST_F(AWorkQueue, ReschedulesToALaterTimeToo) {
  queue_.addAfter("a", 1min);
  queue_.reschedule("a", 10min);
  EXPECT_EQ(nextWithin(9min), "");
  EXPECT_EQ(nextWithin(2min), "a");
}

TEST_F(AWorkQueue, GivesWhatAPersonWaitsForBeforeTheBackground) {
  queue_.add("start-up", Priority::Background);
  queue_.add("edited");
  EXPECT_THAT(all(), ElementsAre("edited", "start-up"));
}

TEST_F(AWorkQueue, RaisesThePriorityOfWhatWaits) {
  queue_.add("a", Priority::Background);
  queue_.add("b", Priority::Background);
  queue_.add("b", Priority::Normal);
  EXPECT_THAT(all(), ElementsAre("b", "a"));
}

TEST_F(AWorkQueue, StarvesNobody) {
  queue_.add("patient", Priority::Background);
  executor_.advance(AWorkQueue::Queue::kPatience + 1s);
  queue_.add("edited");
  EXPECT_EQ(nextNow(), "patient");
}

TEST_F(AWorkQueue, ForgetsWhatIsGone) {
  queue_.addAfter("a", 1min);
  queue_.forget("a");
  EXPECT_EQ(nextWithin(1h), "");
  queue_.add("b");
  EXPECT_EQ(nextNow(), "b");
  queue_.forget("b");
  queue_.addAfter("b", 1s);
  queue_.done("b");
  EXPECT_EQ(nextWithin(1h), "") << "the worker does not know, and does not bring it back";
}

TEST_F(AWorkQueue, ServesSeveralWhoWaitAndLetsGoWhoIsStopped) {
  std::set<std::string> got;
  std::stop_source stop;
  int ended = 0;
  for (int i = 0; i < 3; ++i) {
    base::spawn(executor_, queue_.next(stop.get_token()),
                [&](const std::exception_ptr&, const std::optional<std::optional<std::string>>& key) {
                  ++ended;
                  if (key && *key) got.insert(**key);
                });
  }
  executor_.drain();
  queue_.add("a");
  queue_.addAfter("b", 1min);
  executor_.advance(2min);
  EXPECT_THAT(got, ElementsAre("a", "b"));
  stop.request_stop();
  executor_.drain();
  EXPECT_EQ(ended, 3);
}

TEST_F(AWorkQueue, TellsItsObserverWhatHappens) {
  queue_.add("a");
  executor_.advance(3s);
  EXPECT_EQ(nextNow(), "a");
  executor_.advance(2s);
  queue_.addAfter("a", 1min);
  queue_.done("a");
  EXPECT_EQ(counter_.adds, 1);
  EXPECT_EQ(counter_.retries, 1);
  EXPECT_THAT(counter_.waits, ElementsAre(3s));
  EXPECT_THAT(counter_.works, ElementsAre(2s));
  EXPECT_EQ(counter_.lastDepth, 0U);
}

TEST_F(AWorkQueue, KnowsForHowLongTheOldestIsInWork) {
  EXPECT_EQ(queue_.longestInWork(), std::nullopt);
  queue_.add("a");
  nextNow();
  executor_.advance(90s);
  queue_.add("b");
  nextNow();
  EXPECT_EQ(queue_.longestInWork(), 90s);
}

/// Due times of a naive model, against which random operations are checked: whatever comes out was
/// due, was not in work, and nothing that is due stays behind.
TEST(AWorkQueueUnderRandomOperations, AgreesWithASimpleModel) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    VirtualExecutor executor(seed);
    Observer nobody;
    WorkQueue<int> queue(executor, nobody);
    std::mt19937 random(seed);
    std::map<int, base::SteadyTime> due;
    std::map<int, base::SteadyTime> later;  // of those in work
    std::set<int> working;
    const auto want = [&](int key, base::SteadyTime at) {
      auto& place = working.contains(key) ? later : due;
      const auto [known, isNew] = place.emplace(key, at);
      if (!isNew) known->second = std::min(known->second, at);
    };
    for (int step = 0; step < 1000; ++step) {
      const int key = static_cast<int>(random() % 8);
      switch (random() % 5) {
        case 0:
          queue.add(key, random() % 2 == 0 ? Priority::Normal : Priority::Background);
          want(key, executor.now());
          break;
        case 1: {
          const auto pause = std::chrono::seconds(random() % 100);
          queue.addAfter(key, pause);
          want(key, executor.now() + pause);
          break;
        }
        case 2:
          if (!working.contains(key)) break;
          queue.done(key);
          working.erase(key);
          if (const auto next = later.extract(key)) due.emplace(key, next.mapped());
          break;
        case 3:
          executor.advance(std::chrono::seconds(random() % 30));
          break;
        default: {
          const auto isDue = [&](const auto& entry) { return entry.second <= executor.now(); };
          if (std::ranges::none_of(due, isDue)) break;
          const auto got = executor.run(queue.next({}));
          ASSERT_TRUE(got.has_value());
          ASSERT_TRUE(due.contains(*got)) << seed << " " << step;
          ASSERT_LE(due[*got], executor.now());
          ASSERT_TRUE(working.insert(*got).second);
          due.erase(*got);
        }
      }
      ASSERT_EQ(queue.inWork(), working.size());
      ASSERT_EQ(queue.size(), due.size() + later.size()) << seed << " " << step;
    }
  }
}

TEST(ABackoff, DoublesUpToItsCapAndStartsAnewAfterSuccess) {
  EXPECT_EQ(failurePause(1, 15min), 30s);
  EXPECT_EQ(failurePause(2, 15min), 60s);
  EXPECT_EQ(failurePause(6, 15min), 15min);
  EXPECT_EQ(failurePause(1'000'000, 15min), 15min);
  VirtualExecutor executor;
  Backoff<int> backoff(executor);
  const auto first = backoff.failed(1, 15min);
  EXPECT_GE(first, 27s);
  EXPECT_LE(first, 33s);
  EXPECT_GE(backoff.failed(1, 15min), 54s);
  EXPECT_EQ(backoff.failures(1), 2U);
  EXPECT_EQ(backoff.failures(2), 0U);
  backoff.succeeded(1);
  EXPECT_LE(backoff.failed(1, 15min), 33s);
}

TEST(AJitter, StaysWithinItsFractionAndReachesBothSides) {
  EXPECT_EQ(jittered(100s, 0.1, 0), 90s);
  EXPECT_GT(jittered(100s, 0.1, ~std::uint64_t{0}), 109s);
  EXPECT_LE(jittered(100s, 0.1, ~std::uint64_t{0}), 110s);
}

}  // namespace
}  // namespace splitdelivery::queue
