// A mail server that loses forwarders, for good or in its listings only.

#include <gtest/gtest.h>

#include <random>

#include "reconcile/days.h"

namespace splitdelivery::reconcile {
namespace {

using namespace std::chrono_literals;
using simulators::FaultKind;

constexpr const char* kList = "GET CMD_API_EMAIL_FORWARDERS";

class AServerLoses : public ::testing::TestWithParam<std::size_t> {};

TEST_P(AServerLoses, ForwardersAndTheyAreMadeAgain) {
  Days days(40);
  days.start();
  days.expectWellSoon();
  days.runFor(24h);
  const auto before = days.witness.atZoho();
  auto lost = before.begin();
  for (std::size_t i = 0; i < GetParam(); ++i) days.lose(*lost++);
  days.expectWellSoon();
  EXPECT_EQ(days.witness.deletes, 0U);
  // What was made again is ours again: who leaves now is forgotten there too.
  days.shrinkBy(3);
  days.expectWellSoon();
  EXPECT_EQ(days.witness.deletes, 3U);
}
INSTANTIATE_TEST_SUITE_P(OfForty, AServerLoses, ::testing::Values(1, 8, 20, 40));

class AServerThatDoesNotList : public ::testing::TestWithParam<FaultKind> {};

TEST_P(AServerThatDoesNotList, AllForADayCostsNothingAndNoOwnership) {
  Days days(40, 1, 1h);
  days.start();
  days.expectWellSoon();
  const auto before = days.witness.mutations;
  days.u.world.faults.add({.api = "da", .endpoint = kList, .fault = {.kind = GetParam()}});
  days.runFor(12h);
  EXPECT_FALSE(days.isReady());
  days.restart();
  days.runFor(12h);
  EXPECT_EQ(days.witness.mutations, before) << "they exist, whatever the list says";
  days.u.world.faults.clear();
  days.expectWellSoon();
  EXPECT_EQ(days.last().status.forwarders.managed, 40U);
  days.shrinkBy(5);
  days.expectWellSoon();
  EXPECT_EQ(days.witness.deletes, 5U) << "still ours";
}
INSTANTIATE_TEST_SUITE_P(Kinds, AServerThatDoesNotList,
                         ::testing::Values(FaultKind::EmptyList, FaultKind::PartialList));

TEST(AServerThatListsOnlyNowAndThen, CostsNothing) {
  Days days(24);
  days.start();
  days.expectWellSoon();
  for (int day = 0; day < 3; ++day) {
    // One of three listings lacks half: a cluster of which one node lags behind.
    days.u.world.faults.add({.api = "da",
                             .endpoint = kList,
                             .nth = {1, 4, 7, 8, 11, 13, 14, 20, 21, 22, 30, 31, 35},
                             .fault = {.kind = FaultKind::PartialList}});
    days.runFor(24h);
    days.u.world.faults.clear();
    days.expectWellSoon();
    EXPECT_EQ(days.last().status.forwarders.managed, 24U);
  }
  EXPECT_EQ(days.witness.deletes, 0U);
}

TEST(ForwardersThatAPersonMadeAgain, AreNotOursAnyMore) {
  Days days(12);
  days.start();
  days.expectWellSoon();
  days.u.network.setDown(simulators::VirtualNetwork::kDirectAdmin, true);
  const std::string one = *days.witness.atZoho().begin();
  days.lose(one);
  days.addOthers(one, "private@elsewhere.example");
  days.runFor(6h);
  days.u.network.setDown(simulators::VirtualNetwork::kDirectAdmin, false);
  days.runFor(24h);
  EXPECT_EQ(days.ready(), "SyncedWithConflicts");
  days.leave(one);
  days.runFor(24h);
  EXPECT_EQ(days.witness.deletes, 0U);
  days.expectInSync();
}

class AWeekOfAWeakServer : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(AWeekOfAWeakServer, LosesForwardersAndWritesAndEndsInSync) {
  SCOPED_TRACE("seed " + std::to_string(GetParam()));
  Days days(12, GetParam(), 1h);
  std::mt19937_64 random(GetParam());
  days.start();
  days.expectWellSoon();
  constexpr std::array kFaults{FaultKind::ResetBefore, FaultKind::ResetAfter, FaultKind::Hang,    FaultKind::Status,
                               FaultKind::Html,        FaultKind::Truncate,   FaultKind::Latency, FaultKind::SlowBody};
  int hired = 0;
  for (const auto end = days.u.executor.now() + 7 * 24h; days.u.executor.now() < end && !HasFailure();) {
    const auto kind = kFaults.at(random() % kFaults.size());
    SCOPED_TRACE(simulators::nameOf(kind));
    days.u.world.faults.add({.api = "da",
                             .endpoint = random() % 2 == 0 ? "POST" : "",
                             .nth = {1, 2, 3, 5, 8, 13, 21},
                             .fault = {.kind = kind, .status = 500}});
    days.runFor(std::chrono::minutes{random() % 60});
    if (random() % 2 == 0 && !days.witness.atZoho().empty()) {
      const std::string one = *days.witness.atZoho().begin();
      if (days.u.forwarders().contains(one)) days.lose(one);
    }
    if (random() % 2 == 0) days.shrinkBy(1);
    for (auto n = random() % 3; n > 0; --n) days.join("new" + std::to_string(100 + hired++));
    days.runFor(std::chrono::minutes{random() % 600});
    if (random() % 3 == 0) days.restart();
    days.u.world.faults.clear();
    days.expectWellSoon();
  }
  EXPECT_GT(days.witness.deletes, 0U);
}
INSTANTIATE_TEST_SUITE_P(Seeds, AWeekOfAWeakServer, ::testing::Range<std::uint64_t>(1, 5));

}  // namespace
}  // namespace splitdelivery::reconcile
