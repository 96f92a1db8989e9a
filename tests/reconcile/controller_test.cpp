// The long run: intervals, changes, failures, stops, a fleet beside a server that never answers.

#include "reconcile/controller.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "reconcile/fleet.h"

namespace splitdelivery::reconcile {
namespace {

using namespace std::chrono_literals;
using ::testing::Each;
using ::testing::Ge;
using ::testing::IsEmpty;
using ::testing::Le;
using ::testing::SizeIs;

std::vector<base::Duration> gaps(const std::vector<base::SteadyTime>& starts) {
  std::vector<base::Duration> all;
  for (std::size_t i = 1; i < starts.size(); ++i) all.push_back(starts[i] - starts[i - 1]);
  return all;
}

TEST(TheController, GivesEveryResourceAPassOnItsIntervalWithJitter) {
  Fleet fleet(3, 0);
  fleet.at(1).spec.interval = 30s;
  fleet.read();
  fleet.start();
  fleet.runFor(1h);
  const auto& slow = fleet.diary.starts[Fleet::key(0)];
  const auto& quick = fleet.diary.starts[Fleet::key(1)];
  EXPECT_GE(slow.size(), 11U);
  EXPECT_LE(slow.size(), 14U);
  EXPECT_GE(quick.size(), 100U);
  EXPECT_THAT(gaps(slow), Each(Ge(285s)));
  EXPECT_THAT(gaps(slow), Each(Le(320s)));
  EXPECT_NE(gaps(slow)[0], gaps(slow)[1]) << "without jitter a fleet marches in step";
  EXPECT_EQ(readyReason(fleet.diary.last.at(Fleet::key(1))), "Synced");
  EXPECT_TRUE(fleet.stop());
}

TEST(TheController, RunsAChangedResourceAtOnceAndTheOthersWhenTheyAreDue) {
  Fleet fleet(3, 0);
  fleet.read();
  fleet.start();
  fleet.runFor(10s);
  fleet.at(1).spec.addresses.extra = {"support"};
  fleet.read();
  fleet.runFor(1s);
  EXPECT_THAT(fleet.diary.starts[Fleet::key(0)], SizeIs(1));
  EXPECT_THAT(fleet.diary.starts[Fleet::key(1)], SizeIs(2));
  EXPECT_TRUE(fleet.u.world.da.forwarders("d1.example.com").contains("support"));
  EXPECT_TRUE(fleet.stop());
}

TEST(TheController, ReadingTheSameAgainIsNoChange) {
  Fleet fleet(2, 0);
  fleet.read();
  fleet.start();
  fleet.runFor(10s);
  for (int i = 0; i < 5; ++i) fleet.read();
  fleet.runFor(10s);
  EXPECT_THAT(fleet.diary.starts[Fleet::key(0)], SizeIs(1));
  EXPECT_TRUE(fleet.stop());
}

TEST(TheController, RunsEveryResourceThatNamesAChangedSecret) {
  Fleet fleet(2, 0);
  fleet.at(1).spec.directAdmin.credentialsSecret = "other";
  const auto wrong = base::Secret("wrong");
  fleet.manifests.secrets[{"default", "other"}] = {.key = {"default", "other"},
                                                   .values = {{"username", base::Secret("user")}, {"loginKey", wrong}}};
  fleet.read();
  fleet.start();
  fleet.runFor(10s);
  EXPECT_EQ(readyReason(fleet.diary.last.at(Fleet::key(1))), "BadCredentials");
  fleet.manifests.secrets[{"default", "other"}].values["loginKey"] = base::Secret("key");
  fleet.read();
  fleet.runFor(5s);
  EXPECT_THAT(fleet.diary.starts[Fleet::key(0)], SizeIs(1));
  EXPECT_EQ(readyReason(fleet.diary.last.at(Fleet::key(1))), "Synced");
  EXPECT_TRUE(fleet.stop());
}

TEST(TheController, GivesAResourceThatIsGoneNoMorePasses) {
  Fleet fleet(2, 0);
  fleet.read();
  fleet.start();
  fleet.runFor(10s);
  std::erase_if(fleet.manifests.resources, [](const auto& each) { return each.key == Fleet::key(1); });
  fleet.read();
  fleet.runFor(1h);
  EXPECT_THAT(fleet.diary.starts[Fleet::key(1)], SizeIs(1));
  EXPECT_THAT(fleet.u.world.da.forwarders("d1.example.com"), SizeIs(1)) << "what was made stays (S14)";
  fleet.manifests.resources.push_back(fleet.u.resource);
  fleet.manifests.resources.back().key = Fleet::key(1);
  fleet.manifests.resources.back().spec.domain = "d1.example.com";
  fleet.manifests.resources.back().spec.routingHost = "zoho.d1.example.com";
  fleet.read();
  fleet.runFor(5s);
  EXPECT_EQ(fleet.diary.last.at(Fleet::key(1)).status.forwarders.managed, 1U) << "its book has waited";
  EXPECT_TRUE(fleet.stop());
}

TEST(S6AChangeOfMind, ReachesAPassThatIsUnderWay) {
  Fleet fleet(1, 0);
  for (int i = 0; i < 400; ++i) {
    fleet.u.world.zoho.addUser(Universe::kOrganization, {.email = "u" + std::to_string(i) + "@d0.example.com"});
  }
  fleet.u.network.setLatency(500ms, 500ms);
  fleet.read();
  fleet.start();
  fleet.runFor(20s);
  const auto before = fleet.u.world.da.forwarders("d0.example.com").size();
  EXPECT_GT(before, 0U);
  EXPECT_LT(before, 300U);
  fleet.at(0).spec.suspend = true;
  fleet.read();
  fleet.runFor(1h);
  EXPECT_LE(fleet.u.world.da.forwarders("d0.example.com").size(), before + 2) << "but for what was on its way";
  fleet.at(0).spec.suspend = false;
  fleet.read();
  fleet.runFor(10min);
  EXPECT_EQ(fleet.u.world.da.forwarders("d0.example.com").size(), 401U);
  EXPECT_TRUE(fleet.stop());
}

TEST(S10Failures, NeverPollFasterThanSuccessAndRarerTheLongerTheyLast) {
  Fleet fleet(1, 0);
  fleet.at(0).spec.interval = 30s;
  fleet.read();
  fleet.u.network.setDown(simulators::VirtualNetwork::kDirectAdmin, true);
  fleet.start();
  fleet.runFor(4h);
  const auto pauses = gaps(fleet.diary.starts[Fleet::key(0)]);
  ASSERT_GE(pauses.size(), 6U);
  EXPECT_THAT(pauses, Each(Ge(27s)));
  EXPECT_GE(pauses[3], 3 * pauses[0]);
  EXPECT_LE(pauses.back(), 18min);
  EXPECT_GE(pauses.back(), 13min);
  fleet.u.network.setDown(simulators::VirtualNetwork::kDirectAdmin, false);
  fleet.runFor(20min);
  EXPECT_EQ(readyReason(fleet.diary.last.at(Fleet::key(0))), "Synced");
  EXPECT_TRUE(fleet.stop());
}

TEST(S10Failures, WaitAsLongAsTheOtherSideAsks) {
  Fleet fleet(1, 0);
  fleet.at(0).spec.interval = 30s;
  fleet.u.world.faults.add(
      {.api = "da",
       .fault = {.kind = simulators::FaultKind::Status, .status = 429, .headers = {{"retry-after", "1200"}}}});
  fleet.read();
  fleet.start();
  fleet.runFor(19min);
  EXPECT_THAT(fleet.diary.starts[Fleet::key(0)], SizeIs(1));
  EXPECT_TRUE(fleet.stop());
}

TEST(AStop, EndsTheControllerWhilePassesHang) {
  Fleet fleet(0, 40);
  fleet.read();
  fleet.start();
  fleet.runFor(5s);
  EXPECT_GT(fleet.controller.running(), 0U);
  const auto asked = fleet.u.executor.now();
  EXPECT_TRUE(fleet.stop());
  EXPECT_LE(fleet.u.executor.now() - asked, 30s);
  EXPECT_EQ(fleet.controller.running(), 0U);
}

base::Duration quantile(std::vector<base::Duration> all, double part) {
  std::ranges::sort(all);
  return all.at(static_cast<std::size_t>(part * static_cast<double>(all.size() - 1)));
}

/// Starts of the healthy ones in three hours, and how late the latest gap of any of them was.
struct Punctuality {
  std::size_t starts = 0;
  base::Duration longestGap{};
};

Punctuality punctuality(std::size_t hanging) {
  Fleet fleet(200, hanging);
  fleet.read();
  fleet.start();
  fleet.runFor(3h);
  Punctuality found;
  for (std::size_t i = 0; i < 200; ++i) {
    const auto& starts = fleet.diary.starts[Fleet::key(i)];
    found.starts += starts.size();
    for (const auto gap : gaps(starts)) found.longestGap = std::max(found.longestGap, gap);
    EXPECT_EQ(readyReason(fleet.diary.last.at(Fleet::key(i))), "Synced") << i;
  }
  EXPECT_TRUE(fleet.stop());
  return found;
}

TEST(AServerThatNeverAnswers, DelaysNobodyElse) {
  const Punctuality alone = punctuality(0);
  const Punctuality beside = punctuality(200);
  EXPECT_GE(beside.starts * 10, alone.starts * 9) << alone.starts << " passes alone, " << beside.starts << " beside";
  EXPECT_LE(beside.longestGap, alone.longestGap * 11 / 10);
}

TEST(AServerThatNeverAnswers, TakesNoPlaceFromTheOthersForLong) {
  Fleet fleet(20, 200);
  fleet.read();
  fleet.start();
  fleet.runFor(1h);
  EXPECT_LE(quantile(fleet.lateness.all, 0.99), 60s);
  EXPECT_TRUE(fleet.stop());
}

}  // namespace
}  // namespace splitdelivery::reconcile
