// S4: a mailbox of the same name, and what only our filters drop.

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

TEST(S4, UnderSplitAMailboxOfTheSameNameIsAConflict) {
  World world = inSync();
  world.lists("bob").hasMailbox("bob");
  ASSERT_THAT(world.plan().conflicts, SizeIs(1));
  EXPECT_EQ(world.plan().conflicts.front().reason, ConflictReason::MailboxExists);
  EXPECT_FALSE(world.plan().writes());
}

TEST(S4, UnderSplitAMailboxFreezesAManagedForwarder) {
  World world = inSync();
  world.hasMailbox("u0");
  const Plan plan = world.plan();
  EXPECT_FALSE(plan.writes());
  EXPECT_EQ(plan.counts.managed, 10U);
  EXPECT_EQ(plan.counts.inSync, 9U);
}

TEST(S4, UnderDualTheMailboxIsExpectedAndItsAbsenceAWarning) {
  World world;
  world.spec.delivery = api::Delivery::Dual;
  world.lists("anna").lists("bob").hasMailbox("bob");
  const Plan plan = world.plan();
  EXPECT_THAT(locals(plan.creates), ElementsAre("anna", "bob"));
  EXPECT_THAT(plan.conflicts, IsEmpty());
  EXPECT_THAT(plan.mailboxMissing, ElementsAre("anna"));
}

TEST(S4, OnceZohoLacksTheAddressTheForwarderGoesMailboxOrNot) {
  World world = without(inSync(), 1);
  world.hasMailbox("u0");
  EXPECT_THAT(locals(world.plan().deletes), ElementsAre("u0"))
      << "it would take the mail of somebody who has moved to the mail server";
}

TEST(S4, WithoutTheListOfMailboxesNothingIsCreatedUnderSplit) {
  World world = inSync();
  world.lists("anna");
  world.mailboxes.reset();
  EXPECT_THAT(world.plan().creates, IsEmpty());
  ASSERT_THAT(world.plan().left, SizeIs(1));
  EXPECT_EQ(world.plan().left.front().why, LeftBecause::MailboxesUnknown);
  world.spec.delivery = api::Delivery::Dual;
  EXPECT_THAT(locals(world.plan().creates), ElementsAre("anna"));
}

TEST(S4, WhatOnlyOurFiltersDropIsReleasedAndFrozen) {
  const struct {
    const char* filter;
    void (*apply)(World&);
  } table[] = {
      {"exclude", [](World& world) { world.spec.addresses.exclude = {"kim"}; }},
      {"only",
       [](World& world) { world.spec.addresses.only = {"u0", "u1", "u2", "u3", "u4", "u5", "u6", "u7", "u8", "u9"}; }},
      {"aliases: false", [](World& world) { world.spec.addresses.aliases = false; }},
      {"blocked: Drop", [](World& world) { world.forgets("kim").lists("kim", Kind::Alias, true); }},
  };
  for (const auto& row : table) {
    SCOPED_TRACE(row.filter);
    World world = inSync();
    world.lists("kim", Kind::Alias).manages("kim", Kind::Alias);
    row.apply(world);
    const Plan plan = world.plan();
    EXPECT_FALSE(plan.writes());
    EXPECT_THAT(plan.held, IsEmpty());
    EXPECT_EQ(plan.released, 1U);
    EXPECT_EQ(plan.counts.unmanaged, 1U);
    EXPECT_EQ(plan.counts.managed, 10U);
    world.ledger = plan.ledger;
    world.forgets("kim");
    EXPECT_THAT(locals(world.plan().deletes), ElementsAre("kim")) << "once a complete listing lacks it";
  }
}

TEST(S4, ARemovedExtraBecomesFound) {
  World world = inSync();
  world.spec.addresses.extra = {"support"};
  world.carryOut(world.plan());
  world.carryOut(world.plan());
  EXPECT_EQ(world.plan().counts.managed, 11U);
  world.spec.addresses.extra = {};
  const Plan plan = world.plan();
  EXPECT_FALSE(plan.writes());
  EXPECT_THAT(plan.held, IsEmpty());
  EXPECT_EQ(plan.counts.managed, 10U);
}

TEST(S4, AnAddressThatWasAUserTooIsNoMereExtra) {
  World world = inSync();
  world.manages("sup", Kind::Primary | Kind::Extra);
  EXPECT_THAT(locals(world.plan().deletes), ElementsAre("sup"));
  world.groups = Completeness::Failed;
  EXPECT_THAT(world.plan().deletes, IsEmpty());
  EXPECT_EQ(world.plan().counts.managed, 11U) << "nothing proves that the user is gone: it stays ours";
}

TEST(S4, AnExtraThatZohoBlocksIsStillWanted) {
  World world;
  world.lists("kim", Kind::Primary, true);
  world.spec.addresses.extra = {"kim"};
  EXPECT_THAT(locals(world.plan().creates), ElementsAre("kim"));
}

TEST(S4, ANameThatAMailServerWouldReadAsSomethingElseIsNeverWritten) {
  for (const char* local : {"|program", "/file", "*", "a,b", ":fail:"}) {
    World world;
    world.lists(local);
    EXPECT_FALSE(world.plan().writes()) << local;
    ASSERT_THAT(world.plan().conflicts, SizeIs(1)) << local;
    EXPECT_EQ(world.plan().conflicts.front().reason, ConflictReason::InvalidAddress);
  }
}

}  // namespace
}  // namespace splitdelivery::plan
