#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "panel.h"

/// A server in changing weather, many callers, work in an order that only the seed knows: what must
/// hold whatever happens.
namespace splitdelivery::mailserver::directadmin {
namespace {

using base::ErrorKind;
using base::Result;
using base::Task;
using splitdelivery::testing::answered;
using splitdelivery::testing::FakeTransport;
using splitdelivery::testing::noAnswer;
using splitdelivery::testing::outcome;
using splitdelivery::testing::Panel;

/// An answer for a request of that weather; the credentials stay good.
FakeTransport::Reply weather(const Panel& panel, const http::Request& request, std::uint64_t dice) {
  switch (dice % 8) {
    case 0:
      return noAnswer(http::reason::kTimedOut);
    case 1:
      return answered(500, "");
    case 2:
      return answered(502, "<html>Bad Gateway</html>");
    case 3:
      return answered(500, R"({"error":"Something","result":"odd"})");
    default:
      return panel.answer(request);
  }
}

std::map<std::string, int> writesOf(const Panel& panel) {
  std::map<std::string, int> times;
  for (const auto& request : panel.transport.requests) {
    if (request.method == "POST") ++times[request.body];
  }
  return times;
}

Task<Result<base::Done>> createOne(Store& store, int number) {
  const std::string local = "user" + std::to_string(number);
  co_return co_await store.create("a.example", {local, {local + "@zoho.a.example"}}, {});
}

std::vector<Task<Result<base::Done>>> creates(Panel& panel, int count) {
  std::vector<Task<Result<base::Done>>> tasks;
  tasks.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) tasks.push_back(createOne(panel.store, i));
  return tasks;
}

TEST(InAnyWeather, EachWriteIsSentOnceAndTwoAreUnderWayAtMost) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    Panel panel(seed);
    std::mt19937_64 dice(seed);
    panel.transport.become([&](const http::Request& request) { return weather(panel, request, dice()); });
    const auto results = panel.executor.run(base::all(panel.executor, creates(panel, 30)));
    for (const auto& result : results) {
      const bool known =
          result || result.error().kind == ErrorKind::Unclear || result.error().kind == ErrorKind::Refuse;
      EXPECT_TRUE(known) << outcome(result) << ", seed " << seed;
    }
    const auto writes = writesOf(panel);
    EXPECT_EQ(writes.size(), 30U) << "seed " << seed;
    for (const auto& [body, times] : writes) EXPECT_EQ(times, 1) << body << ", seed " << seed;
    EXPECT_LE(panel.transport.most, 2U);
  }
}

TEST(InAnyWeather, AKeyThatTurnsBadCostsAtMostThreeRequestsMore) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    Panel panel(seed);
    const std::size_t good = seed % 15;
    panel.transport.become([&](const http::Request& request) {
      panel.keyIsGood = panel.transport.requests.size() <= good;
      return panel.answer(request);
    });
    const auto results = panel.executor.run(base::all(panel.executor, creates(panel, 30)));
    const auto refused = std::count_if(results.begin(), results.end(), [](const auto& result) { return !result; });
    EXPECT_GT(refused, 0) << "seed " << seed;
    EXPECT_LE(panel.transport.requests.size(), good + 3) << "two that were under way and one check, seed " << seed;
    for (const auto& result : results) {
      EXPECT_TRUE(result || outcome(result) == "Stall BadCredentials") << outcome(result) << ", seed " << seed;
    }
  }
}

TEST(InAnyWeather, AStopLetsEverybodyGo) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Panel panel(seed);
    std::stop_source stop;
    std::vector<Task<Result<api::Forwarders>>> callers;
    callers.reserve(20);
    for (int i = 0; i < 20; ++i) callers.push_back(panel.store.list("a.example", stop.get_token()));
    panel.executor.runAt(panel.executor.now() + std::chrono::milliseconds{seed}, [&] { stop.request_stop(); });
    const auto results = panel.executor.run(base::all(panel.executor, std::move(callers)));
    for (const auto& result : results) EXPECT_TRUE(result || result.error().kind == ErrorKind::Stopped);
    EXPECT_EQ(outcome(panel.list()), "ok") << "the places were given back, seed " << seed;
  }
}

}  // namespace
}  // namespace splitdelivery::mailserver::directadmin
