#include "http/real_executor.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <memory>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include "base/await.h"
#include "base/semaphore.h"
#include "http/blocking_run.h"

namespace splitdelivery::http {
namespace {

using namespace std::chrono_literals;
using base::Task;

constexpr std::chrono::seconds kPatience{20};

/// Runs `work` on the executor and waits for it.
void onExecutor(RealExecutor& executor, std::function<void()> work) {
  std::promise<void> done;
  executor.post([&] { work(); });
  executor.post([&] { done.set_value(); });
  done.get_future().wait();
}

TEST(PostedWork, RunsInTheOrderOfPosting) {
  RealExecutor executor;
  std::vector<int> order;
  for (int i = 0; i < 1'000; ++i) executor.post([&order, i] { order.push_back(i); });
  onExecutor(executor, [] {});
  ASSERT_EQ(order.size(), 1'000U);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST(PostedWork, FromManyThreadsRunsOnePieceAtATime) {
  RealExecutor executor;
  std::atomic<int> inside = 0;
  std::atomic<int> most = 0;
  int unguarded = 0;
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 2'000; ++i) {
        executor.post([&] {
          most = std::max(most.load(), ++inside);
          ++unguarded;
          --inside;
        });
      }
    });
  }
  for (auto& thread : threads) thread.join();
  onExecutor(executor, [] {});
  EXPECT_EQ(unguarded, 8'000);
  EXPECT_EQ(most, 1);
}

TEST(PostedWork, ThatPostsForEverDoesNotStarveTheTimers) {
  RealExecutor executor;
  bool enough = false;
  std::promise<void> fired;
  std::function<void()> again = [&] {
    if (!enough) executor.post(again);
  };
  executor.post(again);
  onExecutor(executor, [&] {
    executor.runAt(executor.now() + 1ms, [&] {
      enough = true;
      fired.set_value();
    });
  });
  EXPECT_EQ(fired.get_future().wait_for(kPatience), std::future_status::ready);
  onExecutor(executor, [] {});
}

TEST(ATimer, FiresInTheOrderOfTimeAndThenOfSetting) {
  RealExecutor executor;
  std::vector<int> order;
  std::promise<void> last;
  onExecutor(executor, [&] {
    const auto now = executor.now();
    executor.runAt(now + 20ms, [&] { last.set_value(); });
    executor.runAt(now + 10ms, [&] { order.push_back(3); });
    executor.runAt(now + 2ms, [&] { order.push_back(1); });
    executor.runAt(now + 10ms, [&] { order.push_back(4); });
    executor.runAt(now + 2ms, [&] { order.push_back(2); });
    executor.runAt(now - 1h, [&] { order.push_back(0); });
  });
  ASSERT_EQ(last.get_future().wait_for(kPatience), std::future_status::ready);
  EXPECT_EQ(order, (std::vector{0, 1, 2, 3, 4}));
}

TEST(ATimer, NeverFiresBeforeItsTime) {
  RealExecutor executor;
  std::promise<bool> inTime;
  onExecutor(executor, [&] {
    executor.runAt(executor.now() + 1h, [] {});  // arms the alarm late first
    const auto when = executor.now() + 15ms;
    executor.runAt(when, [&executor, &inTime, when] { inTime.set_value(executor.now() >= when); });
  });
  EXPECT_TRUE(inTime.get_future().get());
}

TEST(ATimer, ThatIsCancelledNeverFires) {
  RealExecutor executor;
  std::promise<void> last;
  int fired = 0;
  onExecutor(executor, [&] {
    const auto now = executor.now();
    std::vector<base::Executor::TimerId> timers;
    timers.reserve(5'000);
    for (int i = 0; i < 5'000; ++i) timers.push_back(executor.runAt(now + 1ms, [&] { ++fired; }));
    EXPECT_EQ(std::set(timers.begin(), timers.end()).size(), timers.size());
    EXPECT_EQ(std::count(timers.begin(), timers.end(), 0U), 0);
    for (const auto timer : timers) executor.cancel(timer);
    executor.cancel(timers.front());
    executor.cancel(0);
    executor.runAt(now + 2ms, [&] { last.set_value(); });
  });
  ASSERT_EQ(last.get_future().wait_for(kPatience), std::future_status::ready);
  EXPECT_EQ(fired, 0);
}

TEST(ATimer, MayCancelTheNextThatIsDueAtTheSameMoment) {
  RealExecutor executor;
  std::promise<void> last;
  bool fired = false;
  onExecutor(executor, [&] {
    const auto when = executor.now();
    auto second = std::make_shared<base::Executor::TimerId>();
    executor.runAt(when, [&executor, second] { executor.cancel(*second); });
    *second = executor.runAt(when, [&] { fired = true; });
    executor.runAt(when, [&] { last.set_value(); });
  });
  ASSERT_EQ(last.get_future().wait_for(kPatience), std::future_status::ready);
  EXPECT_FALSE(fired);
}

TEST(OffloadedWork, RunsElsewhereInOrderAndIsAnsweredOnTheExecutor) {
  RealExecutor executor;
  std::thread::id blockingThread;
  std::vector<int> order;
  std::promise<void> last;
  std::promise<void> gate;
  auto opened = gate.get_future().share();
  executor.offload(
      [&, opened] {
        opened.wait();
        blockingThread = std::this_thread::get_id();
      },
      [&] { order.push_back(1); });
  executor.offload([] {},
                   [&] {
                     order.push_back(2);
                     last.set_value();
                   });
  std::thread::id ours;
  onExecutor(executor, [&] { ours = std::this_thread::get_id(); });  // goes on while the other blocks
  gate.set_value();
  ASSERT_EQ(last.get_future().wait_for(kPatience), std::future_status::ready);
  EXPECT_NE(blockingThread, ours);
  EXPECT_EQ(order, (std::vector{1, 2}));
}

TEST(AnExecutor, ThatIsDestroyedDropsWhatHasNotBegun) {
  auto held = std::make_shared<int>(0);
  {
    RealExecutor executor;
    std::promise<void> gate;
    auto opened = gate.get_future().share();
    onExecutor(executor, [&] {
      executor.runAt(executor.now() + 1h, [held] { ++*held; });
      executor.offload([opened] { opened.wait(); }, [held] { ++*held; });
      executor.offload([held] { ++*held; }, [] {});
    });
    gate.set_value();
  }
  EXPECT_LE(*held, 2) << "the timer never fires";
  EXPECT_EQ(held.use_count(), 1) << "and nothing is kept";
}

TEST(AnExecutor, WaitsForTheWorkUnderWayWhenItIsDestroyed) {
  std::atomic<bool> ended = false;
  {
    std::promise<void> begun;
    RealExecutor executor;
    executor.post([&] {
      begun.set_value();
      for (volatile int i = 0; i < 1'000'000; i = i + 1) {
      }
      ended = true;
    });
    begun.get_future().wait();
  }
  EXPECT_TRUE(ended);
}

TEST(AnExecutor, DrawsDifferentNumbersEachTime) {
  std::set<std::uint64_t> numbers;
  for (int i = 0; i < 3; ++i) {
    RealExecutor executor;
    onExecutor(executor, [&] {
      for (int n = 0; n < 100; ++n) numbers.insert(executor.random());
    });
  }
  EXPECT_EQ(numbers.size(), 300U);
}

TEST(AnExecutor, KnowsTheTime) {
  RealExecutor executor;
  const auto wall = std::chrono::system_clock::now();
  const auto steady = std::chrono::steady_clock::now();
  EXPECT_GE(executor.wallTime(), wall);
  EXPECT_LT(executor.wallTime(), wall + 1min);
  EXPECT_GE(executor.now(), steady);
  EXPECT_LT(executor.now(), steady + 1min);
}

Task<int> answerAfter(base::Executor& executor, base::Duration pause, int value) {
  co_await base::sleepFor(executor, pause, {});
  co_return value;
}

Task<void> nothing(base::Executor& executor) {
  co_await base::sleepFor(executor, 1ms, {});
}

Task<int> failing(base::Executor& executor) {
  co_await base::sleepFor(executor, 1ms, {});
  throw std::runtime_error("boom");
}

TEST(ABlockingRun, GivesTheValueAndRethrows) {
  RealExecutor executor;
  EXPECT_EQ(runBlocking(executor, answerAfter(executor, 5ms, 42)), 42);
  EXPECT_THROW(runBlocking(executor, failing(executor)), std::runtime_error);
  runBlocking(executor, nothing(executor));
}

Task<bool> holding(std::shared_ptr<int> held) {
  co_return held != nullptr;
}

TEST(ABlockingRun, EndsWhenTheFrameAndAllItHeldAreGone) {
  RealExecutor executor;
  for (int i = 0; i < 500; ++i) {
    auto held = std::make_shared<int>(i);
    ASSERT_TRUE(runBlocking(executor, holding(held)));
    ASSERT_EQ(held.use_count(), 1);
  }
}

Task<int> sumOf(base::Executor& executor, int count) {
  std::vector<Task<int>> tasks;
  tasks.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) tasks.push_back(answerAfter(executor, std::chrono::microseconds(i % 50), 1));
  int sum = 0;
  for (const int value : co_await base::all(executor, std::move(tasks), 100)) sum += value;
  co_return sum;
}

TEST(AnExecutor, CarriesThousandsOfSleepingCoroutines) {
  RealExecutor executor;
  EXPECT_EQ(runBlocking(executor, sumOf(executor, 3'000)), 3'000);
}

}  // namespace
}  // namespace splitdelivery::http
