// S2: ours or not ours. S3: conflicts are frozen.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plan/world.h"

namespace splitdelivery::plan {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using State = api::LedgerEntry::State;

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

TEST(S2, WhatTheServerLostIsMadeAgainAndStaysOurs) {
  World world = inSync();
  world.present.clear();
  const Plan plan = world.plan();
  EXPECT_THAT(plan.creates, SizeIs(10));
  EXPECT_THAT(plan.ledger.entries, SizeIs(10));
  EXPECT_EQ(plan.ledger.entries.front().state, State::Managed);
}

TEST(S2, AListThatLacksMuchTakesNothingFromUsAndLetsNothingNewBeMade) {
  World world = without(inSync(), 1);
  world.lists("new");
  std::erase_if(world.present, [](const auto& forwarder) { return forwarder.local < "u5"; });
  const Plan plan = world.plan();
  EXPECT_EQ(plan.vanished, 4U) << "wanted ones";
  EXPECT_THAT(locals(plan.creates), ElementsAre("u1", "u2", "u3", "u4")) << "ours, and wanted: made again";
  EXPECT_THAT(plan.ledger.entries, SizeIs(10)) << "u0 too: it may only be hidden";
  ASSERT_THAT(plan.left, SizeIs(1));
  EXPECT_EQ(plan.left.front().operation.local, "new") << "somebody's forwarder may be hidden there";
  EXPECT_EQ(plan.left.front().why, LeftBecause::ForwardersVanished);
}

TEST(S2, AFewThatSomebodyDeletedAreNoReasonToDoubtTheList) {
  World world = without(inSync(), 1);
  world.lists("new");
  std::erase_if(world.present, [](const auto& forwarder) { return forwarder.local < "u2"; });
  const Plan plan = world.plan();
  EXPECT_EQ(plan.vanished, 0U);
  EXPECT_THAT(locals(plan.creates), ElementsAre("new", "u1"));
  EXPECT_THAT(plan.ledger.entries, SizeIs(9)) << "u0 is gone on both sides";
}

TEST(S2, WhatIsNotMadeAgainIsNoLongerOurs) {
  World world = inSync();
  world.spec.policy = api::Policy::Observe;
  std::erase_if(world.present, [](const auto& forwarder) { return forwarder.local == "u0"; });
  EXPECT_THAT(world.plan().ledger.entries, SizeIs(9));
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

}  // namespace
}  // namespace splitdelivery::plan
