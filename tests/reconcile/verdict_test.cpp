// The states table: of everything that is wrong, Ready names the first.

#include "reconcile/verdict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reconcile/report.h"
#include "reconcile/universe.h"

namespace splitdelivery::reconcile {
namespace {

using api::Completeness;
using api::ConditionStatus;
using base::ErrorKind;
using plan::OpKind;

base::Error error(ErrorKind kind, const std::string& reason) {
  return {kind, reason, "the " + reason + " message"};
}

/// Everything listed, twenty addresses in sync.
Findings inSync() {
  Findings findings;
  auto listing = std::make_shared<api::Listing>();
  for (auto* part : {&listing->accounts, &listing->groups, &listing->domainList}) {
    part->completeness = Completeness::Complete;
  }
  listing->domains = {{.name = "example.com"}};
  findings.seen.listing = listing;
  findings.seen.forwarders.emplace();
  findings.seen.mailboxes.emplace();
  plan::Plan& plan = findings.plan.emplace();
  plan.listed = 20;
  plan.counts = {.desired = 20, .inSync = 20, .managed = 20};
  return findings;
}

void setPart(Findings& findings, api::PartState api::Listing::*part, api::PartState state) {
  auto listing = std::make_shared<api::Listing>(*findings.seen.listing);
  (*listing).*part = std::move(state);
  findings.seen.listing = listing;
}

const plan::Operation kDelete{.kind = OpKind::Delete, .local = "bob", .present = {"bob@zoho.example.com"}};

struct Row {
  const char* story;
  std::vector<void (*)(Findings&)> troubles;  ///< the first of them has to win
  ConditionStatus ready;
  const char* reason;
  bool stalled;
  bool reconciling;
  Outcome outcome;
};

void badCredentials(Findings& f) {
  f.seen.forwarders.reset();
  f.plan.reset();
  f.seen.serverError = error(ErrorKind::Stall, "BadCredentials");
}
void secretMissing(Findings& f) {
  f.blocker = error(ErrorKind::Stall, "SecretMissing");
}
void unreachable(Findings& f) {
  f.seen.forwarders.reset();
  f.plan.reset();
  f.seen.serverError = error(ErrorKind::Retry, "TimedOut");
}
void groupsFailed(Findings& f) {
  setPart(f, &api::Listing::groups, {Completeness::Failed, error(ErrorKind::Retry, "ServerError")});
}
void accountsStagnate(Findings& f) {
  setPart(f, &api::Listing::accounts, {Completeness::Stagnant, error(ErrorKind::Retry, "ListingStagnant")});
}
void writeFailed(Findings& f) {
  f.failures = {{kDelete, error(ErrorKind::Refuse, "RefusedByServer")}};
}
void stopped(Findings& f) {
  f.ended = error(ErrorKind::Stopped, "Stopped");
}
void noAddresses(Findings& f) {
  f.plan->listed = 0;
  f.plan->counts = {};
}
void held(Findings& f) {
  f.plan->held = {kDelete};
  f.plan->id = "0123456789abcdef";
  f.plan->heldBecause = plan::HeldBecause::TooMany;
}
void conflict(Findings& f) {
  f.plan->conflicts = {{"kim", plan::ConflictReason::MailboxExists}};
}
void observed(Findings& f) {
  f.plan->left.push_back({kDelete, plan::LeftBecause::Observed});
}
void policyForbids(Findings& f) {
  f.plan->left.push_back({kDelete, plan::LeftBecause::PolicyForbids});
}
void groupsStagnate(Findings& f) {
  setPart(f, &api::Listing::groups, {Completeness::Stagnant, error(ErrorKind::Retry, "ListingStagnant")});
}
void domainsUnreadable(Findings& f) {
  setPart(f, &api::Listing::domainList, {Completeness::Failed, error(ErrorKind::Stall, "InvalidScope")});
}

TEST(Ready, NamesTheFirstOfEverythingThatIsWrong) {
  const auto True = ConditionStatus::True;
  const auto False = ConditionStatus::False;
  const Row table[] = {
      {"all is well", {}, True, "Synced", false, false, Outcome::InSync},
      {"no Secret", {secretMissing}, False, "SecretMissing", true, false, Outcome::Failed},
      {"bad credentials", {badCredentials}, False, "BadCredentials", true, false, Outcome::Failed},
      {"unreachable", {unreachable}, False, "TimedOut", false, true, Outcome::Failed},
      {"a part failed", {groupsFailed, held}, False, "ServerError", false, true, Outcome::Failed},
      {"users stagnate", {accountsStagnate}, False, "ListingStagnant", false, true, Outcome::Failed},
      {"a write failed", {writeFailed, held, conflict}, False, "ApplyFailed", false, true, Outcome::Failed},
      {"stopped", {stopped, writeFailed}, False, "Interrupted", false, true, Outcome::Failed},
      {"no address", {noAddresses}, False, "NoAddresses", false, false, Outcome::Failed},
      {"held", {held, conflict, groupsStagnate}, False, "DeletionsHeld", false, false, Outcome::NeedsApproval},
      {"a conflict", {conflict, observed}, True, "SyncedWithConflicts", false, false, Outcome::NeedsApproval},
      {"Observe", {observed, groupsStagnate}, True, "Observed", false, false, Outcome::Pending},
      {"policy", {policyForbids, groupsStagnate}, True, "PolicyLeavesDifferences", false, false, Outcome::InSync},
      {"groups stagnate", {groupsStagnate}, True, "SyncedPartially", false, false, Outcome::InSync},
      {"domain settings", {domainsUnreadable}, True, "SyncedPartially", false, false, Outcome::InSync},
  };
  api::SplitDeliveryDomain resource;
  resource.spec.domain = "example.com";
  resource.spec.routingHost = "zoho.example.com";
  for (const Row& row : table) {
    SCOPED_TRACE(row.story);
    Findings findings = inSync();
    for (const auto& trouble : row.troubles) trouble(findings);
    const Verdict verdict = judge(resource, findings);
    EXPECT_EQ(verdict.ready, row.ready);
    EXPECT_EQ(verdict.reason, row.reason);
    EXPECT_EQ(verdict.stalled, row.stalled);
    EXPECT_EQ(verdict.reconciling, row.reconciling);
    EXPECT_EQ(outcomeOf(resource, findings), row.outcome);
    expectLegal(makeStatus(resource, {}, findings, {}));
  }
}

TEST(AHeldPlan, SaysWhereItsIdIsToStand) {
  api::SplitDeliveryDomain resource;
  resource.spec.domain = "example.com";
  Findings findings = inSync();
  held(findings);
  findings.plan->id = "9f3c";
  const auto messages = [&] {
    const api::Status status = makeStatus(resource, {}, findings, {});
    return std::pair(condition(status, "Ready").message, condition(status, "DeletionsHeld").message);
  };
  const auto [ready, why] = messages();
  EXPECT_THAT(ready, ::testing::EndsWith("annotate the resource with splitdelivery.dev/approved-plan: \"9f3c\""));
  EXPECT_EQ(why, ready);
  resource.fromEnvironment = true;
  const auto [variable, whyThere] = messages();
  EXPECT_THAT(variable, ::testing::HasSubstr("with SPLITDELIVERY_APPROVED_PLAN=9f3c "));
  EXPECT_THAT(variable, ::testing::Not(::testing::HasSubstr("annotat")));
  EXPECT_EQ(whyThere, variable);
}

TEST(InSync, KeepsWhatWasLastKnownWhileOneSideCannotBeSeen) {
  api::SplitDeliveryDomain resource;
  resource.spec.domain = "example.com";
  const api::Status before = makeStatus(resource, {}, inSync(), {});
  Findings away = inSync();
  unreachable(away);
  EXPECT_EQ(condition(makeStatus(resource, before, away, {}), "InSync").status, ConditionStatus::True);
  EXPECT_EQ(makeStatus(resource, before, away, {}).forwarders, before.forwarders);
  Findings refused = inSync();
  badCredentials(refused);
  EXPECT_EQ(condition(makeStatus(resource, before, refused, {}), "InSync").status, ConditionStatus::Unknown);
}

TEST(ForwardersThatVanished, AreNotPromisedBackByAPolicyThatMakesNothing) {
  Universe u;
  for (int i = 0; i < 6; ++i) u.addUser("u" + std::to_string(i));
  u.pass();
  u.resource.spec.policy = api::Policy::Observe;
  for (int i = 0; i < 6; ++i) u.world.da.removeForwarder(Universe::kDomain, "u" + std::to_string(i));
  EXPECT_EQ(readyReason(u.passAfter(std::chrono::minutes(5))), "Observed");
}

TEST(AStatus, TakesTheReconcileAtAnnotationOver) {
  api::SplitDeliveryDomain resource;
  resource.generation = 7;
  resource.annotations["splitdelivery.dev/reconcile-at"] = "now";
  const api::Status status = makeStatus(resource, {}, inSync(), {});
  EXPECT_EQ(status.lastHandledReconcileAt, "now");
  EXPECT_EQ(status.observedGeneration, 7);
}

}  // namespace
}  // namespace splitdelivery::reconcile
