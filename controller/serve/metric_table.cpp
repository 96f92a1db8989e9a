#include "serve/metric_table.h"

#include <algorithm>
#include <stdexcept>

namespace splitdelivery::serve {

namespace {

using Labels = std::vector<std::string_view>;
using enum MetricKind;

// Those that existing dashboards query. Names and labels: controller-runtime's pkg/internal/controller/metrics and
// pkg/metrics (workqueue.go, leaderelection.go, client_go_adapter.go), component-base's metrics/prometheus/restclient,
// client_golang's process collector.
std::vector<MetricDoc> genericMetrics() {
  const Labels controller{"controller"};
  const Labels queue{"name", "controller"};
  const Labels client{"verb", "host"};
  return {
      {"controller_runtime_reconcile_total", Counter, {"controller", "result"}, "Passes that have ended, by result."},
      {"controller_runtime_reconcile_errors_total", Counter, controller, "Passes that failed."},
      {"controller_runtime_reconcile_panics_total", Counter, controller, "Passes that a bug ended."},
      {"controller_runtime_reconcile_timeouts_total", Counter, controller, "Passes that exceeded their deadline."},
      {"controller_runtime_reconcile_time_seconds", Histogram, controller, "How long passes took."},
      {"controller_runtime_max_concurrent_reconciles", Gauge, controller, "How many passes may run at a time."},
      {"controller_runtime_active_workers", Gauge, controller, "How many passes are running."},
      {"workqueue_depth", Gauge, queue, "Resources that are due and wait for a worker."},
      {"workqueue_adds_total", Counter, queue, "How often a resource became due."},
      {"workqueue_queue_duration_seconds", Histogram, queue, "How long resources waited after they were due."},
      {"workqueue_work_duration_seconds", Histogram, queue, "How long the work on a resource took."},
      {"workqueue_unfinished_work_seconds", Gauge, queue, "Seconds of work under way, all workers together."},
      {"workqueue_longest_running_processor_seconds", Gauge, queue, "For how long the oldest work has been under way."},
      {"workqueue_retries_total", Counter, queue, "How often a resource was asked to come again later."},
      {"rest_client_requests_total", Counter, {"code", "method", "host"}, "Requests to the Kubernetes API server."},
      {"rest_client_request_duration_seconds", Histogram, client, "How long they took; watches are left out."},
      {"rest_client_request_retries_total", Counter, {"code", "verb", "host"}, "Requests that were made once more."},
      {"rest_client_rate_limiter_duration_seconds", Histogram, client, "How long they waited for --kube-api-qps."},
      {"leader_election_master_status", Gauge, {"name"}, "1 while this replica leads, 0 while it stands by."},
      {"process_cpu_seconds_total", Counter, {}, "CPU time of this process, user and system."},
      {"process_resident_memory_bytes", Gauge, {}, "Memory of this process."},
      {"process_open_fds", Gauge, {}, "Open file descriptors."},
      {"process_start_time_seconds", Gauge, {}, "When this process was started, as Unix time."},
  };
}

std::vector<MetricDoc> ourMetrics() {
  const Labels resource{"namespace", "name", "domain"};
  const Labels account{"provider", "account"};
  return {
      {"splitdelivery_build_info", Gauge, {"version"}, "Always 1; the label is what counts."},
      {"splitdelivery_panics_total", Counter, {}, "Passes that a bug ended, of all controllers."},
      {"splitdelivery_domains", Gauge, {"ready", "reason"}, "Resources by their Ready condition."},
      {"splitdelivery_domain_ready", Gauge, resource, "1 when the resource is Ready, else 0."},
      {"splitdelivery_addresses", Gauge, {"namespace", "name", "domain", "state"}, "Forwarders, by how they stand."},
      {"splitdelivery_changes_total",
       Counter,
       {"namespace", "name", "domain", "op", "result"},
       "Changes sent to the mail server."},
      {"splitdelivery_held_changes", Gauge, resource, "Changes and deletes that wait for approval."},
      {"splitdelivery_plan_age_seconds", Gauge, resource, "For how long changes have been held; 0 when none are."},
      {"splitdelivery_last_sync_timestamp_seconds", Gauge, resource, "The last complete pass, as Unix time; 0: none."},
      {"splitdelivery_suspended", Gauge, resource, "1 when the resource is suspended, else 0."},
      {"splitdelivery_uncovered_domains", Gauge, {}, "Domains that both systems have and no resource is about."},
      {"splitdelivery_departures_total", Counter, {"result"}, "Deleted resources that were let go."},
      {"splitdelivery_left_forwarders_total", Counter, {}, "Forwarders that should have been deleted then and stayed."},
      {"splitdelivery_account_breaker_open", Gauge, account, "1 while requests of the account are stopped, else 0."},
      {"splitdelivery_account_budget_used_ratio", Gauge, account, "Share of the account's request budget in use."},
      {"splitdelivery_token_mints_total", Counter, {"account"}, "Access tokens that Zoho was asked for."},
      {"splitdelivery_provider_requests_total",
       Counter,
       {"provider", "endpoint", "code"},
       "Requests sent, by HTTP status or, where no answer came, the reason."},
      {"splitdelivery_provider_request_duration_seconds",
       Histogram,
       {"provider", "endpoint"},
       "How long requests took, failed ones included."},
  };
}

}  // namespace

const std::vector<MetricDoc>& documentedMetrics() {
  static const std::vector<MetricDoc> all = [] {
    std::vector<MetricDoc> docs = genericMetrics();
    for (auto& doc : ourMetrics()) docs.push_back(std::move(doc));
    return docs;
  }();
  return all;
}

const MetricDoc& documentedMetric(std::string_view name) {
  const auto& all = documentedMetrics();
  const auto found = std::find_if(all.begin(), all.end(), [name](const MetricDoc& doc) { return doc.name == name; });
  if (found == all.end()) throw std::logic_error("not in the table of metrics: " + std::string(name));
  return *found;
}

std::string_view toString(MetricKind kind) {
  switch (kind) {
    case Counter:
      return "counter";
    case Gauge:
      return "gauge";
    case Histogram:
      return "histogram";
  }
  return "";
}

}  // namespace splitdelivery::serve
