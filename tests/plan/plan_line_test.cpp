#include "plan/plan_line.h"

#include <gmock/gmock.h>

#include "plan/describe.h"
#include "plan/world.h"

namespace splitdelivery::plan {
namespace {

using About = PlanLine::About;

/// A plan with one of everything.
std::vector<std::string> lines() {
  World world;
  world.lists("anna").lists("carl").lists("kim").lists("mia").manages("bob").manages("dora");
  world.records({.local = "carl", .destinations = {"carl@old.example.com"}}).forwards("carl", {"carl@old.example.com"});
  world.forwards("kim", {"kim@elsewhere.example"}).forwards("mia");
  Plan plan = world.plan();
  plan.held = {plan.deletes.back()};
  plan.deletes.pop_back();
  plan.heldBecause = HeldBecause::ManualApproval;
  plan.id = "0123456789abcdef";
  plan.left = {
      {{.kind = OpKind::Delete, .local = "eve", .present = {"eve@zoho.example.com"}}, LeftBecause::ListingIncomplete}};
  return describe(plan, world.spec);
}

struct Expected {
  const char* local;
  About about;
  OpKind kind;
  bool held;
  bool left;
};

class ALineOfAPlan : public ::testing::TestWithParam<Expected> {};

TEST_P(ALineOfAPlan, IsReadBackAsWhatItWasWrittenFrom) {
  const auto& expected = GetParam();
  const auto all = lines();
  const PlanLine line = planLineOf(all, std::string(expected.local) + "@example.com");
  EXPECT_EQ(line.about, expected.about) << line.text;
  EXPECT_EQ(line.kind, expected.kind);
  EXPECT_EQ(line.held, expected.held);
  EXPECT_EQ(line.left, expected.left);
}

INSTANTIATE_TEST_SUITE_P(Each, ALineOfAPlan,
                         ::testing::Values(Expected{"anna", About::Operation, OpKind::Create, false, false},
                                           Expected{"bob", About::Operation, OpKind::Delete, false, false},
                                           Expected{"carl", About::Operation, OpKind::Update, false, false},
                                           Expected{"dora", About::Operation, OpKind::Delete, true, false},
                                           Expected{"eve", About::Operation, OpKind::Delete, false, true},
                                           Expected{"kim", About::Conflict, OpKind::Create, false, false},
                                           Expected{"mia", About::Other, OpKind::Create, false, false},
                                           Expected{"ann", About::Other, OpKind::Create, false, false}),
                         [](const auto& row) { return row.param.local; });

TEST(LinesOfAPlan, TellUnderWhichIdTheyAreHeld) {
  EXPECT_TRUE(isHeldPlan(lines(), "0123456789abcdef"));
  EXPECT_FALSE(isHeldPlan(lines(), "0123456789abcde"));
  EXPECT_FALSE(isHeldPlan(lines(), ""));
  EXPECT_FALSE(isHeldPlan({}, "0123456789abcdef"));
}

TEST(LinesOfAPlan, MayBeAnything) {
  for (const char* line : {"", "⏸", "⏸ held ", "+", "+ ", "+ a@b", "! conflict ", "- → ", "~ a → b"}) {
    const PlanLine read = readPlanLine(line);
    EXPECT_EQ(read.text, line);
  }
  EXPECT_EQ(readPlanLine("+ a@b").about, About::Other) << "it leads nowhere";
}

}  // namespace
}  // namespace splitdelivery::plan
