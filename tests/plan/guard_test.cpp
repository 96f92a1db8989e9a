// S5: the guard, and approvals.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plan/world.h"

namespace splitdelivery::plan {
namespace {

using namespace std::chrono_literals;

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

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

TEST(S5, OneOfSeveralApprovalsIsThatOfThePlan) {
  World world = without(inSync(), 4);
  world.spec.maxDeletions = {.amount = 1, .percent = false};
  const std::string id = world.plan().id;
  for (const std::string& none : {std::string(), std::string(","), id + "0", id.substr(1) + ", " + id.substr(2)}) {
    world.approvedPlan = none;
    EXPECT_THAT(world.plan().deletes, IsEmpty()) << none;
  }
  for (const std::string& named :
       {id + ",", " " + id + " ", "0123456789abcdef, " + id, "," + id + ",0123456789abcdef"}) {
    world.approvedPlan = named;
    EXPECT_THAT(world.plan().deletes, SizeIs(4)) << named;
  }
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

TEST(S5, AnApprovalIsVoidOnceZohoHasTheAddressAgain) {
  World world = without(inSync(), 4);
  world.spec.maxDeletions = {.amount = 0, .percent = false};
  world.approvedPlan = world.plan().id;
  world.ledger = world.plan().ledger;
  for (int i = 0; i < 4; ++i) world.lists("u" + std::to_string(i));
  world.spec.addresses.exclude = {"u0", "u1"};  // released
  world.hasMailbox("u2");                       // in conflict
  world.ledger = world.plan().ledger;
  for (const auto& entry : world.ledger.entries) EXPECT_EQ(entry.approved, "") << entry.local;
}

}  // namespace
}  // namespace splitdelivery::plan
