#include "serve/domain_metrics.h"

#include <gmock/gmock.h>

#include "serve/metrics.h"
#include "serve/page.h"
#include "support/virtual_executor.h"

namespace splitdelivery::serve {
namespace {

using namespace std::chrono_literals;

struct Shown {
  testing::VirtualExecutor executor{};
  Metrics metrics{executor};
  [[nodiscard]] Page page() { return Page(metrics.text()); }

  static DomainFigures example(const std::string& name = "example") {
    return {.nameSpace = "mail", .name = name, .domain = name + ".com", .ready = "True", .reason = "Synced"};
  }
};

std::string of(const std::string& metric, const std::string& name = "example") {
  return metric + "{domain=\"" + name + ".com\",name=\"" + name + "\",namespace=\"mail\"}";
}
std::string addresses(const std::string& state) {
  return R"(splitdelivery_addresses{domain="example.com",name="example",namespace="mail",state=")" + state + "\"}";
}
std::string changes(const std::string& op, const std::string& result) {
  return R"(splitdelivery_changes_total{domain="example.com",name="example",namespace="mail",op=")" + op +
         R"(",result=")" + result + "\"}";
}
std::string domains(const std::string& ready, const std::string& reason) {
  return "splitdelivery_domains{ready=\"" + ready + "\",reason=\"" + reason + "\"}";
}

TEST(AResource, HasAllItsSeriesAtZeroFromTheStart) {
  Shown shown;
  shown.metrics.domains.set({.nameSpace = "mail", .name = "example", .domain = "example.com"});
  const Page page = shown.page();
  for (const char* name : {"splitdelivery_domain_ready", "splitdelivery_held_changes", "splitdelivery_plan_age_seconds",
                           "splitdelivery_last_sync_timestamp_seconds", "splitdelivery_suspended"}) {
    EXPECT_EQ(page.of(of(name)), 0) << name;
  }
  for (const char* state : {"desired", "in_sync", "managed", "found", "unmanaged", "conflict"}) {
    EXPECT_EQ(page.of(addresses(state)), 0) << state;
  }
  for (const char* op : {"create", "update", "delete"}) {
    for (const char* result : {"succeeded", "failed"}) EXPECT_EQ(page.of(changes(op, result)), 0) << op;
  }
}

TEST(AResource, ShowsWhatWasSetLast) {
  Shown shown;
  DomainFigures figures = Shown::example();
  figures.desired = 20;
  figures.inSync = 19;
  figures.managed = 18;
  figures.found = 1;
  figures.unmanaged = 2;
  figures.conflicts = 3;
  figures.suspended = true;
  figures.lastSync = base::WallTime{} + 1'700'000'000s;
  shown.metrics.domains.set(Shown::example());
  shown.metrics.domains.set(figures);
  const Page page = shown.page();
  EXPECT_EQ(page.of(of("splitdelivery_domain_ready")), 1);
  EXPECT_EQ(page.of(of("splitdelivery_suspended")), 1);
  EXPECT_EQ(page.of(of("splitdelivery_last_sync_timestamp_seconds")), 1'700'000'000);
  const std::map<std::string, double> expected{{"desired", 20}, {"in_sync", 19},  {"managed", 18},
                                               {"found", 1},    {"unmanaged", 2}, {"conflict", 3}};
  for (const auto& [state, count] : expected) EXPECT_EQ(page.of(addresses(state)), count) << state;
}

TEST(AResource, TakesAllItsSeriesWithItAndNobodyElses) {
  Shown shown;
  shown.metrics.domains.set(Shown::example());
  const std::size_t alone = shown.page().samples.size();
  shown.metrics.domains.set(Shown::example("other"));
  shown.metrics.domains.changed("mail", "other", "create", ChangeResult::Succeeded);
  EXPECT_GT(shown.page().samples.size(), alone);
  shown.metrics.domains.forget("mail", "other");
  shown.metrics.domains.forget("mail", "never seen");
  EXPECT_EQ(shown.page().samples.size(), alone);
  EXPECT_EQ(shown.page().with("other"), 0U);
  EXPECT_EQ(shown.page().of(domains("True", "Synced")), 1);
}

TEST(AResource, ThatComesBackForAnotherDomainLeavesNothingOfTheOldOne) {
  Shown shown;
  shown.metrics.domains.set(Shown::example());
  DomainFigures figures = Shown::example();
  figures.domain = "example.org";
  shown.metrics.domains.set(figures);
  EXPECT_EQ(shown.page().with("example.com"), 0U);
  EXPECT_GT(shown.page().with("example.org"), 0U);
}

TEST(AResource, IsNotMadeByAChangeThatIsToldTooLate) {
  Shown shown;
  shown.metrics.domains.set(Shown::example());
  shown.metrics.domains.forget("mail", "example");
  shown.metrics.domains.changed("mail", "example", "delete", ChangeResult::Failed);
  EXPECT_EQ(shown.page().with("example"), 0U);
}

TEST(Changes, AreAddedUpByOperationAndResult) {
  Shown shown;
  auto& metrics = shown.metrics.domains;
  metrics.set(Shown::example());
  metrics.changed("mail", "example", "create", ChangeResult::Succeeded, 3);
  metrics.changed("mail", "example", "create", ChangeResult::Succeeded);
  metrics.changed("mail", "example", "delete", ChangeResult::Failed, 2);
  metrics.set(Shown::example());
  const Page page = shown.page();
  EXPECT_EQ(page.of(changes("create", "succeeded")), 4);
  EXPECT_EQ(page.of(changes("create", "failed")), 0);
  EXPECT_EQ(page.of(changes("delete", "failed")), 2);
}

TEST(AHeldPlan, GrowsOlderUntilItIsNoLongerHeld) {
  Shown shown;
  DomainFigures figures = Shown::example();
  figures.held = 7;
  figures.heldSince = shown.executor.wallTime() - 1h;
  shown.metrics.domains.set(figures);
  shown.executor.advance(30min);
  EXPECT_EQ(shown.page().of(of("splitdelivery_plan_age_seconds")), 5400);
  EXPECT_EQ(shown.page().of(of("splitdelivery_held_changes")), 7);
  shown.executor.setWallTime(*figures.heldSince - 24h);
  EXPECT_EQ(shown.page().of(of("splitdelivery_plan_age_seconds")), 0) << "a clock that was put back";
  figures.held = 0;
  shown.executor.setWallTime(*figures.heldSince + 24h);
  shown.metrics.domains.set(figures);
  EXPECT_EQ(shown.page().of(of("splitdelivery_plan_age_seconds")), 0);
}

TEST(Domains, AreCountedByReadinessAndFallBackToZero) {
  Shown shown;
  EXPECT_EQ(shown.page().of(domains("True", "Synced")), 0);
  EXPECT_EQ(shown.page().of(domains("False", "DeletionsHeld")), 0);
  DomainFigures broken = Shown::example("broken");
  broken.ready = "False";
  broken.reason = "InvalidClient";
  shown.metrics.domains.set(Shown::example());
  shown.metrics.domains.set(Shown::example("second"));
  shown.metrics.domains.set(broken);
  EXPECT_EQ(shown.page().of(domains("True", "Synced")), 2);
  EXPECT_EQ(shown.page().of(domains("False", "InvalidClient")), 1);
  broken.ready = "True";
  broken.reason = "Synced";
  shown.metrics.domains.set(broken);
  EXPECT_EQ(shown.page().of(domains("True", "Synced")), 3);
  EXPECT_EQ(shown.page().of(domains("False", "InvalidClient")), 0) << "a graph that ends would hide that it is over";
}

std::string account(const std::string& metric) {
  return "splitdelivery_account_" + metric + R"({account="mail.zoho.com/600",provider="zoho"})";
}

TEST(AnAccount, ShowsItsBreakerAndBudgetAndGoes) {
  Shown shown;
  AccountFigures figures{.provider = "zoho", .account = "mail.zoho.com/600"};
  shown.metrics.accounts.set(figures);
  EXPECT_EQ(shown.page().of(account("breaker_open")), 0);
  EXPECT_EQ(shown.page().of(account("budget_used_ratio")), 0);
  EXPECT_EQ(shown.page().with("token_mints"), 0U) << "an account that has no tokens shows none";
  figures.breakerOpen = true;
  figures.budgetUsed = 0.5;
  shown.metrics.accounts.set(figures);
  EXPECT_EQ(shown.page().of(account("breaker_open")), 1);
  EXPECT_EQ(shown.page().of(account("budget_used_ratio")), 0.5);
  shown.metrics.accounts.forget("zoho", "mail.zoho.com/600");
  shown.metrics.accounts.forget("zoho", "never seen");
  EXPECT_EQ(shown.page().with("mail.zoho.com"), 0U);
}

TEST(TokenMints, NeverGoBackWhenTheirCountBeginsAnew) {
  Shown shown;
  AccountFigures figures{.provider = "zoho", .account = "mail.zoho.com/600"};
  const std::string mints = R"(splitdelivery_token_mints_total{account="mail.zoho.com/600"})";
  const auto told = [&](std::uint64_t count) {
    figures.tokenMints = count;
    shown.metrics.accounts.set(figures);
    return shown.page().of(mints);
  };
  EXPECT_EQ(told(0), 0);
  EXPECT_EQ(told(3), 3);
  EXPECT_EQ(told(3), 3);
  EXPECT_EQ(told(1), 4) << "the account was made anew and has asked for one since";
  EXPECT_EQ(told(2), 5);
}

}  // namespace
}  // namespace splitdelivery::serve
