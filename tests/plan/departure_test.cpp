// The plan that takes back what we made (S14): only ours (S2), of this identity (S16), uncounted (S5).

#include "plan/departure.h"

#include <gtest/gtest.h>

#include "plan/world.h"

namespace splitdelivery::plan {
namespace {

using State = api::LedgerEntry::State;

Plan departureOf(const World& world) {
  return makeDeparture(
      {.identity = world.identity, .ledger = world.ledger, .present = world.present, .now = world.now});
}

TEST(S14, ADepartureDeletesExactlyWhatTheLedgerHas) {
  World world;
  world.records("anna").forwards("anna").records("bob").forwards("bob").forwards("found").forwards("x",
                                                                                                   {"y@z.example"});
  const Plan plan = departureOf(world);
  ASSERT_EQ(plan.deletes.size(), 2U);
  EXPECT_EQ(plan.deletes.front().local, "anna");
  EXPECT_EQ(plan.deletes.back().local, "bob");
  EXPECT_TRUE(plan.creates.empty() && plan.updates.empty() && plan.held.empty());
  for (const Operation& each : plan.deletes) EXPECT_FALSE(each.countsForGuard()) << each.local;
  EXPECT_EQ(plan.counts.managed, 2U);
}

TEST(S14, ADepartureLeavesWhatStandsOtherwiseOrNoMore) {
  World world;
  world.records("changed").forwards("changed", {"somebody@else.example"}).records("gone");
  const Plan plan = departureOf(world);
  EXPECT_FALSE(plan.writes());
  EXPECT_TRUE(plan.ledger.entries.empty()) << "neither is ours any more";
}

TEST(S14, ADepartureTakesBackWhatACrashLeftInTheMiddle) {
  World world;
  world.records({.local = "begun", .state = State::Creating, .destinations = world.target("begun")}).forwards("begun");
  world
      .records({.local = "half",
                .state = State::Updating,
                .destinations = {"half@new.example.com"},
                .previous = world.target("half")})
      .forwards("half");
  const Plan plan = departureOf(world);
  ASSERT_EQ(plan.deletes.size(), 2U);
  EXPECT_EQ(plan.deletes.back().present, world.target("half"));
}

TEST(S14, ADepartureFromAnotherServerTakesNothing) {
  World world;
  world.records("anna").forwards("anna");
  world.ledger.identity->host = "https://another.example:2222";
  EXPECT_FALSE(departureOf(world).writes());
}

TEST(S14, AListingThatLacksMuchIsNotBelieved) {
  World world;
  for (const char* name : {"a", "b", "c", "d"}) world.records(name);
  world.forwards("a").forwards("b");
  const Plan plan = departureOf(world);
  EXPECT_EQ(plan.vanished, 2U);
  EXPECT_EQ(plan.deletes.size(), 2U) << "what is shown as we left it is deleted all the same";
  EXPECT_EQ(plan.ledger.entries.size(), 4U);
}

TEST(S14, ADepartureUsesTheNameThatTheServerGave) {
  World world;
  world.records("anna").forwards("anna");
  world.present.front().name = "Anna";
  EXPECT_EQ(departureOf(world).deletes.front().name, "Anna");
}

}  // namespace
}  // namespace splitdelivery::plan
