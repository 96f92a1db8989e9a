#include "serve/domain_metrics.h"

#include <algorithm>
#include <array>

#include "serve/seconds.h"

namespace splitdelivery::serve {

namespace {

constexpr std::array<std::string_view, 3> kOperations{"create", "update", "delete"};
constexpr std::array<ChangeResult, 2> kResults{ChangeResult::Succeeded, ChangeResult::Failed};

std::string_view toString(ChangeResult result) {
  return result == ChangeResult::Succeeded ? "succeeded" : "failed";
}

std::array<std::pair<std::string_view, std::uint64_t>, 6> statesOf(const DomainFigures& figures) {
  return {{{"desired", figures.desired},
           {"in_sync", figures.inSync},
           {"managed", figures.managed},
           {"found", figures.found},
           {"unmanaged", figures.unmanaged},
           {"conflict", figures.conflicts}}};
}

Registry::Gauges::Values labelsOf(const DomainFigures& figures) {
  return {figures.nameSpace, figures.name, figures.domain};
}

Registry::Gauges::Values with(Registry::Gauges::Values labels, std::initializer_list<std::string_view> more) {
  labels.insert(labels.end(), more);
  return labels;
}

}  // namespace

DomainMetrics::DomainMetrics(base::Executor& executor, Registry& registry)
    : executor_(executor),
      domains_(registry.gauges("splitdelivery_domains")),
      ready_(registry.gauges("splitdelivery_domain_ready")),
      addresses_(registry.gauges("splitdelivery_addresses")),
      changes_(registry.counters("splitdelivery_changes_total")),
      held_(registry.gauges("splitdelivery_held_changes")),
      planAge_(registry.gauges("splitdelivery_plan_age_seconds")),
      lastSync_(registry.gauges("splitdelivery_last_sync_timestamp_seconds")),
      suspended_(registry.gauges("splitdelivery_suspended")) {
  // What an alert or a graph may ask for first.
  for (const char* reason : {"Synced", "SyncedWithConflicts", "SyncedPartially"}) counts_[{"True", reason}] = 0;
  for (const char* reason : {"ApplyFailed", "RoutingNotReady", "DeletionsHeld"}) counts_[{"False", reason}] = 0;
  counts_[{"Unknown", "Progressing"}] = 0;
  registry.beforeExport([this] { refresh(); });
}

void DomainMetrics::set(const DomainFigures& figures) {
  const auto [entry, fresh] = resources_.try_emplace({figures.nameSpace, figures.name}, figures);
  if (!fresh && entry->second.domain != figures.domain) hide(entry->second);
  entry->second = figures;
  show(figures);
}

void DomainMetrics::changed(const std::string& nameSpace, const std::string& name, std::string_view op,
                            ChangeResult result, std::uint64_t count) {
  const auto found = resources_.find({nameSpace, name});
  if (found == resources_.end()) return;
  changes_.of(with(labelsOf(found->second), {op, toString(result)})).Increment(static_cast<double>(count));
}

void DomainMetrics::forget(const std::string& nameSpace, const std::string& name) {
  const auto found = resources_.find({nameSpace, name});
  if (found == resources_.end()) return;
  hide(found->second);
  resources_.erase(found);
}

void DomainMetrics::show(const DomainFigures& figures) {
  const auto labels = labelsOf(figures);
  ready_.of(labels).Set(figures.ready == "True" ? 1 : 0);
  held_.of(labels).Set(static_cast<double>(figures.held));
  planAge_.of(labels);
  lastSync_.of(labels).Set(figures.lastSync ? seconds(figures.lastSync->time_since_epoch()) : 0);
  suspended_.of(labels).Set(figures.suspended ? 1 : 0);
  for (const auto& [state, count] : statesOf(figures)) {
    addresses_.of(with(labels, {state})).Set(static_cast<double>(count));
  }
  for (const auto op : kOperations) {
    for (const auto result : kResults) changes_.of(with(labels, {op, toString(result)}));
  }
}

void DomainMetrics::hide(const DomainFigures& figures) {
  const auto labels = labelsOf(figures);
  for (Registry::Gauges* gauges : {&ready_, &held_, &planAge_, &lastSync_, &suspended_}) gauges->remove(labels);
  for (const auto& [state, count] : statesOf(figures)) addresses_.remove(with(labels, {state}));
  for (const auto op : kOperations) {
    for (const auto result : kResults) changes_.remove(with(labels, {op, toString(result)}));
  }
}

void DomainMetrics::refresh() {
  for (auto& [state, count] : counts_) count = 0;
  const base::WallTime now = executor_.wallTime();
  for (const auto& [key, figures] : resources_) {
    ++counts_[{figures.ready, figures.reason}];
    const bool waits = figures.held > 0 && figures.heldSince;
    planAge_.of(labelsOf(figures)).Set(waits ? std::max(0.0, seconds(now - *figures.heldSince)) : 0);
  }
  for (const auto& [state, count] : counts_) {
    domains_.of({state.first, state.second}).Set(static_cast<double>(count));
  }
}

}  // namespace splitdelivery::serve
