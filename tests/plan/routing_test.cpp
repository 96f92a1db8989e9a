// S13 in the plan: while the routing host is not ready nothing new is pointed at it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plan/describe.h"
#include "plan/world.h"

namespace splitdelivery::plan {
namespace {

using State = api::LedgerEntry::State;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const api::Destinations kOld = {"u0@old.example.com"};

/// Nine in sync, u0 to be updated, u9 to be deleted, "new" to be created.
World threeChanges() {
  World world = inSync();
  world.forgets("u9").lists("new");
  world.ledger.entries.front().destinations = kOld;
  world.present.front().destinations = kOld;
  return world;
}

std::vector<std::string> leftFor(const Plan& plan, LeftBecause why) {
  std::vector<std::string> names;
  for (const Left& left : plan.left) {
    if (left.why == why) names.push_back(left.operation.local);
  }
  return names;
}

TEST(S13, CreatesAndUpdatesWaitAndDeletesGoOn) {
  World world = threeChanges();
  EXPECT_THAT(world.plan().left, IsEmpty());
  world.routingReady = false;
  const Plan plan = world.plan();
  EXPECT_THAT(plan.creates, IsEmpty());
  EXPECT_THAT(plan.updates, IsEmpty());
  EXPECT_THAT(locals(plan.deletes), ElementsAre("u9"));
  EXPECT_THAT(leftFor(plan, LeftBecause::RoutingNotReady), ElementsAre("new", "u0"));
  EXPECT_THAT(describe(plan, world.spec), Contains(HasSubstr("(not done: mail to the routing host would not reach")));
}

TEST(S13, WhatWaitsIsDoneOnceTheRoutingHostIsReady) {
  World world = threeChanges();
  const Plan ready = world.plan();
  world.routingReady = false;
  const Plan waiting = world.plan();
  world.carryOut(waiting);
  world.routingReady = true;
  EXPECT_EQ(world.plan().creates, ready.creates);
  EXPECT_EQ(world.plan().updates, ready.updates);
}

TEST(S13, UnderObserveItIsSaidTooThoughNothingWouldBeWritten) {
  World world = threeChanges();
  world.routingReady = false;
  world.spec.policy = api::Policy::Observe;
  EXPECT_FALSE(world.plan().writes());
  EXPECT_THAT(leftFor(world.plan(), LeftBecause::RoutingNotReady), ElementsAre("new", "u0"));
  EXPECT_THAT(leftFor(world.plan(), LeftBecause::Observed), ElementsAre("u9"));
}

TEST(S13, ADomainThatZohoLacksIsTheBetterReason) {
  World world = threeChanges();
  world.routingReady = false;
  world.domainListed = false;
  EXPECT_THAT(leftFor(world.plan(), LeftBecause::DomainNotListed), SizeIs(2));
}

TEST(S13, WhatIsInSyncIsStillAdopted) {
  World world;
  world.routingReady = false;
  world.adopt = true;
  world.lists("anna").forwards("anna");
  EXPECT_THAT(world.plan().ledger.entries, SizeIs(1)) << "that writes nothing on the server";
}

TEST(S13, UpdatesThatWaitAreNeitherHeldNorCounted) {
  World world = threeChanges();
  world.spec.maxDeletions = {.amount = 1, .percent = false};
  EXPECT_THAT(world.plan().held, SizeIs(2)) << "one update and one delete are too many";
  world.routingReady = false;
  EXPECT_THAT(world.plan().held, IsEmpty());
  EXPECT_THAT(locals(world.plan().deletes), ElementsAre("u9"));
  world.spec.maxDeletions.amount = 0;
  EXPECT_THAT(locals(world.plan().held), ElementsAre("u9")) << "deletes are guarded as ever";
}

TEST(S13, AnApprovalOutlivesTheWait) {
  World world = threeChanges();
  world.lists("u9");
  world.spec.approval = api::Approval::Manual;
  world.approvedPlan = world.plan().id;
  const Plan approved = world.plan();
  ASSERT_THAT(locals(approved.updates), ElementsAre("u0"));
  world.ledger = approved.ledger;
  world.approvedPlan.clear();

  world.routingReady = false;
  const Plan waiting = world.plan();
  EXPECT_THAT(waiting.updates, IsEmpty());
  EXPECT_THAT(waiting.held, IsEmpty());
  world.ledger = waiting.ledger;
  world.routingReady = true;
  EXPECT_THAT(locals(world.plan().updates), ElementsAre("u0")) << "nobody has to approve it again";
}

TEST(S13, WhatIsOursAndNotListedStaysOursUntilItCanBeMadeAgain) {
  World world = inSync();
  world.routingReady = false;
  std::erase_if(world.present, [](const auto& forwarder) { return forwarder.local == "u0"; });
  const Plan plan = world.plan();
  EXPECT_EQ(plan.ledger.entries, world.ledger.entries) << "as it is: nothing was begun";
  EXPECT_THAT(leftFor(plan, LeftBecause::RoutingNotReady), ElementsAre("u0"));
  world.carryOut(plan);
  world.forwards("u0");
  EXPECT_EQ(world.plan().counts.managed, 10U) << "a listing that lacked it for a moment took nothing from us";
}

TEST(S13, AnOldDestinationThatReappearsIsAnUpdateThatStillCounts) {
  World world = inSync();
  world.ledger.entries.front().destinations = kOld;
  world.routingReady = false;
  std::erase_if(world.present, [](const auto& forwarder) { return forwarder.local == "u0"; });
  world.carryOut(world.plan());
  world.forwards("u0", kOld);
  world.routingReady = true;
  ASSERT_THAT(locals(world.plan().updates), ElementsAre("u0"));
  EXPECT_TRUE(world.plan().updates.front().countsForGuard()) << "nothing of it was ever begun";
}

TEST(S13, WhatZohoLacksAndTheServerTooLeavesTheLedger) {
  World world = inSync();
  world.routingReady = false;
  world.forgets("u0");
  std::erase_if(world.present, [](const auto& forwarder) { return forwarder.local == "u0"; });
  EXPECT_THAT(world.plan().ledger.entries, SizeIs(9));
}

TEST(S13, WhenMuchHasVanishedNothingIsMadeAgainEither) {
  World world = inSync();
  world.routingReady = false;
  std::erase_if(world.present, [](const auto& forwarder) { return forwarder.local < "u5"; });
  const Plan plan = world.plan();
  EXPECT_EQ(plan.vanished, 5U);
  EXPECT_FALSE(plan.writes());
  EXPECT_EQ(plan.ledger.entries, world.ledger.entries);
}

}  // namespace
}  // namespace splitdelivery::plan
