#include "base/task.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "base/await.h"
#include "base/semaphore.h"
#include "support/virtual_executor.h"

namespace splitdelivery::base {
namespace {

using namespace std::chrono_literals;
using testing::VirtualExecutor;

Task<int> answer() {
  co_return 42;
}
Task<int> doubled(Task<int> task) {
  co_return 2 * co_await std::move(task);
}
Task<int> failing() {
  throw std::runtime_error("boom");
  co_return 0;
}

TEST(ATask, YieldsWhatTheAwaitedTaskYields) {
  VirtualExecutor executor;
  EXPECT_EQ(executor.run(doubled(doubled(answer()))), 168);
}

TEST(ATask, RethrowsAnExceptionToWhoeverAwaits) {
  VirtualExecutor executor;
  EXPECT_THROW(executor.run(doubled(failing())), std::runtime_error);
}

Task<int> countDown(int n) {
  if (n == 0) co_return 0;
  co_return 1 + co_await countDown(n - 1);
}

TEST(ATask, ADeepChainOfFinishedTasksDoesNotGrowTheStack) {
  VirtualExecutor executor;
  auto loop = [](int turns) -> Task<int> {
    int sum = 0;
    for (int i = 0; i < turns; ++i) sum += co_await answer();
    co_return sum;
  };
  EXPECT_EQ(executor.run(loop(1'000'000)), 42'000'000);
  EXPECT_EQ(executor.run(countDown(1'000)), 1'000);
}

TEST(ASleep, EndsWhenItsTimeHasCome) {
  VirtualExecutor executor;
  const auto start = executor.now();
  EXPECT_EQ(executor.run(sleepFor(executor, 24h, {})), Slept::InFull);
  EXPECT_EQ(executor.now() - start, 24h);
}

TEST(ASleep, EndsAtOnceWhenAStopIsAskedFor) {
  VirtualExecutor executor;
  std::stop_source stop;
  executor.runAt(executor.now() + 1s, [&] { stop.request_stop(); });
  EXPECT_EQ(executor.run(sleepFor(executor, 24h, stop.get_token())), Slept::Stopped);
  EXPECT_EQ(executor.now(), SteadyTime{} + 1s);
  EXPECT_EQ(executor.run(sleepFor(executor, 24h, stop.get_token())), Slept::Stopped) << "a stop that came before";
}

TEST(OffloadedWork, YieldsTheValueAndRethrows) {
  VirtualExecutor executor;
  EXPECT_EQ(executor.run(offload(executor, [] { return std::string("done"); })), "done");
  EXPECT_THROW(executor.run(offload(executor, []() -> int { throw std::runtime_error("disk"); })), std::runtime_error);
}

Task<int> pauseThen(Executor& executor, Duration pause, int value, int& running, int& most) {
  most = std::max(most, ++running);
  co_await sleepFor(executor, pause, {});
  --running;
  co_return value;
}

TEST(AllOf, KeepsTheOrderOfTheTasksAndTheLimit) {
  VirtualExecutor executor;
  int running = 0;
  int most = 0;
  std::vector<Task<int>> tasks;
  for (int i = 0; i < 10; ++i) tasks.push_back(pauseThen(executor, std::chrono::seconds(10 - i), i, running, most));
  EXPECT_EQ(executor.run(all(executor, std::move(tasks), 3)), (std::vector{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
  EXPECT_EQ(most, 3);
  EXPECT_EQ(running, 0);
}

TEST(AllOf, OfNothingIsNothing) {
  VirtualExecutor executor;
  EXPECT_TRUE(executor.run(all(executor, std::vector<Task<int>>{})).empty());
}

TEST(AllOf, LetsTheOthersEndBeforeItRethrows) {
  VirtualExecutor executor;
  int running = 0;
  int most = 0;
  std::vector<Task<int>> tasks;
  tasks.push_back(failing());
  tasks.push_back(pauseThen(executor, 1h, 1, running, most));
  EXPECT_THROW(executor.run(all(executor, std::move(tasks))), std::runtime_error);
  EXPECT_EQ(executor.now(), SteadyTime{} + 1h);
}

Task<bool> holdFor(Executor& executor, Semaphore& semaphore, Duration time, std::vector<int>& order, int name) {
  auto permit = co_await semaphore.acquire({});
  order.push_back(name);
  co_await sleepFor(executor, time, {});
  co_return permit.has_value();
}

TEST(ASemaphore, LetsThroughInTheOrderOfAsking) {
  VirtualExecutor executor;
  Semaphore semaphore(executor, 1);
  std::vector<int> order;
  std::vector<Task<bool>> tasks;
  for (int i = 0; i < 4; ++i) tasks.push_back(holdFor(executor, semaphore, 1s, order, i));
  executor.run(all(executor, std::move(tasks)));
  EXPECT_EQ(order, (std::vector{0, 1, 2, 3}));
  EXPECT_EQ(executor.now(), SteadyTime{} + 4s);
}

TEST(ASemaphore, AStopTakesTheWaitingOneOutOfTheLine) {
  VirtualExecutor executor;
  Semaphore semaphore(executor, 1);
  std::vector<int> order;
  std::stop_source stop;
  auto impatient = [](Semaphore& line, std::stop_token token) -> Task<bool> {
    co_return (co_await line.acquire(std::move(token))).has_value();
  };
  std::vector<Task<bool>> tasks;
  tasks.push_back(holdFor(executor, semaphore, 1h, order, 0));
  tasks.push_back(impatient(semaphore, stop.get_token()));
  tasks.push_back(holdFor(executor, semaphore, 1h, order, 2));
  executor.runAt(executor.now() + 1s, [&] { stop.request_stop(); });
  EXPECT_EQ(executor.run(all(executor, std::move(tasks))), (std::vector{true, false, true}));
  EXPECT_EQ(order, (std::vector{0, 2}));
}

}  // namespace
}  // namespace splitdelivery::base
