#include "kube/request_limit.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "support/virtual_executor.h"

namespace splitdelivery::kube {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::SizeIs;

class ALimit : public ::testing::Test {
 protected:
  explicit ALimit(RequestLimit::Options options = {.perSecond = 10, .burst = 5}) {
    options.onPass = [this](std::string_view method, base::Duration inLine) {
      told.push_back(std::string(method) + " " + std::to_string(ms(inLine)));
    };
    limit.emplace(executor, std::move(options));
  }
  /// As a client asks; when it was let through is noted under its name.
  base::Task<base::Done> request(int name, std::stop_token stop) {
    const bool passed = limit->pass("GET") || co_await limit->wait("GET", stop);
    (passed ? passedAt : stoppedAt).emplace_back(name, ms(executor.now() - base::SteadyTime{}));
    co_return base::Done{};
  }
  void ask(int name, std::stop_token stop = {}) {
    base::spawn(executor, request(name, std::move(stop)), [](const auto&, const auto&) {});
  }
  void ask(int from, int to) {
    for (int name = from; name < to; ++name) ask(name);
  }
  static std::int64_t ms(base::Duration span) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(span).count();
  }
  [[nodiscard]] std::vector<std::int64_t> times() const {
    std::vector<std::int64_t> all;
    for (const auto& [name, at] : passedAt) all.push_back(at);
    return all;
  }

  using Passed = std::pair<int, std::int64_t>;  ///< who, and when in milliseconds
  using Story = std::vector<Passed>;
  testing::VirtualExecutor executor;
  std::vector<std::string> told;
  std::optional<RequestLimit> limit;
  Story passedAt;
  Story stoppedAt;
};

class WithoutALimit : public ALimit {
 protected:
  WithoutALimit() : ALimit({.perSecond = 0, .burst = 1}) {}
};
class ASlowLimit : public ALimit {
 protected:
  ASlowLimit() : ALimit({.perSecond = 0.5, .burst = 1}) {}
};

TEST_F(ALimit, LetsABurstThroughAndThenOneAtATime) {
  ask(0, 9);
  executor.advance(1min);
  EXPECT_THAT(times(), ElementsAre(0, 0, 0, 0, 0, 100, 200, 300, 400));
}

TEST_F(ALimit, LetsThroughInTheOrderOfComing) {
  ask(0, 8);
  executor.advance(150ms);
  ask(8, 10);
  executor.advance(1min);
  std::vector<int> names;
  for (const auto& [name, at] : passedAt) names.push_back(name);
  EXPECT_TRUE(std::ranges::is_sorted(names));
  EXPECT_THAT(names, SizeIs(10));
}

TEST_F(ALimit, LetsNobodyPushInWhoComesWhenATokenIsThere) {
  ask(0, 6);
  executor.advance(99ms);
  ask(6);
  executor.advance(1s);
  EXPECT_THAT(passedAt, ::testing::IsSupersetOf(Story{{5, 100}, {6, 200}}));
}

TEST_F(ALimit, HasNoMoreThanItsBurstAfterAnHourOfQuiet) {
  ask(0, 5);
  executor.advance(1h);
  ask(5, 12);
  executor.advance(1min);
  const auto hour = ms(1h);
  const auto all = times();
  ASSERT_THAT(all, SizeIs(12));
  EXPECT_THAT(std::vector(all.begin() + 5, all.end()),
              ElementsAre(hour, hour, hour, hour, hour, hour + 100, hour + 200));
}

TEST_F(ALimit, IsKeptOverEverySpanWhateverComesWhen) {
  int name = 0;
  for (int i = 0; i < 2000; ++i) {
    if (executor.random() % 3 == 0) ask(name++);
    if (executor.random() % 500 == 0) executor.advance(5s);
    executor.advance(std::chrono::milliseconds(executor.random() % 40));
  }
  executor.drain();
  const auto all = times();
  ASSERT_THAT(all, SizeIs(name));
  for (std::size_t from = 0; from < all.size(); ++from) {
    for (std::size_t to = from; to < all.size(); ++to) {
      // A tenth of a token for what is cut off a time in milliseconds.
      ASSERT_LE(static_cast<double>(to - from + 1), 5.1 + static_cast<double>(all[to] - all[from]) / 100);
    }
  }
}

TEST_F(ALimit, SetsNoTimerForWhoNeedNotWait) {
  ASSERT_TRUE(limit->pass("GET"));
  EXPECT_FALSE(executor.step()) << "nothing is left to do";
}

TEST_F(ALimit, TellsOfTheTimeInLine) {
  ask(0, 7);
  executor.advance(1min);
  ASSERT_THAT(told, SizeIs(7));
  EXPECT_EQ(told[0], "GET 0");
  EXPECT_EQ(told[6], "GET 200");
}

TEST_F(ALimit, EndsAWaitAtOnceWhenToldToStop) {
  std::stop_source stop;
  ask(0, 5);
  ask(5, stop.get_token());
  ask(6);
  executor.advance(10ms);
  stop.request_stop();
  executor.advance(0s);
  EXPECT_THAT(stoppedAt, ElementsAre(Passed(5, 10)));
  executor.advance(1s);
  EXPECT_EQ(passedAt.back(), Passed(6, 100)) << "who left has taken no token along";
  ask(7, stop.get_token());
  ask(8, 14);
  ask(14, stop.get_token());
  executor.advance(0s);
  EXPECT_EQ(stoppedAt.back(), Passed(14, 1010));
  executor.advance(1min);
  EXPECT_EQ(passedAt.size() + stoppedAt.size(), 15U) << "each has its end";
}

TEST_F(ALimit, LeavesNoTimerBehindALineThatEverybodyHasLeft) {
  std::stop_source stop;
  ask(0, 5);
  ask(5, stop.get_token());
  stop.request_stop();
  executor.advance(0s);
  EXPECT_FALSE(executor.step());
}

TEST_F(ALimit, LeavesNoTimerBehindWhenItGoes) {
  ask(0, 6);
  executor.advance(0s);
  std::stop_source stop;
  limit.reset();
  executor.advance(0s);
  EXPECT_FALSE(stoppedAt.empty()) << "and nobody who waits";
  EXPECT_FALSE(executor.step());
}

TEST_F(ALimit, WaitsForAsLongAsTheServerAsks) {
  limit->pause(7s);
  ask(0, 2);
  executor.advance(1min);
  EXPECT_THAT(times(), ElementsAre(7000, 7000));
}

TEST_F(ALimit, WaitsForTheLongestOfSeveralPauses) {
  limit->pause(7s);
  limit->pause(2s);
  ask(0);
  executor.advance(1min);
  EXPECT_THAT(times(), ElementsAre(7000));
}

TEST_F(ALimit, HoldsBackThoseInLineToo) {
  ask(0, 7);
  executor.advance(50ms);
  limit->pause(3s);
  executor.advance(1min);
  EXPECT_THAT(times(), ElementsAre(0, 0, 0, 0, 0, 3050, 3050)) << "the bucket was filled meanwhile";
}

TEST_F(ALimit, WaitsForNoMoreThanAMinute) {
  limit->pause(24h);
  ask(0);
  executor.advance(1h);
  EXPECT_THAT(times(), ElementsAre(60'000));
}

TEST_F(ALimit, LetsEverybodyThroughOnceItIsLifted) {
  ask(0, 9);
  executor.advance(50ms);
  limit->pause(1min);
  limit->lift();
  ask(9, 20);
  executor.advance(0s);
  EXPECT_THAT(passedAt, SizeIs(20));
  limit->pause(1min);
  EXPECT_TRUE(limit->pass("GET"));
  EXPECT_FALSE(executor.step()) << "no timer is left";
}

TEST_F(WithoutALimit, EverythingPassesAtOnce) {
  ask(0, 1000);
  executor.advance(0s);
  EXPECT_THAT(passedAt, SizeIs(1000));
}

TEST_F(WithoutALimit, APauseIsKeptAllTheSame) {
  limit->pause(7s);
  ask(0, 3);
  executor.advance(1min);
  EXPECT_THAT(times(), ElementsAre(7000, 7000, 7000));
}

TEST_F(ASlowLimit, MayBeLessThanOneASecond) {
  ask(0, 3);
  executor.advance(1min);
  EXPECT_THAT(times(), ElementsAre(0, 2000, 4000));
}

}  // namespace
}  // namespace splitdelivery::kube
