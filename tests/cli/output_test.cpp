#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/json_output.h"
#include "cli/text_output.h"

namespace splitdelivery::cli {
namespace {

using reconcile::Mode;
using reconcile::Outcome;
using ::testing::HasSubstr;
using ::testing::Not;

reconcile::PassReport passOf(const std::string& name, Outcome outcome) {
  reconcile::PassReport pass;
  pass.resource.key = {"default", name};
  pass.resource.spec.domain = name + ".example.com";
  pass.resource.spec.routingHost = "zoho." + pass.resource.spec.domain;
  pass.resource.spec.policy = api::Policy::Sync;
  pass.resource.spec.dns.check = false;
  pass.outcome = outcome;
  pass.status.conditions.set(api::condition::kReady,
                             outcome == Outcome::Failed ? api::ConditionStatus::False : api::ConditionStatus::True,
                             outcome == Outcome::Failed ? "TimedOut" : "Synced", "the message", {}, 1);
  return pass;
}

/// One domain with one of everything.
RunResult oneOfEverything(Mode mode) {
  reconcile::PassReport pass = passOf("shop", Outcome::NeedsApproval);
  plan::Plan& plan = pass.plan.emplace();
  using plan::OpKind;
  plan.creates = {{.kind = OpKind::Create, .local = "anna", .wanted = {"anna@zoho.shop.example.com"}}};
  plan.updates = {{.kind = OpKind::Update,
                   .local = "carl",
                   .present = {"carl@old.example.com"},
                   .wanted = {"carl@zoho.shop.example.com"}}};
  plan.deletes = {{.kind = OpKind::Delete, .local = "bob", .present = {"bob@zoho.shop.example.com"}}};
  plan.held = {{.kind = OpKind::Delete, .local = "dora", .present = {"dora@zoho.shop.example.com"}}};
  plan.heldBecause = plan::HeldBecause::TooMany;
  plan.id = "0123456789abcdef";
  plan.left = {{{.kind = OpKind::Delete, .local = "eve", .present = {"eve@zoho.shop.example.com"}},
                plan::LeftBecause::ListingIncomplete}};
  plan.conflicts = {{"kim", plan::ConflictReason::DifferentDestination, {"|/home/kim/secret-program"}}};
  plan.counts = {.desired = 20, .inSync = 17, .managed = 5, .found = 12, .unmanaged = 1, .conflicts = 1};
  pass.changes = {.created = 3, .failed = 1};
  pass.failures = {{plan.creates.front(), {base::ErrorKind::Refuse, "RefusedByServer", "the server said no"}}};
  pass.notes = {"something to know"};
  return {.mode = mode, .passes = {pass}, .errors = {{"mail.yaml, document 2", "spec.policy: is missing"}}};
}

std::string textOf(const RunResult& result, bool colour = false) {
  std::ostringstream out;
  printText(out, result, colour);
  return out.str();
}

TEST(APlanAsText, ShowsEveryKindOfLine) {
  const std::string text = textOf(oneOfEverything(Mode::Plan));
  for (const char* line : {
           "shop.example.com  (default/shop, policy Sync)\n",
           "  + anna@shop.example.com → anna@zoho.shop.example.com\n",
           "  ~ carl@shop.example.com → carl@zoho.shop.example.com (now carl@old.example.com)\n",
           "  - bob@shop.example.com → bob@zoho.shop.example.com\n",
           "  - eve@shop.example.com → eve@zoho.shop.example.com  (not done: Zoho's listing is not complete",
           "  ! conflict kim@shop.example.com: it already goes to a program or local account, which we did not make",
           "  ⏸ held - dora@shop.example.com → dora@zoho.shop.example.com\n",
           "splitdelivery.dev/approved-plan: \"0123456789abcdef\"",
           "  = 17 unchanged\n",
           "  ? found 12, not made by us: the annotation splitdelivery.dev/adopt: \"true\" lets us manage them\n",
           "  · 1 unmanaged\n",
           "  note: something to know\n",
           "✗ mail.yaml, document 2: spec.policy: is missing\n",
           "Plan: 1 to create, 1 to update, 1 to delete; 1 held, 1 in conflict.",
       }) {
    EXPECT_THAT(text, HasSubstr(line));
  }
  EXPECT_THAT(text, Not(HasSubstr("secret-program"))) << "what is no address may hold anything";
}

TEST(APlanAsText, TakesNothingWithABlankInItForAnAddress) {
  RunResult result = oneOfEverything(Mode::Plan);
  result.passes[0].plan->conflicts[0].present = {"kim secret@elsewhere.example", "kim@elsewhere.example"};
  EXPECT_THAT(textOf(result), HasSubstr("goes to a program or local account, kim@elsewhere.example, which"));
}

TEST(ASyncAsText, SaysWhatWasDoneAndWhatFailed) {
  const std::string text = textOf(oneOfEverything(Mode::Sync));
  EXPECT_THAT(text, HasSubstr("done: 3 created, 0 updated, 0 deleted, 1 failed\n"));
  EXPECT_THAT(text, HasSubstr("✗ + anna@shop.example.com → anna@zoho.shop.example.com: the server said no\n"));
  EXPECT_THAT(text, HasSubstr("Sync: 3 created, 0 updated, 0 deleted; 1 held, 1 in conflict.\n"));
}

TEST(Colour, IsThereOnlyWhenAskedFor) {
  EXPECT_THAT(textOf(oneOfEverything(Mode::Plan), false), Not(HasSubstr("\x1b[")));
  EXPECT_THAT(textOf(oneOfEverything(Mode::Plan), true), HasSubstr("\x1b[32m+ anna"));
}

TEST(AFailedDomain, IsToldWithItsReason) {
  const std::string text = textOf({.mode = Mode::Plan, .passes = {passOf("shop", Outcome::Failed)}, .errors = {}});
  EXPECT_THAT(text, HasSubstr("✗ TimedOut: the message"));
  EXPECT_THAT(text, HasSubstr("1 of 1 domains failed"));
}

TEST(ASuspendedDomain, IsToldAsSuch) {
  RunResult result{.mode = Mode::Sync, .passes = {passOf("shop", Outcome::InSync)}, .errors = {}};
  result.passes.front().suspended = true;
  EXPECT_THAT(textOf(result), HasSubstr("suspended"));
}

TEST(WhatThePlanDoesNotShow, IsToldWithItsReason) {
  const struct {
    Outcome outcome;
    const char* reason;
    const char* line;
  } table[] = {{Outcome::NeedsApproval, "RoutingNotReady", "  ⏸ RoutingNotReady: the message\n"},
               {Outcome::InSync, "Retained", "  Retained: the message\n"},
               {Outcome::InSync, "Deleted", "  Deleted: the message\n"}};
  for (const auto& row : table) {
    RunResult result{.mode = Mode::Sync, .passes = {passOf("shop", row.outcome)}, .errors = {}};
    result.passes.front().status.conditions.set(api::condition::kReady, api::ConditionStatus::True, row.reason,
                                                "the message", {}, 1);
    EXPECT_THAT(textOf(result), HasSubstr(row.line));
  }
}

TEST(TheWayAsJson, IsTheConditionWithWhoReceivesFirst) {
  RunResult result{.mode = Mode::Plan, .passes = {passOf("shop", Outcome::InSync)}, .errors = {}};
  api::Status& status = result.passes.front().status;
  status.conditions.set(api::condition::kRoutingReady, api::ConditionStatus::False, "NoRoutingMX", "add it", {}, 1);
  status.firstReceiver = "Zoho";
  std::ostringstream out;
  printJson(out, result);
  const auto routing = nlohmann::json::parse(out.str())["resources"][0]["routing"];
  EXPECT_EQ(routing["status"], "False");
  EXPECT_EQ(routing["reason"], "NoRoutingMX");
  EXPECT_EQ(routing["message"], "add it");
  EXPECT_EQ(routing["firstReceiver"], "Zoho");
}

TEST(APlanAsJson, HasTheShapeOfTheDocumentation) {
  std::ostringstream out;
  printJson(out, oneOfEverything(Mode::Plan));
  const auto json = nlohmann::json::parse(out.str());
  EXPECT_EQ(json["command"], "plan");
  EXPECT_EQ(json["exitCode"], kError);
  EXPECT_EQ(json["errors"][0]["where"], "mail.yaml, document 2");
  const auto& resource = json["resources"][0];
  EXPECT_EQ(resource["domain"], "shop.example.com");
  EXPECT_EQ(resource["outcome"], "NeedsApproval");
  EXPECT_FALSE(resource.contains("ready")) << "a plan that was not carried out does not know it";
  EXPECT_FALSE(resource.contains("routing")) << "nobody has looked";
  EXPECT_EQ(resource["plan"]["creates"][0]["address"], "anna@shop.example.com");
  EXPECT_EQ(resource["plan"]["updates"][0]["present"][0], "carl@old.example.com");
  EXPECT_EQ(resource["plan"]["held"][0]["operation"], "delete");
  EXPECT_EQ(resource["plan"]["id"], "0123456789abcdef");
  EXPECT_EQ(resource["plan"]["left"][0]["reason"], "ListingIncomplete");
  EXPECT_EQ(resource["plan"]["conflicts"][0]["reason"], "DifferentDestination");
  EXPECT_EQ(resource["failures"][0]["reason"], "RefusedByServer");
}

TEST(APlanAsJson, SurvivesNamesThatAreNoText) {
  RunResult result = oneOfEverything(Mode::Plan);
  result.passes.front().plan->held.front().present = {"\xff\xfe@zoho.shop.example.com"};
  std::ostringstream out;
  printJson(out, result);
  EXPECT_FALSE(nlohmann::json::parse(out.str(), nullptr, false).is_discarded());
}

TEST(TheExitCode, IsTheFirstThatApplies) {
  const struct {
    std::vector<Outcome> outcomes;
    bool documentError;
    int code;
  } table[] = {
      {{Outcome::InSync}, false, kOk},
      {{Outcome::InSync, Outcome::Pending}, false, kChangesPending},
      {{Outcome::Pending, Outcome::NeedsApproval}, false, kNeedsPerson},
      {{Outcome::NeedsApproval, Outcome::Failed}, false, kError},
      {{Outcome::InSync}, true, kError},
      {{}, true, kError},
      {{}, false, kOk},
  };
  for (const auto& row : table) {
    RunResult result{.mode = Mode::Plan, .passes = {}, .errors = {}};
    for (const Outcome outcome : row.outcomes) result.passes.push_back(passOf("shop", outcome));
    if (row.documentError) result.errors.push_back({"a.yaml", "no YAML"});
    EXPECT_EQ(result.exitCode(), row.code);
  }
}

}  // namespace
}  // namespace splitdelivery::cli
