// S1: complete or no deletes.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plan/world.h"

namespace splitdelivery::plan {
namespace {

using api::Completeness;
using api::Kind;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(S1, ACompleteListingLetsAnAddressGo) {
  EXPECT_THAT(locals(without(inSync(), 1).plan().deletes), ElementsAre("u0"));
}

TEST(S1, AFailedPartBlocksEveryDelete) {
  for (auto World::*part : {&World::accounts, &World::groups, &World::domains}) {
    World world = without(inSync(), 1);
    world.*part = Completeness::Failed;
    const Plan plan = world.plan();
    EXPECT_THAT(plan.deletes, IsEmpty());
    EXPECT_THAT(plan.held, IsEmpty()) << "there is nothing to approve: nobody knows whether the address is gone";
    ASSERT_THAT(plan.left, SizeIs(1));
    EXPECT_EQ(plan.left.front().why, LeftBecause::ListingIncomplete);
    EXPECT_EQ(plan.counts.managed, 10U) << "it stays ours";
  }
}

TEST(S1, AFailedPartDoesNotStopCreates) {
  World world = inSync();
  world.lists("new");
  world.groups = Completeness::Failed;
  EXPECT_THAT(locals(world.plan().creates), ElementsAre("new"));
}

TEST(S1, AStagnantPartBlocksDeletesOfItsOwnKind) {
  World world = inSync();
  world.manages("team", Kind::Group);
  world.groups = Completeness::Stagnant;
  const Plan plan = world.plan();
  EXPECT_THAT(plan.deletes, IsEmpty());
  EXPECT_THAT(plan.held, IsEmpty());
  ASSERT_THAT(plan.left, SizeIs(1));
  EXPECT_EQ(plan.left.front().operation.local, "team");
}

TEST(S1, AStagnantPartHoldsDeletesOfOtherKindsForApproval) {
  World world = without(inSync(), 1);
  world.groups = Completeness::Stagnant;
  const Plan plan = world.plan();
  EXPECT_THAT(plan.deletes, IsEmpty());
  EXPECT_THAT(locals(plan.held), ElementsAre("u0"));
  EXPECT_EQ(plan.heldBecause, HeldBecause::OthersStagnate);
  world.approvedPlan = plan.id;
  EXPECT_THAT(locals(world.plan().deletes), ElementsAre("u0"));
}

TEST(S1, AStagnantPartHoldsNoUpdates) {
  World world = inSync();
  world.groups = Completeness::Stagnant;
  world.spec.routingHost = "z.example.com";
  EXPECT_THAT(world.plan().updates, SizeIs(10));
}

TEST(S1, AnEntryOfBothKindsNeedsBothParts) {
  World world = inSync();
  world.manages("info", Kind::Alias | Kind::Group);
  world.accounts = Completeness::Stagnant;
  EXPECT_THAT(world.plan().held, IsEmpty());
  EXPECT_THAT(world.plan().left, SizeIs(1));
}

TEST(S1, ADomainThatBecameEmptyIsHeldWhateverMaxDeletionsSays) {
  World world = without(inSync(), 10);
  world.spec.maxDeletions = {.amount = 1000, .percent = false};
  const Plan plan = world.plan();
  EXPECT_THAT(plan.held, SizeIs(10));
  EXPECT_EQ(plan.heldBecause, HeldBecause::DomainEmptied);
  world.approvedPlan = plan.id;
  EXPECT_THAT(world.plan().deletes, SizeIs(10));
}

TEST(S1, AnExtraAddressDoesNotMakeAnEmptyDomainLookAlive) {
  World world = without(inSync(), 10);
  world.spec.addresses.extra = {"support"};
  const Plan plan = world.plan();
  EXPECT_THAT(plan.held, SizeIs(10));
  EXPECT_THAT(locals(plan.creates), ElementsAre("support"));
}

TEST(S1, NothingIsMadeForADomainThatTheOrganisationDoesNotHave) {
  World world;
  world.domainListed = false;
  world.spec.addresses.extra = {"support"};
  EXPECT_FALSE(world.plan().writes());
  ASSERT_THAT(world.plan().left, SizeIs(1));
  EXPECT_EQ(world.plan().left.front().why, LeftBecause::DomainNotListed);
}

}  // namespace
}  // namespace splitdelivery::plan
