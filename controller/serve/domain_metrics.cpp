#include "serve/domain_metrics.h"

#include <algorithm>

#include "serve/seconds.h"

namespace splitdelivery::serve {

namespace {

using Emit = Registry::Emit;

constexpr std::array<std::string_view, 3> kOperations{"create", "update", "delete"};

std::string_view toString(ChangeResult result) {
  return result == ChangeResult::Succeeded ? "succeeded" : "failed";
}

double number(bool value) {
  return value ? 1 : 0;
}

void tellAddresses(const DomainFigures& figures, const Emit& emit) {
  const auto tell = [&](std::string_view state, std::uint64_t count) {
    emit({figures.nameSpace, figures.name, figures.domain, state}, static_cast<double>(count));
  };
  tell("desired", figures.desired);
  tell("in_sync", figures.inSync);
  tell("managed", figures.managed);
  tell("found", figures.found);
  tell("unmanaged", figures.unmanaged);
  tell("conflict", figures.conflicts);
}

}  // namespace

DomainMetrics::DomainMetrics(base::Executor& executor, Registry& registry)
    : uncovered_(registry.gauges("splitdelivery_uncovered_domains")) {
  uncovered(0);
  // What an alert or a graph may ask for first.
  for (const char* reason : {"Synced", "SyncedWithConflicts", "SyncedPartially"}) states_.emplace("True", reason);
  for (const char* reason : {"ApplyFailed", "RoutingNotReady", "DeletionsHeld"}) states_.emplace("False", reason);
  states_.emplace("Unknown", "Progressing");

  const auto gauge = [&](std::string_view name, std::function<double(const DomainFigures&)> value) {
    registry.computed(name, [this, value = std::move(value)](const Emit& emit) {
      for (const auto& [key, resource] : resources_) {
        const DomainFigures& figures = resource.figures;
        emit({figures.nameSpace, figures.name, figures.domain}, value(figures));
      }
    });
  };
  gauge("splitdelivery_domain_ready", [](const auto& figures) { return number(figures.ready == "True"); });
  gauge("splitdelivery_held_changes", [](const auto& figures) { return static_cast<double>(figures.held); });
  gauge("splitdelivery_plan_age_seconds", [&executor](const auto& figures) {
    const bool waits = figures.held > 0 && figures.heldSince;
    return waits ? std::max(0.0, seconds(executor.wallTime() - *figures.heldSince)) : 0;
  });
  gauge("splitdelivery_last_sync_timestamp_seconds",
        [](const auto& figures) { return figures.lastSync ? seconds(figures.lastSync->time_since_epoch()) : 0; });
  gauge("splitdelivery_suspended", [](const auto& figures) { return number(figures.suspended); });
  registry.computed("splitdelivery_addresses", [this](const Emit& emit) {
    for (const auto& [key, resource] : resources_) tellAddresses(resource.figures, emit);
  });
  registry.computed("splitdelivery_changes_total", [this](const Emit& emit) { tellChanges(emit); });
  registry.computed("splitdelivery_domains", [this](const Emit& emit) { tellStates(emit); });
}

void DomainMetrics::uncovered(std::size_t domains) {
  uncovered_.of({}).Set(static_cast<double>(domains));
}

void DomainMetrics::set(const DomainFigures& figures) {
  Resource& resource = resources_[{figures.nameSpace, figures.name}];
  if (resource.figures.domain != figures.domain) resource.changes = {};
  resource.figures = figures;
  states_.emplace(figures.ready, figures.reason);
}

void DomainMetrics::changed(const std::string& nameSpace, const std::string& name, std::string_view op,
                            ChangeResult result, std::uint64_t count) {
  const auto found = resources_.find({nameSpace, name});
  const auto operation = static_cast<std::size_t>(std::ranges::find(kOperations, op) - kOperations.begin());
  if (found == resources_.end() || operation == kOperations.size()) return;
  found->second.changes[operation][static_cast<std::size_t>(result)] += count;
}

void DomainMetrics::forget(const std::string& nameSpace, const std::string& name) {
  resources_.erase({nameSpace, name});
}

void DomainMetrics::tellChanges(const Emit& emit) const {
  for (const auto& [key, resource] : resources_) {
    const DomainFigures& figures = resource.figures;
    for (std::size_t operation = 0; operation < kOperations.size(); ++operation) {
      for (const auto result : {ChangeResult::Succeeded, ChangeResult::Failed}) {
        emit({figures.nameSpace, figures.name, figures.domain, kOperations[operation], toString(result)},
             static_cast<double>(resource.changes[operation][static_cast<std::size_t>(result)]));
      }
    }
  }
}

void DomainMetrics::tellStates(const Emit& emit) const {
  std::map<State, std::uint64_t> counts;
  for (const State& state : states_) counts[state] = 0;
  for (const auto& [key, resource] : resources_) ++counts[{resource.figures.ready, resource.figures.reason}];
  for (const auto& [state, count] : counts) emit({state.first, state.second}, static_cast<double>(count));
}

}  // namespace splitdelivery::serve
