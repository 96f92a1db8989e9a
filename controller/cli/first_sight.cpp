#include "cli/first_sight.h"

#include <utility>
#include <vector>

#include "reconcile/progress.h"

namespace splitdelivery::cli {

using base::Done;

bool FirstSight::hasConditions(const api::ObjectKey& key) const {
  const api::Status* status = domains_.statusNow(key);
  return status == nullptr || !status->conditions.list().empty();
}

void FirstSight::saw(const api::SplitDeliveryDomain& resource) {
  if (resource.deletedAt || resource.spec.suspend || hasConditions(resource.key)) {
    waiting_.erase(resource.key);
    return;
  }
  const auto entry = waiting_.try_emplace(resource.key, Seen{.since = executor_.now()}).first;
  entry->second.generation = resource.generation;
  background_.begin([this] { return work(); });
}

base::Task<Done> FirstSight::work() {
  while (!waiting_.empty()) {
    if (co_await base::sleepFor(executor_, kPatience, background_.token()) == base::Slept::Stopped) break;
    co_await look();
  }
  co_return Done{};
}

/// What could not be written is looked at again.
base::Task<Done> FirstSight::look() {
  std::erase_if(waiting_, [this](const auto& entry) { return hasConditions(entry.first); });
  std::vector<api::ObjectKey> due;
  for (const auto& [key, seen] : waiting_) {
    if (executor_.now() - seen.since >= kPatience) due.push_back(key);
  }
  for (const auto& key : due) {
    if (background_.stopped() || !works_()) break;
    const auto seen = waiting_.find(key);
    if (seen == waiting_.end() || hasConditions(key) || domains_.isBeingSaved(key)) continue;  // its pass was faster
    const api::SplitDeliveryDomain resource{.key = key, .generation = seen->second.generation};
    auto saved = co_await domains_.saveUnchanged(
        key, reconcile::firstSight(resource, *domains_.statusNow(key), executor_.wallTime()));
    if (saved) continue;
    if (saved.error().kind == base::ErrorKind::Retry || saved.error().kind == base::ErrorKind::Wait) break;
    if (saved.error().reason != kube::reason::kConflict) waiting_.erase(key);
  }
  co_return Done{};
}

}  // namespace splitdelivery::cli
