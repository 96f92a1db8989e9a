#include "http/single_flight.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <string>

#include "support/virtual_executor.h"

namespace splitdelivery::http {
namespace {

using namespace std::chrono_literals;
using testing::VirtualExecutor;

/// The work that is asked for: takes a second, yields how often it has been done, throws at first
/// `failures` times.
struct Work {
  VirtualExecutor& executor;
  int failures = 0;
  int started = 0;

  static base::Task<std::string> run(Work* work) {
    const int turn = ++work->started;
    co_await base::sleepFor(work->executor, 1s, {});
    if (turn <= work->failures) throw std::runtime_error("boom");
    co_return "value " + std::to_string(turn);
  }
};

base::Task<std::string> ask(SingleFlight<std::string>& flight, Work& work) {
  co_return co_await flight.run([&work] { return Work::run(&work); });
}

base::Task<std::string> askAndCatch(SingleFlight<std::string>& flight, Work& work) {
  try {
    co_return co_await ask(flight, work);
  } catch (const std::runtime_error&) {
    co_return "thrown";
  }
}

std::vector<std::string> askAtOnce(VirtualExecutor& executor, SingleFlight<std::string>& flight, Work& work,
                                   int count) {
  std::vector<base::Task<std::string>> tasks;
  tasks.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) tasks.push_back(askAndCatch(flight, work));
  return executor.run(base::all(executor, std::move(tasks)));
}

TEST(ASingleFlight, GivesEverybodyWhoCameMeanwhileTheSameValue) {
  VirtualExecutor executor;
  SingleFlight<std::string> flight(executor);
  Work work{executor};
  EXPECT_EQ(askAtOnce(executor, flight, work, 4), std::vector<std::string>(4, "value 1"));
  EXPECT_EQ(work.started, 1);
}

TEST(ASingleFlight, StartsAnewForWhoComesLater) {
  VirtualExecutor executor;
  SingleFlight<std::string> flight(executor);
  Work work{executor};
  EXPECT_EQ(executor.run(ask(flight, work)), "value 1");
  EXPECT_EQ(executor.run(ask(flight, work)), "value 2");
}

TEST(ASingleFlight, ThatThrowsIsFlownAgainByTheNextInLine) {
  VirtualExecutor executor;
  SingleFlight<std::string> flight(executor);
  Work work{executor, 2};
  auto values = askAtOnce(executor, flight, work, 5);
  EXPECT_EQ(values, (std::vector<std::string>{"thrown", "thrown", "value 3", "value 3", "value 3"}));
  EXPECT_EQ(work.started, 3);
  EXPECT_EQ(executor.now(), base::SteadyTime{} + 3s);
}

TEST(ASingleFlight, LeavesNobodyWaitingWhenEveryFlightThrows) {
  VirtualExecutor executor;
  SingleFlight<std::string> flight(executor);
  Work work{executor, 100};
  EXPECT_EQ(askAtOnce(executor, flight, work, 5), std::vector<std::string>(5, "thrown"));
  EXPECT_EQ(work.started, 5);
  EXPECT_THROW(executor.run(ask(flight, work)), std::runtime_error);
}

TEST(ASingleFlight, NeverHasTwoInTheAirInWhateverOrderThingsHappen) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    VirtualExecutor executor(seed, true);
    SingleFlight<std::string> flight(executor);
    Work work{executor, 2};
    const auto values = askAtOnce(executor, flight, work, 8);
    ASSERT_EQ(std::count(values.begin(), values.end(), "thrown"), 2) << seed;
    ASSERT_EQ(executor.now(), base::SteadyTime{} + work.started * 1s) << "one after the other, seed " << seed;
  }
}

}  // namespace
}  // namespace splitdelivery::http
