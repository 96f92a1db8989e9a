#include "source/cluster/acknowledgements.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/log.h"

namespace splitdelivery::source::cluster {

using base::Done;
using base::Result;

void Acknowledgements::amend(api::Status& status, const Owed& owed) {
  status.lastHandledReconcileAt = owed.reconcileAt;
  status.lastSyncTime = owed.syncTime;
}

/// Whether it is still what is to be told.
bool Acknowledgements::holds(const api::ObjectKey& key, const Owed& owed) const {
  const api::Status* status = domains_.statusNow(key);
  return status != nullptr && domains_.uidOf(key) == owed.uid && status->lastHandledReconcileAt == owed.before;
}

base::SteadyTime Acknowledgements::dueAt(const api::ObjectKey& key) const {
  const auto last = written_.find(key);
  return last == written_.end() ? executor_.now() : last->second + kEvery;
}

base::Task<api::Status> Acknowledgements::load(api::ObjectKey key) {
  api::Status status = co_await domains_.load(key);
  if (const auto owed = owed_.find(key); owed != owed_.end() && holds(key, owed->second)) amend(status, owed->second);
  co_return status;
}

/// Whether it has been acknowledged a moment ago, and nothing else is to be said.
bool Acknowledgements::mayWait(const api::ObjectKey& key, const api::Status& status) {
  if (dueAt(key) <= executor_.now() || refused_.contains(key) || domains_.isBeingSaved(key)) return false;
  const api::Status* before = domains_.statusNow(key);
  if (before == nullptr) return false;
  api::Status acknowledged = *before;
  amend(acknowledged, {status.lastHandledReconcileAt, status.lastSyncTime});
  return acknowledged == status;
}

base::Task<Result<Done>> Acknowledgements::save(api::ObjectKey key, api::Status status) {
  const api::Status* before = domains_.statusNow(key);
  if (!background_.stopped() && mayWait(key, status)) {
    owe(key, {std::move(status.lastHandledReconcileAt), status.lastSyncTime, domains_.uidOf(key),
              before->lastHandledReconcileAt});
    co_return Done{};
  }
  owed_.erase(key);
  if (before != nullptr && before->lastHandledReconcileAt != status.lastHandledReconcileAt) {
    written_.insert_or_assign(key, executor_.now());
  }
  auto saved = co_await domains_.save(key, std::move(status));
  if (saved) refused_.erase(key);
  co_return saved;
}

void Acknowledgements::owe(const api::ObjectKey& key, Owed owed) {
  owed_.insert_or_assign(key, std::move(owed));
  background_.begin([this] { return work(); });
}

base::Task<Done> Acknowledgements::work() {
  while (!owed_.empty()) {
    auto due = base::SteadyTime::max();
    for (const auto& [key, owed] : owed_) due = std::min(due, dueAt(key));
    // What could not be told just now is due already.
    const auto pause = std::max<base::Duration>(due - executor_.now(), std::chrono::seconds{1});
    if (co_await base::sleepFor(executor_, pause, background_.token()) == base::Slept::Stopped) break;
    co_await pay();
  }
  co_return Done{};
}

base::Task<Done> Acknowledgements::pay() {
  std::vector<api::ObjectKey> keys;
  keys.reserve(owed_.size());
  for (const auto& [key, owed] : owed_) {
    if (dueAt(key) <= executor_.now()) keys.push_back(key);
  }
  for (const auto& key : keys) {
    const auto found = owed_.find(key);
    // A pass that is being reported says it too.
    if (found == owed_.end() || domains_.isBeingSaved(key)) continue;
    if (background_.stopped() || !works_()) break;
    if (!holds(key, found->second)) {
      owed_.erase(found);
      continue;
    }
    if (!co_await pay(key, found->second)) break;
  }
  co_return Done{};
}

/// What the API server does not take is tried again the next time. False: it has trouble, which others would have too.
base::Task<bool> Acknowledgements::pay(api::ObjectKey key, Owed owed) {
  api::Status status = *domains_.statusNow(key);
  amend(status, owed);
  written_.insert_or_assign(key, executor_.now());
  // A pass that reports meanwhile says more than this: it is not to be overtaken.
  auto saved = co_await domains_.saveUnchanged(key, std::move(status));
  if (saved) {
    refused_.erase(key);
    if (const auto still = owed_.find(key); still != owed_.end() && still->second == owed) owed_.erase(still);
    co_return true;
  }
  const base::Error& error = saved.error();
  if (error.reason == kube::reason::kConflict) co_return true;
  if (refused_.insert(key).second) {
    base::log(base::LogLevel::Warn, error.message, {{"resource", key.text()}});
  }
  co_return error.kind != base::ErrorKind::Retry&& error.kind != base::ErrorKind::Wait;
}

void Acknowledgements::resourceIsGone(const api::ObjectKey& key) {
  written_.erase(key);
  owed_.erase(key);
  refused_.erase(key);
}

}  // namespace splitdelivery::source::cluster
