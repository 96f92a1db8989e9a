// A week of a Zoho that comes and goes, in every way in which it can fail.

#include <gtest/gtest.h>

#include <array>
#include <random>

#include "reconcile/days.h"

namespace splitdelivery::reconcile {
namespace {

using namespace std::chrono_literals;
using simulators::FaultKind;
using simulators::Rule;
using simulators::VirtualNetwork;

/// How Zoho fails. `fatal`: nothing can be read while it lasts.
struct Ill {
  const char* name;
  bool fatal;
  Rule rule;
};

const std::array kIlls{
    Ill{"500", true, {.api = "zoho", .fault = {.kind = FaultKind::Status, .status = 500}}},
    Ill{"503 that says when",
        true,
        {.api = "zoho", .fault = {.kind = FaultKind::Status, .status = 503, .headers = {{"retry-after", "120"}}}}},
    Ill{"hangs", true, {.api = "zoho", .fault = {.kind = FaultKind::Hang}}},
    Ill{"a page of HTML", true, {.api = "zoho", .fault = {.kind = FaultKind::Html}}},
    Ill{"a login page", true, {.api = "zoho", .fault = {.kind = FaultKind::Redirect}}},
    Ill{"resets", true, {.api = "zoho", .fault = {.kind = FaultKind::ResetBefore}}},
    Ill{"half answers", true, {.api = "zoho", .endpoint = "GET", .fault = {.kind = FaultKind::Truncate}}},
    Ill{"nobody listed", true, {.api = "zoho", .endpoint = "accounts", .fault = {.kind = FaultKind::EmptyList}}},
    // Of the first page: a server that leaves out people on all of them cannot be told from one whom they have left.
    Ill{"half a page",
        false,
        {.api = "zoho", .endpoint = "accounts", .containing = "start=0&", .fault = {.kind = FaultKind::PartialList}}},
    Ill{"no groups", false, {.api = "zoho", .endpoint = "groups", .fault = {.kind = FaultKind::EmptyList}}},
    Ill{"groups fail", true, {.api = "zoho", .endpoint = "groups", .fault = {.kind = FaultKind::Status}}},
    Ill{"slow", false, {.api = "zoho", .fault = {.kind = FaultKind::Latency, .delay = 9s}}},
};

class AFlappingZoho : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(AFlappingZoho, LosesNobodyForAWeekAndIsInSyncSoonAfterEachTrouble) {
  SCOPED_TRACE("seed " + std::to_string(GetParam()));
  Days days(12, GetParam());
  std::mt19937_64 random(GetParam());
  const auto minutes = [&](unsigned least, unsigned most) {
    return std::chrono::minutes{least + random() % (most - least)};
  };
  days.start();
  days.expectWellSoon();
  int troubles = 0;
  int hired = 0;
  for (const auto end = days.u.executor.now() + 7 * 24h; days.u.executor.now() < end && !HasFailure();) {
    days.runFor(minutes(1, 480));
    const Ill& ill = kIlls.at(random() % kIlls.size());
    SCOPED_TRACE(ill.name);
    const auto before = days.passes();
    days.u.world.faults.add(ill.rule);
    ++troubles;
    days.runFor(minutes(1, 40));
    if (random() % 2 == 0) days.shrinkBy(1);
    if (random() % 2 == 0) days.join("new" + std::to_string(100 + hired++));
    if (random() % 4 == 0) days.restart();
    days.runFor(minutes(1, 300));
    // Two: the first may have begun before.
    if (ill.fatal && days.passes() >= before + 2) {
      EXPECT_FALSE(days.isReady()) << days.ready();
      EXPECT_NE(condition(days.last().status, api::condition::kZohoReady).status, api::ConditionStatus::True);
      EXPECT_FALSE(condition(days.last().status, api::condition::kZohoReady).message.empty());
    }
    days.u.world.faults.clear();
    days.expectWellSoon();
  }
  EXPECT_LE(days.readyMoves(), 2 * troubles + 1) << "down and up, once for each trouble";
  EXPECT_GT(days.witness.deletes, 0U);
}
INSTANTIATE_TEST_SUITE_P(Seeds, AFlappingZoho, ::testing::Range<std::uint64_t>(1, 6));

TEST(AWeekWithoutZoho, AsksEverMoreRarelyAndLosesNobody) {
  Days days(24, 1, 30s);
  days.start();
  days.expectWellSoon();
  days.u.network.setDown(VirtualNetwork::kMail, true);
  days.u.network.setDown(VirtualNetwork::kAccounts, true);
  const auto before = days.passes();
  days.runFor(7 * 24h);
  EXPECT_LE(days.passes() - before, 7U * 24 * 5) << "every quarter of an hour";
  EXPECT_GE(days.passes() - before, 7U * 24 * 3);
  EXPECT_EQ(days.ready(), "ConnectFailed");
  EXPECT_EQ(days.readyMoves(), 2);
  days.u.network.setDown(VirtualNetwork::kMail, false);
  days.u.network.setDown(VirtualNetwork::kAccounts, false);
  days.expectWellWithin(18min);
}

}  // namespace
}  // namespace splitdelivery::reconcile
