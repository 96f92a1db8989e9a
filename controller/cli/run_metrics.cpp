#include "cli/run_metrics.h"

#include <set>
#include <utility>

#include "api/enums.h"
#include "reconcile/parting.h"

namespace splitdelivery::cli {
namespace {

serve::PassResult resultOf(const reconcile::PassReport& report) {
  if (report.outcome != reconcile::Outcome::Failed) return serve::PassResult::RequeueAfter;
  const api::Condition* ready = report.status.conditions.find(api::condition::kReady);
  if (ready != nullptr && ready->reason == "PassTimedOut") return serve::PassResult::TimedOut;
  if (ready != nullptr && ready->reason == "InternalError") return serve::PassResult::Panicked;
  return serve::PassResult::Error;
}

serve::DomainFigures figuresOf(const api::SplitDeliveryDomain& resource, const api::Status& status) {
  serve::DomainFigures figures{.nameSpace = resource.key.ns,
                               .name = resource.key.name,
                               .domain = resource.spec.domain,
                               .desired = status.forwarders.desired,
                               .inSync = status.forwarders.inSync,
                               .managed = status.forwarders.managed,
                               .found = status.forwarders.found,
                               .unmanaged = status.forwarders.unmanaged,
                               .conflicts = status.forwarders.conflicts,
                               .lastSync = status.lastSyncTime,
                               .suspended = resource.spec.suspend};
  if (const api::Condition* ready = status.conditions.find(api::condition::kReady)) {
    figures.ready = api::choiceText(ready->status);
    figures.reason = ready->reason;
  }
  const api::Condition* held = status.conditions.find(api::condition::kDeletionsHeld);
  if (held != nullptr && held->status == api::ConditionStatus::True) figures.heldSince = held->lastTransitionTime;
  return figures;
}

}  // namespace

RunMetrics::RunMetrics(serve::Metrics& metrics) : metrics_(metrics) {
  // What every service asks: there at 0 before the first answer.
  for (const char* endpoint : {"token", "accounts", "groups", "domains"}) metrics.traffic.expect("zoho", endpoint);
  for (const char* endpoint : {"CMD_API_SHOW_DOMAINS", "CMD_API_EMAIL_FORWARDERS", "CMD_API_POP"}) {
    metrics.traffic.expect("directadmin", endpoint);
  }
}

void RunMetrics::passStarted(const api::SplitDeliveryDomain&) {
  metrics_.reconcile.started();
}

void RunMetrics::passEnded(const reconcile::PassReport& report) {
  metrics_.reconcile.ended(resultOf(report), report.took);
  const api::ObjectKey& key = report.resource.key;
  const auto known = known_.find(key);
  if (known == known_.end()) return;  // its document went while the pass was under way
  serve::DomainFigures& figures = known->second;
  const auto heldBefore = figures.held;
  figures = figuresOf(report.resource, report.status);
  // A pass that could not plan says nothing of what waits, and the condition stands.
  if (figures.heldSince) figures.held = report.plan ? report.plan->held.size() : heldBefore;
  metrics_.domains.set(figures);
  const auto count = [&](const char* op, serve::ChangeResult result, std::uint64_t times) {
    if (times > 0) metrics_.domains.changed(key.ns, key.name, op, result, times);
  };
  count("create", serve::ChangeResult::Succeeded, report.changes.created);
  count("update", serve::ChangeResult::Succeeded, report.changes.updated);
  count("delete", serve::ChangeResult::Succeeded, report.changes.deleted);
  for (const reconcile::Failure& failure : report.failures) {
    const auto kind = failure.operation.kind;
    count(kind == plan::OpKind::Create   ? "create"
          : kind == plan::OpKind::Update ? "update"
                                         : "delete",
          serve::ChangeResult::Failed, 1);
  }
}

void RunMetrics::parted(const api::SplitDeliveryDomain& resource, const reconcile::Parting& parting) {
  if (known_.contains(resource.key)) {
    auto& counted = parted_[resource.key];
    if (counted && std::exchange(counted, resource.deletedAt) == resource.deletedAt) return;
    counted = resource.deletedAt;
  }
  using enum serve::DepartureResult;
  metrics_.departures.parted(parting.gaveUp ? Left : (parting.because.empty() ? Deleted : Retained), parting.left);
}

void RunMetrics::resourcesAre(const std::vector<api::SplitDeliveryDomain>& resources) {
  std::set<api::ObjectKey> gone;
  for (const auto& [key, figures] : known_) gone.insert(key);
  for (const auto& resource : resources) gone.erase(resource.key);
  for (const auto& key : gone) resourceIsGone(key);
  for (const auto& resource : resources) resourceIs(resource);
}

void RunMetrics::resourceIs(const api::SplitDeliveryDomain& resource) {
  const auto known = known_.find(resource.key);
  serve::DomainFigures figures = known == known_.end() ? figuresOf(resource, {}) : known->second;
  figures.suspended = resource.spec.suspend;  // it has no passes that would tell
  metrics_.domains.set(figures);
  known_.insert_or_assign(resource.key, std::move(figures));
}

void RunMetrics::resourceIsGone(const api::ObjectKey& key) {
  parted_.erase(key);
  if (known_.erase(key) > 0) metrics_.domains.forget(key.ns, key.name);
}

void RunMetrics::accountsAre(const std::vector<reconcile::Accounts::State>& states) {
  auto gone = std::exchange(accounts_, {});
  for (const auto& state : states) {
    gone.erase({state.provider, state.name});
    accounts_.emplace(state.provider, state.name);
    metrics_.accounts.set({.provider = state.provider,
                           .account = state.name,
                           .breakerOpen = state.shutOut,
                           .budgetUsed = state.budgetUsed,
                           .tokenMints = state.minted});
  }
  for (const auto& [provider, name] : gone) metrics_.accounts.forget(provider, name);
}

}  // namespace splitdelivery::cli
