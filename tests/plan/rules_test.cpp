// The rules of docs/safety.md that are decided here, one after the other: S1 to S5 and S16.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plan/describe.h"
#include "plan/world.h"

namespace splitdelivery::plan {
namespace {

using namespace std::chrono_literals;
using api::Completeness;
using api::Kind;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using State = api::LedgerEntry::State;

/// A domain with `count` users u0, u1, …, all managed and in sync, ten of them if not said.
World inSync(int count = 10) {
  World world;
  for (int i = 0; i < count; ++i) world.lists("u" + std::to_string(i)).manages("u" + std::to_string(i));
  return world;
}

World without(World world, int leavers) {
  for (int i = 0; i < leavers; ++i) world.forgets("u" + std::to_string(i));
  return world;
}

// ─── S1 Complete or no deletes ───────────────────────────────────────────────────────────────────

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

// ─── S2 Ours or not ours ─────────────────────────────────────────────────────────────────────────

TEST(S2, AForwarderThatWasAlreadyRightIsFoundAndNeverDeleted) {
  World world = inSync();
  world.lists("anna").forwards("anna");
  const Plan plan = world.plan();
  EXPECT_EQ(plan.counts.found, 1U);
  EXPECT_EQ(plan.counts.inSync, 11U);
  world.ledger = plan.ledger;
  world.forgets("anna");
  EXPECT_FALSE(world.plan().writes());
  EXPECT_EQ(world.plan().counts.unmanaged, 1U);
}

TEST(S2, AFoundForwarderIsNeverChanged) {
  World world = inSync();
  world.lists("anna").forwards("anna", {"anna@old.example.com"});
  EXPECT_FALSE(world.plan().writes());
}

TEST(S2, TheAdoptAnnotationTakesFoundOnesIn) {
  World world = inSync();
  world.lists("anna").forwards("anna");
  world.adopt = true;
  const Plan plan = world.plan();
  EXPECT_EQ(plan.counts.found, 0U);
  EXPECT_EQ(plan.counts.managed, 11U);
  world.ledger = plan.ledger;
  world.adopt = false;
  world.forgets("anna");
  EXPECT_THAT(locals(world.plan().deletes), ElementsAre("anna"));
}

TEST(S2, AdoptTakesInNothingThatIsNotWanted) {
  World world = inSync();
  world.forwards("stranger").forwards("kim", {"kim@elsewhere.example"}).lists("kim");
  world.adopt = true;
  EXPECT_EQ(world.plan().counts.managed, 10U);
}

struct Settling {
  const char* story;
  api::LedgerEntry entry;
  api::Destinations present;
  bool stays;
};

TEST(S2, TheNextListingSettlesWhatWasWrittenAhead) {
  const api::Destinations now = {"anna@zoho.example.com"};
  const api::Destinations old = {"anna@old.example.com"};
  const api::Destinations other = {"anna@elsewhere.example"};
  const Settling table[] = {
      {"creating, and it is there", {"anna", State::Creating, now}, now, true},
      {"creating, and it never happened", {"anna", State::Creating, now}, {}, false},
      {"creating, and somebody else was faster", {"anna", State::Creating, now}, other, false},
      {"updating, and it is done", {"anna", State::Updating, now, old}, now, true},
      {"updating, and it never happened", {"anna", State::Updating, now, old}, old, true},
      {"updating, and somebody else changed it", {"anna", State::Updating, now, old}, other, false},
      {"updating, and it is gone", {"anna", State::Updating, now, old}, {}, false},
      {"managed, and somebody changed it", {"anna", State::Managed, now}, other, false},
      {"managed, and somebody added a destination",
       {"anna", State::Managed, now},
       {"anna@elsewhere.example", "anna@zoho.example.com"},
       false},
      {"managed, and somebody deleted it", {"anna", State::Managed, now}, {}, false},
  };
  for (const Settling& row : table) {
    SCOPED_TRACE(row.story);
    World world = inSync();
    world.lists("anna").records(row.entry);
    world.spec.policy = api::Policy::Observe;
    if (!row.present.empty()) world.forwards("anna", row.present);
    const Plan plan = world.plan();
    const auto& entries = plan.ledger.entries;
    const auto entry = std::ranges::find(entries, "anna", &api::LedgerEntry::local);
    ASSERT_EQ(entry != entries.end(), row.stays);
    if (!row.stays) continue;
    EXPECT_EQ(entry->state, State::Managed);
    EXPECT_EQ(entry->destinations, row.present);
    EXPECT_THAT(entry->previous, IsEmpty());
  }
}

TEST(S2, WhatTheServerLostIsMadeAgain) {
  World world = inSync();
  world.present.clear();
  EXPECT_THAT(world.plan().creates, SizeIs(10));
}

TEST(S2, OthersOnTheRoutingHostAreCountedAndLeftAlone) {
  World world = inSync();
  world.forwards("stray").forwards("else", {"x@elsewhere.example"});
  const Plan plan = world.plan();
  EXPECT_EQ(plan.counts.unmanaged, 1U) << "a forwarder to elsewhere is none of our business";
  EXPECT_FALSE(plan.writes());
}

// ─── S3 Conflicts are frozen ─────────────────────────────────────────────────────────────────────

TEST(S3, AWantedAddressThatLeadsElsewhereIsAConflict) {
  const struct {
    api::Destinations present;
    ConflictReason reason;
  } table[] = {
      {{"kim@elsewhere.example"}, ConflictReason::DifferentDestination},
      {{"kim@old.example.com"}, ConflictReason::DifferentDestination},
      {{":blackhole:"}, ConflictReason::DifferentDestination},
      {{"|/bin/program"}, ConflictReason::DifferentDestination},
      {{"kim@elsewhere.example", "kim@zoho.example.com"}, ConflictReason::SharedDestination},
  };
  for (const auto& row : table) {
    World world = inSync();
    world.lists("kim").forwards("kim", row.present);
    const Plan plan = world.plan();
    EXPECT_FALSE(plan.writes());
    ASSERT_THAT(plan.conflicts, SizeIs(1));
    EXPECT_EQ(plan.conflicts.front().reason, row.reason);
  }
}

TEST(S3, ADestinationThatTheLedgerRecordsIsAnUpdateAndNoConflict) {
  World world = inSync();
  world.lists("kim").forwards("kim", {"kim@old.example.com"});
  world.records({.local = "kim", .destinations = {"kim@old.example.com"}});
  const Plan plan = world.plan();
  EXPECT_THAT(locals(plan.updates), ElementsAre("kim"));
  EXPECT_THAT(plan.conflicts, IsEmpty());
}

// ─── S4 Mailbox of the same name, and what our filters drop ──────────────────────────────────────

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

// ─── S5 The guard ────────────────────────────────────────────────────────────────────────────────

struct GuardRow {
  api::MaxDeletions limit;
  int managed;
  int leavers;
  bool held;
};

TEST(S5, HoldsWhatExceedsMaxDeletions) {
  const GuardRow table[] = {
      {{.amount = 30, .percent = true}, 10, 3, false}, {{.amount = 30, .percent = true}, 10, 4, true},
      {{.amount = 30, .percent = true}, 11, 4, false},  // 3.3, rounded up
      {{.amount = 30, .percent = true}, 11, 5, true},  {{.amount = 1, .percent = true}, 10, 1, false},  // at least 1
      {{.amount = 1, .percent = true}, 10, 2, true},   {{.amount = 0, .percent = true}, 10, 1, true},
      {{.amount = 0, .percent = false}, 10, 1, true},  {{.amount = 5, .percent = false}, 10, 5, false},
      {{.amount = 5, .percent = false}, 10, 6, true},  {{.amount = 100, .percent = true}, 10, 9, false},
  };
  for (const GuardRow& row : table) {
    SCOPED_TRACE(std::to_string(row.limit.amount) + (row.limit.percent ? "% " : " ") + std::to_string(row.leavers) +
                 " of " + std::to_string(row.managed));
    World world = without(inSync(row.managed), row.leavers);
    world.spec.maxDeletions = row.limit;
    const Plan plan = world.plan();
    EXPECT_THAT(plan.held, SizeIs(row.held ? static_cast<std::size_t>(row.leavers) : 0));
    EXPECT_THAT(plan.deletes, SizeIs(row.held ? 0 : static_cast<std::size_t>(row.leavers)));
    if (row.held && row.limit.amount > 0) EXPECT_EQ(plan.heldBecause, HeldBecause::TooMany);
  }
}

TEST(S5, UpdatesCountAsDeletions) {
  World world = without(inSync(), 1);
  world.spec.maxDeletions = {.amount = 50, .percent = true};
  world.spec.routingHost = "z.example.com";
  const Plan plan = world.plan();
  EXPECT_THAT(plan.updates, IsEmpty());
  EXPECT_THAT(plan.deletes, IsEmpty());
  EXPECT_THAT(plan.held, SizeIs(10));
}

TEST(S5, CreatesGoOnWhileChangesAreHeld) {
  World world = without(inSync(), 9);
  world.spec.maxDeletions = {.amount = 10, .percent = true};
  world.lists("new");
  const Plan plan = world.plan();
  EXPECT_THAT(plan.held, SizeIs(9));
  EXPECT_THAT(locals(plan.creates), ElementsAre("new"));
}

TEST(S5, CountsOverARollingDay) {
  World world = without(inSync(), 1);
  world.spec.maxDeletions = {.amount = 3, .percent = false};
  world.ledger.changes = {{world.now - 24h, 1}, {world.now - 23h, 2}};
  EXPECT_THAT(world.plan().deletes, SizeIs(1)) << "the oldest is out of the window";
  world.ledger.changes.push_back({world.now - 1h, 1});
  EXPECT_THAT(world.plan().held, SizeIs(1));
  EXPECT_EQ(world.plan().used, 3U);
}

TEST(S5, AClockThatJumpedBackDoesNotForget) {
  World world = without(inSync(), 1);
  world.spec.maxDeletions = {.amount = 1, .percent = false};
  world.ledger.changes = {{world.now + 48h, 1}};
  EXPECT_THAT(world.plan().held, SizeIs(1));
}

TEST(S5, APercentIsOfTheHighestNumberOfTheDay) {
  World world = without(inSync(), 2);
  world.spec.maxDeletions = {.amount = 10, .percent = true};
  world.ledger.managed = {{world.now - 20h, 20}, {world.now - 2h, 10}};
  EXPECT_THAT(world.plan().deletes, SizeIs(2)) << "10 % of 20";
  world.ledger.managed = {{world.now - 50h, 20}, {world.now - 30h, 10}};
  EXPECT_THAT(world.plan().held, SizeIs(2)) << "20 is two days ago";
  world.ledger.managed = {{world.now - 50h, 20}, {world.now - 2h, 10}};
  EXPECT_THAT(world.plan().deletes, SizeIs(2)) << "20 held until two hours ago";
}

TEST(S5, ManualApprovalHoldsEveryPlanThatChangesOrDeletes) {
  World world = without(inSync(), 1);
  world.lists("new");
  world.spec.approval = api::Approval::Manual;
  const Plan plan = world.plan();
  EXPECT_EQ(plan.heldBecause, HeldBecause::ManualApproval);
  EXPECT_THAT(locals(plan.creates), ElementsAre("new"));
}

TEST(S5, AnApprovalIsForExactlyOnePlan) {
  World world = without(inSync(), 4);
  world.spec.maxDeletions = {.amount = 1, .percent = false};
  const std::string id = world.plan().id;
  EXPECT_THAT(id, SizeIs(16));
  world.approvedPlan = id;
  EXPECT_THAT(world.plan().deletes, SizeIs(4));
  world.forgets("u5");
  EXPECT_THAT(world.plan().deletes, IsEmpty()) << "five are not the four that were approved";
  EXPECT_NE(world.plan().id, id);
}

TEST(S5, CreatesDoNotEnterThePlanId) {
  World world = without(inSync(), 4);
  world.spec.maxDeletions = {.amount = 1, .percent = false};
  const std::string id = world.plan().id;
  world.lists("new");
  EXPECT_EQ(world.plan().id, id);
}

TEST(S5, AnApprovalIsUsedOnce) {
  World world = without(inSync(), 4);
  world.spec.maxDeletions = {.amount = 1, .percent = false};
  world.approvedPlan = world.plan().id;
  world.carryOut(world.plan());
  EXPECT_EQ(world.ledger.approvalsUsed, 1U);
  // The same four come back and leave again: the old annotation is still in the file.
  for (int i = 0; i < 4; ++i) world.lists("u" + std::to_string(i));
  world.carryOut(world.plan());
  world.carryOut(world.plan());
  world = without(std::move(world), 4);
  EXPECT_THAT(world.plan().deletes, IsEmpty());
  EXPECT_THAT(world.plan().held, SizeIs(4));
}

TEST(S5, AnApprovalSurvivesAnInterruption) {
  World world = without(inSync(), 4);
  world.spec.maxDeletions = {.amount = 1, .percent = false};
  world.approvedPlan = world.plan().id;
  world.ledger = world.plan().ledger;  // stored, then the process was killed before the first delete
  EXPECT_THAT(world.plan().deletes, SizeIs(4));
  std::erase_if(world.present, [](const auto& forwarder) { return forwarder.local == "u0"; });
  EXPECT_THAT(world.plan().deletes, SizeIs(3)) << "and after half of them";
}

TEST(S5, ApprovedOperationsAreNotCounted) {
  World world = without(inSync(), 4);
  world.spec.maxDeletions = {.amount = 1, .percent = false};
  world.approvedPlan = world.plan().id;
  world.ledger = world.plan().ledger;
  world.forgets("u5");
  const Plan plan = world.plan();
  EXPECT_THAT(plan.deletes, SizeIs(5)) << "four approved ones, and one within the limit";
  EXPECT_EQ(std::ranges::count(plan.deletes, true, &Operation::approved), 4);
}

TEST(S5, AnApprovalDoesNotCoverAnotherOperationOnTheSameEntry) {
  World world = without(inSync(), 4);
  world.spec.maxDeletions = {.amount = 1, .percent = false};
  world.approvedPlan = world.plan().id;
  world.ledger = world.plan().ledger;
  for (int i = 0; i < 4; ++i) world.lists("u" + std::to_string(i));
  world.ledger = world.plan().ledger;
  world = without(std::move(world), 4);
  EXPECT_THAT(world.plan().deletes, IsEmpty()) << "they had come back in between: the approval is void";
}

// ─── S16 Identity ────────────────────────────────────────────────────────────────────────────────

TEST(S16, AfterAChangeOfIdentityNothingIsOurs) {
  const struct {
    const char* what;
    std::string api::Identity::*field;
  } table[] = {{"provider", &api::Identity::provider},
               {"host", &api::Identity::host},
               {"user", &api::Identity::user},
               {"organisation", &api::Identity::organization}};
  for (const auto& row : table) {
    SCOPED_TRACE(row.what);
    World world = without(inSync(), 1);
    world.identity.*row.field = "another";
    const Plan plan = world.plan();
    EXPECT_FALSE(plan.writes());
    EXPECT_THAT(plan.held, IsEmpty());
    EXPECT_EQ(plan.counts.found, 9U);
    EXPECT_EQ(plan.counts.unmanaged, 1U);
    EXPECT_THAT(plan.ledger.entries, IsEmpty());
    EXPECT_EQ(plan.ledger.identity, world.identity);
  }
}

TEST(S16, AdoptAloneTakesTheStillWantedOnesIn) {
  World world = without(inSync(), 1);
  world.identity.host = "https://other.example:2222";
  world.adopt = true;
  const Plan plan = world.plan();
  EXPECT_EQ(plan.counts.managed, 9U);
  EXPECT_FALSE(plan.writes());
}

TEST(S16, TheCountOfTheDaySurvivesAChangeOfIdentity) {
  World world = inSync();
  world.ledger.changes = {{world.now - 1h, 7}};
  world.identity.user = "another";
  EXPECT_EQ(world.plan().ledger.changes, world.ledger.changes);
}

}  // namespace
}  // namespace splitdelivery::plan
