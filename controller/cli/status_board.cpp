#include "cli/status_board.h"

#include <set>
#include <utility>

#include "reconcile/reconciler.h"

namespace splitdelivery::cli {
namespace {

using api::ConditionStatus;
namespace condition = api::condition;

/// Most resources are well, and of those there is little to keep.
std::unique_ptr<api::Status> trimmed(const api::Status& status, bool addresses) {
  auto kept = std::make_unique<api::Status>();
  kept->forwarders = status.forwarders;
  kept->plan = status.plan;
  kept->conflicts = status.conflicts;
  if (!addresses) {
    kept->plan.sample = {};
    for (auto& conflict : kept->conflicts)
      conflict = {.address = {}, .reason = std::move(conflict.reason), .message = {}};
  }
  for (const api::Condition& each : status.conditions.list()) {
    if (saysSomething(each)) kept->conditions.restore(each);
  }
  return kept;
}

}  // namespace

bool holds(const api::Status& status, std::string_view type) {
  const auto* found = status.conditions.find(type);
  return found != nullptr && found->status == ConditionStatus::True;
}

bool saysSomething(const api::Condition& each) {
  const std::string& type = each.type;
  if (type == condition::kReady) return true;
  if (type == condition::kInSync) return false;
  if (type == condition::kZohoReady || type == condition::kMailServerReady) {
    return each.status == ConditionStatus::False;
  }
  if (type == condition::kRoutingReady) {
    return each.status == ConditionStatus::False ||
           (each.status == ConditionStatus::Unknown && each.reason != "Progressing" && each.reason != "NotChecked") ||
           each.message.find("; besides, ") != std::string::npos;
  }
  return each.status == ConditionStatus::True;
}

serve::Urgency urgencyOf(const api::Status& status) {
  using serve::Urgency;
  const auto* ready = status.conditions.find(condition::kReady);
  if (ready == nullptr || ready->reason == "Interrupted") return Urgency::Waiting;
  if (status.plan.held || holds(status, condition::kStalled) || holds(status, condition::kConflicted)) {
    return Urgency::NeedsPerson;
  }
  if (ready->status == ConditionStatus::True) return Urgency::Well;
  if (ready->status == ConditionStatus::Unknown) return Urgency::Waiting;
  return holds(status, condition::kReconciling) ? Urgency::Trouble : Urgency::NeedsPerson;
}

void StatusBoard::passEnded(const reconcile::PassReport& report) {
  const api::ObjectKey& key = report.resource.key;
  const serve::LastPass pass{.endedAt = executor_.wallTime(), .took = report.took};
  Ended ended{.key = key,
              .domain = report.resource.spec.domain,
              .pass = pass,
              .urgency = urgencyOf(report.status),
              .changes = report.changes};
  if (const auto* ready = report.status.conditions.find(condition::kReady)) ended.reason = ready->reason;
  passes_.push_front(std::move(ended));
  if (passes_.size() > kPasses) passes_.pop_back();
  if (controller_.find(key) == nullptr) return;  // it went while the pass was under way
  Seen& seen = seen_[key];
  seen.pass = pass;
  if (report.plan) seen.sawAt = pass.endedAt;
  if (keep_ != Keep::Nothing) seen.status = trimmed(report.status, keep_ == Keep::All);
}

void StatusBoard::resourcesAre(const std::vector<api::SplitDeliveryDomain>& resources) {
  std::set<api::ObjectKey> there;
  for (const auto& resource : resources) there.insert(resource.key);
  std::erase_if(seen_, [&there](const auto& entry) { return !there.contains(entry.first); });
}

}  // namespace splitdelivery::cli
