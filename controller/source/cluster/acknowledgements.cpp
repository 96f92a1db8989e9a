#include "source/cluster/acknowledgements.h"

#include <utility>
#include <vector>

#include "base/log.h"

namespace splitdelivery::source::cluster {

namespace {

void tell(const api::ObjectKey& key, const base::Error& error) {
  base::log(base::LogLevel::Warn, error.message, {{"resource", key.text()}});
}

}  // namespace

using base::Done;
using base::Result;

void Acknowledgements::amend(api::Status& status, const Owed& owed) {
  status.lastHandledReconcileAt = owed.reconcileAt;
  status.lastSyncTime = owed.syncTime;
}

base::Task<api::Status> Acknowledgements::load(api::ObjectKey key) {
  api::Status status = co_await domains_.load(key);
  if (const auto owed = owed_.find(key); owed != owed_.end()) amend(status, owed->second);
  co_return status;
}

/// Whether it has been acknowledged a moment ago, and nothing else is to be said.
bool Acknowledgements::mayWait(const api::ObjectKey& key, const api::Status& status) {
  const auto last = written_.find(key);
  if (last == written_.end() || executor_.now() - last->second >= kEvery || domains_.isBeingSaved(key)) return false;
  const api::Status* before = domains_.statusNow(key);
  if (before == nullptr) return false;
  api::Status acknowledged = *before;
  amend(acknowledged, {status.lastHandledReconcileAt, status.lastSyncTime});
  return acknowledged == status;
}

base::Task<Result<Done>> Acknowledgements::save(api::ObjectKey key, api::Status status) {
  if (!stop_.stop_requested() && mayWait(key, status)) {
    owe(key, {std::move(status.lastHandledReconcileAt), status.lastSyncTime});
    co_return Done{};
  }
  owed_.erase(key);
  const api::Status* before = domains_.statusNow(key);
  if (before != nullptr && before->lastHandledReconcileAt != status.lastHandledReconcileAt) {
    written_.insert_or_assign(key, executor_.now());
  }
  co_return co_await domains_.save(std::move(key), std::move(status));
}

void Acknowledgements::owe(const api::ObjectKey& key, Owed owed) {
  owed_.insert_or_assign(key, std::move(owed));
  if (stop_.stop_requested() || std::exchange(working_, true)) return;
  base::spawn(executor_, work(), [this](const std::exception_ptr&, const std::optional<Done>&) {
    working_ = false;
    if (ended_) ended_->resolve(true);
  });
}

base::Task<Done> Acknowledgements::work() {
  while (!owed_.empty()) {
    if (co_await base::sleepFor(executor_, kEvery, stop_.get_token()) == base::Slept::Stopped) break;
    co_await pay();
  }
  co_return Done{};
}

/// What the API server does not take is tried again the next time.
base::Task<Done> Acknowledgements::pay() {
  std::vector<api::ObjectKey> keys;
  keys.reserve(owed_.size());
  for (const auto& [key, owed] : owed_) keys.push_back(key);
  for (const auto& key : keys) {
    const auto found = owed_.find(key);
    // A pass that is being reported says it too.
    if (stop_.stop_requested() || found == owed_.end() || domains_.isBeingSaved(key)) continue;
    const api::Status* before = domains_.statusNow(key);
    if (before == nullptr) continue;
    const Owed owed = found->second;
    api::Status status = *before;
    amend(status, owed);
    written_.insert_or_assign(key, executor_.now());
    // A pass that reports meanwhile says more than this: it is not to be overtaken.
    auto saved = co_await domains_.saveUnchanged(key, std::move(status));
    if (!saved) {
      if (saved.error().reason != kube::reason::kConflict) tell(key, saved.error());
      continue;
    }
    if (const auto still = owed_.find(key); still != owed_.end() && still->second == owed) owed_.erase(still);
  }
  co_return Done{};
}

void Acknowledgements::resourceIsGone(const api::ObjectKey& key) {
  written_.erase(key);
  owed_.erase(key);
}

base::Task<Done> Acknowledgements::end() {
  stop_.request_stop();
  if (working_) co_await ended_.emplace(executor_);
  co_return Done{};
}

}  // namespace splitdelivery::source::cluster
