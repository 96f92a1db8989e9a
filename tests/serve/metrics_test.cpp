#include "serve/metrics.h"

#include <gmock/gmock.h>

#include <regex>

#include "base/version.h"
#include "serve/metric_table.h"
#include "serve/page.h"
#include "support/virtual_executor.h"

namespace splitdelivery::serve {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

const std::set<std::string> kPerResource{"splitdelivery_domain_ready",     "splitdelivery_addresses",
                                         "splitdelivery_changes_total",    "splitdelivery_held_changes",
                                         "splitdelivery_plan_age_seconds", "splitdelivery_last_sync_timestamp_seconds",
                                         "splitdelivery_suspended"};
const std::set<std::string> kPerAccount{"splitdelivery_account_breaker_open", "splitdelivery_account_budget_used_ratio",
                                        "splitdelivery_token_mints_total"};
const std::set<std::string> kPerRequest{"splitdelivery_provider_requests_total",
                                        "splitdelivery_provider_request_duration_seconds"};
const std::set<std::string> kInACluster{"rest_client_requests_total", "rest_client_request_duration_seconds",
                                        "rest_client_rate_limiter_duration_seconds",
                                        "rest_client_request_retries_total", "leader_election_master_status"};

struct Exported {
  testing::VirtualExecutor executor{};
  Metrics metrics{executor};
  [[nodiscard]] Page page() { return Page(metrics.text()); }
};

void tellEverything(Metrics& metrics) {
  metrics.domains.set({.nameSpace = "mail", .name = "example", .domain = "example.com"});
  metrics.accounts.set({.provider = "zoho", .account = "mail.zoho.com/60012345", .tokenMints = 1});
  metrics.traffic.answered({"zoho", "accounts", "GET", "mail.zoho.com", "200", 12ms});
  metrics.restClient.expect("10.0.0.1:443");
  metrics.leader.follow("splitdelivery", [] { return false; });
}

/// The names of the samples, without what belongs to one histogram.
std::set<std::string> namesOf(const Page& page) {
  std::set<std::string> names;
  for (const auto& [series, value] : page.samples) {
    std::string name = series.substr(0, series.find('{'));
    for (const std::string part : {"_bucket", "_sum", "_count"}) {
      if (!name.ends_with(part)) continue;
      const std::string histogram = name.substr(0, name.size() - part.size());
      if (page.types.contains(histogram)) name = histogram;
    }
    names.insert(name);
  }
  return names;
}

TEST(AFreshPage, NamesEveryDocumentedMetricWithItsTypeAndNothingElse) {
  Exported exported;
  std::map<std::string, std::string> documented;
  for (const MetricDoc& doc : documentedMetrics()) documented[std::string(doc.name)] = toString(doc.kind);
  EXPECT_EQ(exported.page().types, documented);
}

TEST(AFreshPage, HasASeriesOfEveryMetricThatIsOfNoResourceAccountRequestOrCluster) {
  Exported exported;
  const auto names = namesOf(exported.page());
  for (const MetricDoc& doc : documentedMetrics()) {
    const std::string name(doc.name);
    EXPECT_EQ(names.contains(name), !kPerResource.contains(name) && !kPerAccount.contains(name) &&
                                        !kPerRequest.contains(name) && !kInACluster.contains(name))
        << name;
  }
}

TEST(ThePage, HasASeriesOfEveryDocumentedMetricOnceThereIsSomethingToTell) {
  Exported exported;
  tellEverything(exported.metrics);
  std::set<std::string> documented;
  for (const MetricDoc& doc : documentedMetrics()) documented.insert(std::string(doc.name));
  EXPECT_EQ(namesOf(exported.page()), documented);
}

TEST(ThePage, GivesEverySeriesExactlyTheDocumentedLabels) {
  Exported exported;
  tellEverything(exported.metrics);
  const std::regex label(R"re((\w+)=")re");
  for (const auto& [series, value] : exported.page().samples) {
    std::set<std::string> labels;
    for (std::sregex_iterator match(series.begin(), series.end(), label), end; match != end; ++match) {
      labels.insert((*match)[1]);
    }
    labels.erase("le");
    const auto& all = documentedMetrics();
    const auto doc = std::find_if(all.begin(), all.end(), [&](const MetricDoc& one) {
      const std::string name = series.substr(0, series.find('{'));
      return name == one.name || (one.kind == MetricKind::Histogram && name.starts_with(one.name));
    });
    ASSERT_NE(doc, all.end()) << series;
    EXPECT_EQ(labels, std::set<std::string>(doc->labels.begin(), doc->labels.end())) << series;
  }
}

TEST(TheTable, FollowsTheConventionsForNames) {
  std::set<std::string_view> seen;
  for (const MetricDoc& doc : documentedMetrics()) {
    EXPECT_TRUE(seen.insert(doc.name).second) << doc.name << " twice";
    EXPECT_EQ(doc.name.ends_with("_total"), doc.kind == MetricKind::Counter) << doc.name;
    EXPECT_THAT(doc.help, ::testing::EndsWith("."));
    for (const auto& label : doc.labels) EXPECT_THAT(std::string(label), Not(HasSubstr("mail"))) << doc.name;
  }
  EXPECT_THROW(static_cast<void>(documentedMetric("splitdelivery_unheard_of")), std::logic_error);
}

TEST(TheBuild, IsNamed) {
  Exported exported;
  EXPECT_EQ(exported.page().of("splitdelivery_build_info{version=\"" + std::string(base::kVersion) + "\"}"), 1);
}

TEST(AnAddress, NeverBecomesALabel) {
  Exported exported;
  exported.metrics.accounts.set({.provider = "mxroute", .account = "eagle/kim@example.com", .tokenMints = 1});
  exported.metrics.traffic.answered({"zoho", "accounts", "GET", "h", "kim@example.com", 1ms});
  EXPECT_THAT(exported.metrics.text(), Not(HasSubstr("@")));
  EXPECT_EQ(exported.page().of(R"(splitdelivery_account_breaker_open{account="hidden",provider="mxroute"})"), 0);
}

TEST(ALabel, WithQuotesAndNewlinesCannotForgeASeries) {
  Exported exported;
  exported.metrics.domains.set({.nameSpace = "n", .name = "x\"} 1\nforged{a=\"", .domain = "d\\"});
  EXPECT_THAT(exported.metrics.text(), Not(HasSubstr("\nforged")));
  EXPECT_THAT(exported.metrics.text(), HasSubstr(R"(name="x\"} 1\nforged{a=\"")"));
}

std::string pass(const std::string& result) {
  return R"(controller_runtime_reconcile_total{controller="splitdeliverydomain",result=")" + result + "\"}";
}
std::string ofController(const std::string& name) {
  return "controller_runtime_" + name + R"({controller="splitdeliverydomain"})";
}

TEST(Passes, AreCountedByResultFromZeroOn) {
  Exported exported;
  for (const char* result : {"success", "requeue_after", "requeue", "error"}) {
    EXPECT_EQ(exported.page().of(pass(result)), 0) << result;
  }
  auto& passes = exported.metrics.reconcile;
  passes.workers(16);
  for (const PassResult result : {PassResult::Success, PassResult::RequeueAfter, PassResult::RequeueAfter,
                                  PassResult::Error, PassResult::Panicked, PassResult::TimedOut}) {
    passes.started();
    EXPECT_EQ(exported.page().of(ofController("active_workers")), 1);
    passes.ended(result, 200ms);
  }
  const Page page = exported.page();
  EXPECT_EQ(page.of(pass("success")), 1);
  EXPECT_EQ(page.of(pass("requeue_after")), 2);
  EXPECT_EQ(page.of(pass("error")), 3);
  EXPECT_EQ(page.of(ofController("reconcile_errors_total")), 3);
  EXPECT_EQ(page.of(ofController("reconcile_panics_total")), 1);
  EXPECT_EQ(page.of("splitdelivery_panics_total"), 1);
  EXPECT_EQ(page.of(ofController("reconcile_timeouts_total")), 1);
  EXPECT_EQ(page.of(ofController("active_workers")), 0);
  EXPECT_EQ(page.of(ofController("max_concurrent_reconciles")), 16);
  EXPECT_EQ(page.of(ofController("reconcile_time_seconds_count")), 6);
  EXPECT_DOUBLE_EQ(page.of(ofController("reconcile_time_seconds_sum")), 1.2);
}

std::string ofQueue(const std::string& name) {
  return "workqueue_" + name + R"({controller="splitdeliverydomain",name="splitdeliverydomain"})";
}

TEST(TheQueue, IsShownWithTheWorkUnderWayAtTheMomentOfAsking) {
  Exported exported;
  auto& queue = exported.metrics.queue;
  queue.added();
  queue.depth(3);
  queue.retried();
  queue.started(2s);
  exported.executor.advance(10s);
  queue.started(1s);
  exported.executor.advance(5s);
  Page page = exported.page();
  EXPECT_EQ(page.of(ofQueue("adds_total")), 1);
  EXPECT_EQ(page.of(ofQueue("depth")), 3);
  EXPECT_EQ(page.of(ofQueue("retries_total")), 1);
  EXPECT_EQ(page.of(ofQueue("queue_duration_seconds_sum")), 3);
  EXPECT_EQ(page.of(ofQueue("unfinished_work_seconds")), 20);
  EXPECT_EQ(page.of(ofQueue("longest_running_processor_seconds")), 15);
  queue.finished(15s);
  page = exported.page();
  EXPECT_EQ(page.of(ofQueue("longest_running_processor_seconds")), 5) << "the older has ended";
  EXPECT_EQ(page.of(ofQueue("work_duration_seconds_sum")), 15);
}

TEST(TheQueue, IsNotConfusedByAClockThatMovesBetweenTwoReadings) {
  Exported exported;
  auto& queue = exported.metrics.queue;
  for (int i = 0; i < 3; ++i) {
    queue.started(0s);
    exported.executor.advance(1min);
  }
  queue.finished(2min - 1us);  // the second: the queue read its clock a little earlier than we
  EXPECT_EQ(exported.page().of(ofQueue("unfinished_work_seconds")), 240);
  queue.finished(3min + 1us);
  EXPECT_EQ(exported.page().of(ofQueue("unfinished_work_seconds")), 60);
  queue.finished(1min - 1us);
  queue.finished(1s);  // one too many
  EXPECT_EQ(exported.page().of(ofQueue("unfinished_work_seconds")), 0);
}

TEST(Requests, AreCountedByCodeAndTimed) {
  Exported exported;
  auto& traffic = exported.metrics.traffic;
  traffic.expect("zoho", "accounts");
  const std::string ok = R"(splitdelivery_provider_requests_total{code="200",endpoint="accounts",provider="zoho"})";
  EXPECT_EQ(exported.page().of(ok), 0);
  traffic.answered({"zoho", "accounts", "GET", "mail.zoho.com", "200", 300ms});
  traffic.answered({"zoho", "accounts", "GET", "mail.zoho.com", "200", 100ms});
  traffic.answered({"zoho", "accounts", "GET", "mail.zoho.com", "TimedOut", 30s});
  const Page page = exported.page();
  EXPECT_EQ(page.of(ok), 2);
  EXPECT_EQ(page.of(R"(splitdelivery_provider_requests_total{code="TimedOut",endpoint="accounts",provider="zoho"})"),
            1);
  EXPECT_EQ(
      page.of(
          R"(splitdelivery_provider_request_duration_seconds_bucket{endpoint="accounts",provider="zoho",le="0.25"})"),
      1);
  EXPECT_EQ(page.with("rest_client_"), 0U) << "these are of Kubernetes only";
}

}  // namespace
}  // namespace splitdelivery::serve
