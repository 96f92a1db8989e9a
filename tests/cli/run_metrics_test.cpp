#include "cli/run_metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "reconcile/parting.h"
#include "reconcile/reconciler.h"
#include "support/virtual_executor.h"

namespace splitdelivery::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class PassesAsMetrics : public ::testing::Test {
 protected:
  static api::SplitDeliveryDomain resource(const std::string& name) {
    api::SplitDeliveryDomain resource;
    resource.key = {"default", name};
    resource.spec.domain = name + ".example.com";
    return resource;
  }
  reconcile::PassReport report(const std::string& name, const std::string& reason, reconcile::Outcome outcome) {
    reconcile::PassReport report{.resource = resource(name)};
    report.outcome = outcome;
    report.status.conditions.set(
        api::condition::kReady,
        outcome == reconcile::Outcome::InSync ? api::ConditionStatus::True : api::ConditionStatus::False, reason,
        "the message", executor.wallTime(), 1);
    return report;
  }
  void pass(const reconcile::PassReport& report) {
    observed.passStarted(report.resource);
    observed.passEnded(report);
  }
  /// Whether a sample of this name, with all of these labels, has this value.
  bool shows(const std::string& name, const std::vector<std::string>& labels, const std::string& value) {
    std::istringstream page(metrics.text());
    for (std::string line; std::getline(page, line);) {
      const bool isIt =
          line.starts_with(name) && line.ends_with(" " + value) &&
          std::ranges::all_of(labels, [&](const auto& label) { return line.find(label) != std::string::npos; });
      if (isIt) return true;
    }
    return false;
  }

  testing::VirtualExecutor executor{1};
  serve::Metrics metrics{executor};
  RunMetrics observed{metrics};
};

TEST_F(PassesAsMetrics, CountEachEndByItsKind) {
  observed.resourcesAre({resource("d0")});
  pass(report("d0", "Synced", reconcile::Outcome::InSync));
  pass(report("d0", "DeletionsHeld", reconcile::Outcome::NeedsApproval));
  pass(report("d0", "ConnectFailed", reconcile::Outcome::Failed));
  pass(report("d0", "PassTimedOut", reconcile::Outcome::Failed));
  pass(report("d0", "InternalError", reconcile::Outcome::Failed));
  EXPECT_TRUE(shows("controller_runtime_reconcile_total", {R"(result="requeue_after")"}, "2"));
  EXPECT_TRUE(shows("controller_runtime_reconcile_errors_total", {}, "3")) << metrics.text();
  EXPECT_TRUE(shows("controller_runtime_reconcile_timeouts_total", {}, "1"));
  EXPECT_TRUE(shows("controller_runtime_reconcile_panics_total", {}, "1"));
  EXPECT_TRUE(shows("controller_runtime_active_workers", {}, "0"));
}

TEST_F(PassesAsMetrics, GiveAResourceItsSeriesFromTheFirstReadingOn) {
  observed.resourcesAre({resource("d0")});
  EXPECT_TRUE(shows("splitdelivery_domain_ready", {R"(name="d0")"}, "0"));
  EXPECT_TRUE(shows("splitdelivery_domains", {R"(reason="Progressing")"}, "1"));
  observed.resourcesAre({});
  EXPECT_THAT(metrics.text(), Not(HasSubstr(R"(name="d0")")));
}

TEST_F(PassesAsMetrics, LeaveNoSeriesOfAResourceThatWentMeanwhile) {
  observed.resourcesAre({resource("d0")});
  observed.passStarted(resource("d0"));
  observed.resourcesAre({});
  observed.passEnded(report("d0", "Synced", reconcile::Outcome::InSync));
  EXPECT_THAT(metrics.text(), Not(HasSubstr(R"(name="d0")")));
}

TEST_F(PassesAsMetrics, KeepWhatIsKnownOverAReadingThatChangesNothing) {
  observed.resourcesAre({resource("d0")});
  pass(report("d0", "Synced", reconcile::Outcome::InSync));
  observed.resourcesAre({resource("d0"), resource("d1")});
  EXPECT_TRUE(shows("splitdelivery_domain_ready", {R"(name="d0")"}, "1"));
}

TEST_F(PassesAsMetrics, CountChangesAndFailuresByOperation) {
  observed.resourcesAre({resource("d0")});
  reconcile::PassReport ended = report("d0", "ApplyFailed", reconcile::Outcome::Failed);
  ended.changes = {.created = 3, .updated = 2, .deleted = 1};
  ended.failures.push_back({.operation = {.kind = plan::OpKind::Delete, .local = "anna"}, .error = {}});
  pass(ended);
  EXPECT_TRUE(shows("splitdelivery_changes_total", {R"(op="create")", R"(result="succeeded")"}, "3"));
  EXPECT_TRUE(shows("splitdelivery_changes_total", {R"(op="update")", R"(result="succeeded")"}, "2"));
  EXPECT_TRUE(shows("splitdelivery_changes_total", {R"(op="delete")", R"(result="succeeded")"}, "1"));
  EXPECT_TRUE(shows("splitdelivery_changes_total", {R"(op="delete")", R"(result="failed")"}, "1"));
  EXPECT_THAT(metrics.text(), Not(HasSubstr("anna")));
}

TEST_F(PassesAsMetrics, KeepWhatIsHeldOverAPassThatCouldNotPlan) {
  observed.resourcesAre({resource("d0")});
  auto held = report("d0", "DeletionsHeld", reconcile::Outcome::NeedsApproval);
  held.status.conditions.set(api::condition::kDeletionsHeld, api::ConditionStatus::True, "MaxDeletions", "held",
                             executor.wallTime(), 1);
  held.plan.emplace().held.resize(3);
  pass(held);
  auto unreachable = report("d0", "ConnectFailed", reconcile::Outcome::Failed);
  unreachable.status = held.status;
  pass(unreachable);
  EXPECT_TRUE(shows("splitdelivery_held_changes", {"d0"}, "3"));
  held.status.conditions.set(api::condition::kDeletionsHeld, api::ConditionStatus::False, "NothingHeld", "none",
                             executor.wallTime(), 1);
  held.plan.reset();
  pass(held);
  EXPECT_TRUE(shows("splitdelivery_held_changes", {"d0"}, "0"));
}

TEST_F(PassesAsMetrics, ShowASuspendedResourceAsSuch) {
  auto suspended = resource("d0");
  observed.resourcesAre({suspended});
  pass(report("d0", "Synced", reconcile::Outcome::InSync));
  suspended.spec.suspend = true;
  observed.resourcesAre({suspended});
  EXPECT_TRUE(shows("splitdelivery_domain_ready", {R"(name="d0")"}, "1")) << "as it was";
  EXPECT_TRUE(shows("splitdelivery_suspended", {R"(name="d0")"}, "1"));
}

constexpr const char* kDepartures = "splitdelivery_departures_total";
constexpr const char* kLeft = "splitdelivery_left_forwarders_total";

TEST_F(PassesAsMetrics, CountDeparturesFromZeroOnByWhatBecameOfTheForwarders) {
  for (const char* result : {"deleted", "retained", "left"}) EXPECT_TRUE(shows(kDepartures, {result}, "0")) << result;
  EXPECT_TRUE(shows(kLeft, {}, "0"));
  observed.parted(resource("d0"), {});
  observed.parted(resource("d1"), {.left = 7, .because = "spec.deletionPolicy is Retain"});
  observed.parted(resource("d2"), {.left = 3, .because = "nobody listens", .gaveUp = true});
  observed.parted(resource("d3"), {.left = 2, .because = "nobody listens", .gaveUp = true});
  EXPECT_TRUE(shows(kDepartures, {R"(result="deleted")"}, "1"));
  EXPECT_TRUE(shows(kDepartures, {R"(result="retained")"}, "1"));
  EXPECT_TRUE(shows(kDepartures, {R"(result="left")"}, "2"));
  EXPECT_TRUE(shows(kLeft, {}, "5")) << "what was to stay is not left behind";
}

TEST_F(PassesAsMetrics, CountADeletionOnceThoughSomebodyElsesFinalizerKeepsTheResource) {
  auto leaving = resource("d0");
  leaving.deletedAt = executor.wallTime();
  observed.resourceIs(leaving);
  for (int pass = 0; pass < 3; ++pass) {
    observed.parted(leaving, {.left = pass == 0 ? 3U : 0U, .because = pass == 0 ? "x" : "", .gaveUp = pass == 0});
  }
  EXPECT_TRUE(shows(kDepartures, {R"(result="left")"}, "1"));
  EXPECT_TRUE(shows(kDepartures, {R"(result="deleted")"}, "0"));
  observed.resourceIsGone(leaving.key);
  observed.resourceIs(leaving);
  leaving.deletedAt = executor.wallTime() + std::chrono::hours{1};
  observed.parted(leaving, {});
  EXPECT_TRUE(shows(kDepartures, {R"(result="deleted")"}, "1")) << "made anew and deleted again";
}

TEST_F(PassesAsMetrics, ShowAccountsWithWhatStopsThem) {
  observed.accountsAre({{.provider = "zoho", .name = "mail.zoho.com/6", .budgetUsed = 0.4, .minted = 2},
                        {.provider = "directadmin", .name = "da.test:2222/user", .shutOut = true}});
  EXPECT_TRUE(shows("splitdelivery_account_breaker_open", {R"(account="da.test:2222/user")"}, "1"));
  EXPECT_TRUE(shows("splitdelivery_account_budget_used_ratio", {R"(account="mail.zoho.com/6")"}, "0.4"));
  EXPECT_TRUE(shows("splitdelivery_token_mints_total", {R"(account="mail.zoho.com/6")"}, "2"));
}

TEST_F(PassesAsMetrics, LeaveNoSeriesOfAnAccountThatNoResourceUses) {
  const reconcile::Accounts::State zoho{.provider = "zoho", .name = "mail.zoho.com/6", .minted = 2};
  const reconcile::Accounts::State server{.provider = "directadmin", .name = "da.test:2222/user", .shutOut = true};
  observed.accountsAre({zoho, server});
  observed.accountsAre({zoho});
  EXPECT_THAT(metrics.text(), Not(HasSubstr("da.test")));
  EXPECT_TRUE(shows("splitdelivery_token_mints_total", {R"(account="mail.zoho.com/6")"}, "2"));
  observed.accountsAre({});
  EXPECT_THAT(metrics.text(), Not(HasSubstr("mail.zoho.com")));
  observed.accountsAre({zoho, server});
  EXPECT_TRUE(shows("splitdelivery_account_breaker_open", {R"(account="da.test:2222/user")"}, "1"));
  EXPECT_TRUE(shows("splitdelivery_token_mints_total", {R"(account="mail.zoho.com/6")"}, "2")) << "all of them";
}

}  // namespace
}  // namespace splitdelivery::cli
