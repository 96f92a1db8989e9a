#include "http/budget.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "base/await.h"
#include "support/message_style.h"
#include "support/virtual_executor.h"

namespace splitdelivery::http {
namespace {

using namespace std::chrono_literals;
using base::SteadyTime;
using testing::VirtualExecutor;

/// What happened to the requests of a test, in order.
struct Log {
  std::vector<int> order{};
  std::vector<SteadyTime> starts{};
  std::size_t running = 0;
  std::size_t most = 0;
};

/// One request of account `budget`: its start is logged, then it takes `time`. The error's reason.
base::Task<std::string> request(VirtualExecutor& executor, RequestBudget& budget, Log& log, int name,
                                base::Duration time, std::stop_token stop) {
  const auto place = co_await budget.acquire(stop);
  if (!place) co_return place.error().reason;
  log.order.push_back(name);
  log.starts.push_back(executor.now());
  log.most = std::max(log.most, ++log.running);
  co_await base::sleepFor(executor, time, {});
  --log.running;
  co_return "ok";
}

std::vector<base::Task<std::string>> requests(VirtualExecutor& executor, RequestBudget& budget, Log& log, int count,
                                              base::Duration time, const std::stop_token& stop = {}) {
  std::vector<base::Task<std::string>> tasks;
  tasks.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) tasks.push_back(request(executor, budget, log, i, time, stop));
  return tasks;
}

std::vector<int> upTo(int count) {
  std::vector<int> names;
  names.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) names.push_back(i);
  return names;
}

TEST(ABudget, LetsSoManyRequestsThroughAtATimeInOrder) {
  VirtualExecutor executor;
  RequestBudget budget(executor, {.parallel = 3});
  Log log;
  executor.run(base::all(executor, requests(executor, budget, log, 10, 1s)));
  EXPECT_EQ(log.order, upTo(10));
  EXPECT_EQ(log.most, 3U);
  EXPECT_EQ(executor.now(), SteadyTime{} + 4s);
}

TEST(ABudget, OfNoParallelRequestsStillAllowsOne) {
  VirtualExecutor executor;
  RequestBudget budget(executor, {.parallel = 0});
  Log log;
  executor.run(base::all(executor, requests(executor, budget, log, 2, 1s)));
  EXPECT_EQ(log.most, 1U);
}

TEST(ABudget, NeverStartsMoreThanItMayInAnyWindow) {
  for (const std::size_t parallel : {1U, 2U, 5U, 100U}) {
    for (const std::size_t perWindow : {1U, 3U, 10U}) {
      for (const base::Duration time : {base::Duration{0ms}, base::Duration{7s}, base::Duration{90s}}) {
        VirtualExecutor executor;
        RequestBudget budget(executor, {.parallel = parallel, .perWindow = perWindow, .window = 60s});
        Log log;
        executor.run(base::all(executor, requests(executor, budget, log, 35, time)));
        ASSERT_EQ(log.order, upTo(35));
        ASSERT_LE(log.most, parallel);
        for (std::size_t i = perWindow; i < log.starts.size(); ++i) {
          ASSERT_GE(log.starts[i] - log.starts[i - perWindow], 60s) << parallel << " " << perWindow;
        }
      }
    }
  }
}

TEST(ABudget, WastesNoTimeOfItsWindow) {
  VirtualExecutor executor;
  RequestBudget budget(executor, {.parallel = 10, .perWindow = 10, .window = 60s});
  Log log;
  executor.run(base::all(executor, requests(executor, budget, log, 30, 0s)));
  EXPECT_EQ(executor.now(), SteadyTime{} + 120s);
}

TEST(ABudget, KnowsHowManyItHasStartedInItsWindow) {
  VirtualExecutor executor;
  RequestBudget budget(executor, {.parallel = 10, .perWindow = 10, .window = 60s});
  RequestBudget unlimited(executor, {});
  EXPECT_EQ(budget.startedInWindow(), 0U);
  Log log;
  executor.run(base::all(executor, requests(executor, budget, log, 4, 1s)));
  executor.run(base::all(executor, requests(executor, unlimited, log, 4, 1s)));
  EXPECT_EQ(budget.startedInWindow(), 4U);
  EXPECT_EQ(unlimited.startedInWindow(), 0U);
  executor.advance(56s);
  EXPECT_EQ(budget.startedInWindow(), 4U);
  executor.advance(1s);
  EXPECT_EQ(budget.startedInWindow(), 0U);
}

TEST(APause, TurnsEverybodyInLineAwayAtOnce) {
  VirtualExecutor executor;
  RequestBudget budget(executor, {.parallel = 1, .perWindow = 2, .window = 1h});
  Log log;
  executor.runAt(SteadyTime{} + 5s, [&] { budget.pauseFor(30s); });
  // 0 is served, 1 after it; 2 waits for the window, 3 and 4 behind it.
  const auto results = executor.run(base::all(executor, requests(executor, budget, log, 5, 1s)));
  EXPECT_EQ(results,
            (std::vector<std::string>{"ok", "ok", "ProviderAsksToWait", "ProviderAsksToWait", "ProviderAsksToWait"}));
  EXPECT_EQ(executor.now(), SteadyTime{} + 5s);
}

TEST(APause, TurnsAwayWhoWaitsForAPlace) {
  VirtualExecutor executor;
  RequestBudget budget(executor, {.parallel = 1});
  Log log;
  executor.runAt(SteadyTime{} + 5s, [&] { budget.pauseFor(30s); });
  const auto results = executor.run(base::all(executor, requests(executor, budget, log, 3, 1h)));
  EXPECT_EQ(results, (std::vector<std::string>{"ok", "ProviderAsksToWait", "ProviderAsksToWait"}));
  EXPECT_EQ(log.order, upTo(1));
}

TEST(APause, TellsHowLongItStillLasts) {
  VirtualExecutor executor;
  RequestBudget budget(executor, {});
  budget.pauseFor(30s);
  budget.pauseFor(10s);
  executor.advance(20s + 1ms);
  const auto refused = executor.run(budget.acquire({}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, base::ErrorKind::Wait);
  EXPECT_EQ(refused.error().retryAfter, 10s) << "of the longer one, rounded up";
  testing::expectStyle(refused.error());
  executor.advance(10s);
  EXPECT_TRUE(executor.run(budget.acquire({})));
}

TEST(APause, LeavesNoPlaceTaken) {
  VirtualExecutor executor;
  RequestBudget budget(executor, {.parallel = 2, .perWindow = 1, .window = 60s});
  Log log;
  executor.runAt(SteadyTime{} + 5s, [&] { budget.pauseFor(5s); });
  executor.run(base::all(executor, requests(executor, budget, log, 6, 1s)));
  executor.advance(2min);
  Log after;
  const auto results = executor.run(base::all(executor, requests(executor, budget, after, 3, 1s)));
  EXPECT_EQ(results, (std::vector<std::string>{"ok", "ok", "ok"}));
}

TEST(AStop, EndsTheWaitForABudget) {
  VirtualExecutor executor;
  RequestBudget budget(executor, {.parallel = 1, .perWindow = 1, .window = 1h});
  Log log;
  std::stop_source stop;
  executor.runAt(SteadyTime{} + 5s, [&] { stop.request_stop(); });
  const auto results = executor.run(base::all(executor, requests(executor, budget, log, 3, 1s, stop.get_token())));
  EXPECT_EQ(results, (std::vector<std::string>{"ok", "Stopped", "Stopped"}));
  EXPECT_EQ(executor.now(), SteadyTime{} + 5s);
  const auto late = executor.run(budget.acquire(stop.get_token()));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().kind, base::ErrorKind::Stopped);
}

TEST(ABudget, KeepsItsLimitsInWhateverOrderThingsHappen) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    VirtualExecutor executor(seed, true);
    RequestBudget budget(executor, {.parallel = 3, .perWindow = 5, .window = 60s});
    Log log;
    std::stop_source stop;
    executor.runAt(SteadyTime{} + 61s, [&] { budget.pauseFor(10s); });
    executor.runAt(SteadyTime{} + 200s, [&] { stop.request_stop(); });
    auto tasks = requests(executor, budget, log, 10, 20s);
    for (auto& task : requests(executor, budget, log, 10, 20s, stop.get_token())) tasks.push_back(std::move(task));
    executor.run(base::all(executor, std::move(tasks)));
    ASSERT_LE(log.most, 3U) << seed;
    for (std::size_t i = 5; i < log.starts.size(); ++i) ASSERT_GE(log.starts[i] - log.starts[i - 5], 60s) << seed;
    ASSERT_EQ(log.running, 0U);
    executor.advance(5min);
    Log after;
    executor.run(base::all(executor, requests(executor, budget, after, 3, 1s)));
    ASSERT_EQ(after.most, 3U) << "no place was lost, seed " << seed;
  }
}

}  // namespace
}  // namespace splitdelivery::http
