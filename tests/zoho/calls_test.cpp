#include "zoho/calls.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/message_style.h"
#include "zoho/answer.h"
#include "zoho/memory_store.h"
#include "zoho/world.h"

namespace splitdelivery::zoho {
namespace {

using namespace std::chrono_literals;
using base::ErrorKind;
using base::SteadyTime;
using base::WallTime;
using testing::MemoryStore;
using testing::VirtualExecutor;
using testing::World;

/// One program that makes calls, on a store that others may use too.
struct Program {
  Program(VirtualExecutor& on, api::AccountStore& store) : kept(on, store, "zoho"), calls(on, kept) {}
  KeptRecord kept;
  Calls calls;
};

base::Task<base::Done> make(VirtualExecutor& executor, Program& program, std::size_t count, base::Duration time,
                            std::vector<SteadyTime>& made) {
  co_await program.kept.load();
  for (std::size_t i = 0; i < count; ++i) {
    const auto leave = co_await program.calls.take({});
    if (!leave) co_return base::Done{};
    made.push_back(executor.now());
    co_await base::sleepFor(executor, time, {});
  }
  co_return base::Done{};
}

/// The most calls in any minute.
std::size_t mostInAMinute(std::vector<SteadyTime> made) {
  std::ranges::sort(made);
  std::size_t most = 0;
  for (std::size_t first = 0, last = 0; last < made.size(); ++last) {
    while (made[last] - made[first] >= 60s) ++first;
    most = std::max(most, last - first + 1);
  }
  return most;
}

TEST(S9TheCalls, NeverExceedTheMinuteHoweverLongEachTakes) {
  for (const base::Duration time :
       {base::Duration{0ms}, base::Duration{300ms}, base::Duration{4s}, base::Duration{20s}}) {
    VirtualExecutor executor;
    MemoryStore store;
    Program program(executor, store);
    std::vector<SteadyTime> made;
    executor.run(make(executor, program, 120, time, made));
    EXPECT_EQ(made.size(), 120U);
    EXPECT_LE(mostInAMinute(made), Calls::kPerMinute);
  }
}

TEST(S9TheCalls, NeverExceedTheMinuteWhenEachFewAreAProcessOfTheirOwn) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    VirtualExecutor executor(seed);
    MemoryStore store;
    std::vector<SteadyTime> made;
    for (int process = 0; process < 40; ++process) {
      Program program(executor, store);
      executor.run(make(executor, program, 1 + executor.random() % 8, 200ms, made));
      executor.advance(std::chrono::milliseconds{executor.random() % 3000});
    }
    ASSERT_LE(mostInAMinute(made), Calls::kPerMinute) << seed;
    ASSERT_GE(made.size(), 40U) << seed;
  }
}

TEST(S9TheCalls, OfProcessesAtTheSameTimeShareTheMinute) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    VirtualExecutor executor(seed, true);
    MemoryStore store;
    std::vector<std::unique_ptr<Program>> programs;
    std::vector<base::Task<base::Done>> tasks;
    std::vector<SteadyTime> made;
    for (int i = 0; i < 4; ++i) {
      programs.push_back(std::make_unique<Program>(executor, store));
      tasks.push_back(make(executor, *programs.back(), 20, 700ms, made));
    }
    executor.run(base::all(executor, std::move(tasks)));
    ASSERT_EQ(made.size(), 80U) << "and each gets through, seed " << seed;
    ASSERT_LE(mostInAMinute(made), Calls::kPerMinute) << seed;
  }
}

TEST(ACallThatACrashCutOff, IsCounted) {
  VirtualExecutor executor;
  MemoryStore store;
  for (int process = 0; process < 5; ++process) {
    Program program(executor, store);
    std::vector<SteadyTime> made;
    executor.run(make(executor, program, 1, 0s, made));
  }
  const auto start = executor.now();
  Program last(executor, store);
  std::vector<SteadyTime> made;
  executor.run(make(executor, last, 1, 0s, made));
  EXPECT_GE(made.at(0) - start, 60s) << "five processes may have made five calls each";
  EXPECT_LE(made.at(0) - start, 76s);
}

TEST(TheCallsOfAListing, AreWrittenDownBeforeTheFirstOfThemAndInOneGo) {
  World world;
  std::size_t known = 0;
  world.transport.on(testing::kApi + "domains", [&](const http::Request&) {
    known = world.store.records.begin()->second.calls.size();
    return testing::ok(testing::payload::kDomains);
  });
  ASSERT_TRUE(world.list().has_value());
  EXPECT_EQ(known, Calls::kAtATime);
  EXPECT_EQ(world.store.saves, 3) << "before and after the mint, and once for the calls";
}

TEST(TheCalls, WaitForTheMinuteOnlyUntilAStop) {
  VirtualExecutor executor;
  MemoryStore store;
  Program program(executor, store);
  std::vector<SteadyTime> made;
  executor.run(make(executor, program, Calls::kPerMinute, 0s, made));
  std::stop_source stop;
  executor.runAt(executor.now() + 5s, [&] { stop.request_stop(); });
  const auto leave = executor.run(program.calls.take(stop.get_token()));
  ASSERT_FALSE(leave.has_value());
  EXPECT_EQ(leave.error().kind, ErrorKind::Stopped);
  testing::expectStyle(leave.error());
  EXPECT_EQ(executor.now(), SteadyTime{} + 5s);
  EXPECT_FALSE(executor.run(program.calls.take(stop.get_token())).has_value());
}

TEST(AClockThatWasPutBack, LocksNoCallForLongerThanTheMinute) {
  for (const base::Duration back : {base::Duration{30s}, base::Duration{2h}, base::Duration{24h * 365}}) {
    VirtualExecutor executor;
    MemoryStore store;
    std::vector<SteadyTime> made;
    Program first(executor, store);
    executor.run(make(executor, first, Calls::kPerMinute, 0s, made));
    executor.setWallTime(executor.wallTime() - back);
    for (int process = 0; process < 3; ++process) {
      Program next(executor, store);
      executor.run(make(executor, next, 1, 0s, made));
    }
    EXPECT_LE(made.back() - made.front(), 80s);
    EXPECT_LE(mostInAMinute(made), Calls::kPerMinute);
    executor.run(make(executor, first, 1, 0s, made));
    EXPECT_LE(made.back() - made.front(), 160s) << "the one that saw it happen goes on as well";
  }
}

TEST(AStoreThatKeepsNothing, StillPacesThisProcess) {
  class Forgetful final : public api::AccountStore {
   public:
    base::Task<api::AccountRecord> load(std::string /*account*/) override { co_return api::AccountRecord{}; }
    base::Task<base::Done> save(std::string /*account*/, api::AccountRecord /*record*/) override {
      co_return base::Done{};
    }
  };
  VirtualExecutor executor;
  Forgetful store;
  Program program(executor, store);
  std::vector<SteadyTime> made;
  executor.run(make(executor, program, 60, 10ms, made));
  EXPECT_LE(mostInAMinute(made), Calls::kPerMinute);
}

TEST(ARecordFromTheFuture, IsBroughtBackAsAWhole) {
  const WallTime now{std::chrono::sys_days{std::chrono::year{2026} / 5 / 1}};
  const auto then = now + 48h;
  api::AccountRecord record{.accessToken = base::Secret("t"),
                            .expiresAt = then + 1h,
                            .mints = {then - 3min, then},
                            .calls = {then + kReservedAhead - 1min},
                            .lockedUntil = then + 5min,
                            .lockedBecause = "InvalidClient"};
  EXPECT_TRUE(bringBack(record, now));
  EXPECT_EQ(record.mints, (std::vector<WallTime>{now - 3min, now}));
  EXPECT_EQ(record.calls, (std::vector<WallTime>{now + kReservedAhead - 1min}));
  EXPECT_EQ(record.lockedUntil, now + 5min);
  EXPECT_EQ(record.expiresAt, now + 1h);
  EXPECT_EQ(record.retracted.size(), 3U);
  EXPECT_TRUE(record.unlocked) << "so that the store does not keep the later lock";
  EXPECT_FALSE(bringBack(record, now)) << "once";
}

TEST(ARecordOfAMomentAgo, StaysAsItIs) {
  const WallTime now{std::chrono::sys_days{std::chrono::year{2026} / 5 / 1}};
  api::AccountRecord record{.mints = {now - 1s}, .calls = {now + kReservedAhead + 4ns}, .lockedUntil = now + 24h};
  const auto before = record;
  EXPECT_FALSE(bringBack(record, now));
  EXPECT_EQ(record, before);
}

}  // namespace
}  // namespace splitdelivery::zoho
