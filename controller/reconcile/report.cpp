#include "reconcile/report.h"

#include <algorithm>

#include "base/text.h"
#include "plan/describe.h"
#include "plan/words.h"
#include "reconcile/verdict.h"

namespace splitdelivery::reconcile {
namespace {

using api::ConditionStatus;

constexpr std::size_t kSample = 20;
constexpr std::chrono::minutes kSyncTimeKept{10};

/// Sets the conditions of one status with the time and generation of one pass.
class ConditionWriter {
 public:
  ConditionWriter(api::Conditions& conditions, base::WallTime now, std::int64_t generation)
      : conditions_(conditions), now_(now), generation_(generation) {}

  void set(std::string_view type, ConditionStatus status, std::string reason, std::string message) {
    conditions_.set(type, status, std::move(reason), std::move(message), now_, generation_);
  }
  /// Conditions whose absence means that all is well (kstatus).
  void setWhileTrue(std::string_view type, bool holds, const Verdict& verdict) {
    if (holds) {
      set(type, ConditionStatus::True, verdict.reason, verdict.message);
    } else {
      conditions_.remove(type);
    }
  }
  void setSide(std::string_view type, const std::optional<base::Error>& error, bool seen) {
    if (error) {
      set(type, ConditionStatus::False, error->reason, error->message);
    } else if (seen) {
      set(type, ConditionStatus::True, "Listed", "everything that was asked for was listed");
    }
  }

 private:
  api::Conditions& conditions_;
  base::WallTime now_;
  std::int64_t generation_;
};

api::ZohoCounts countZoho(const api::Spec& spec, const Observation& seen) {
  api::ZohoCounts counts;
  counts.skipped = seen.listing->skipped;
  for (const api::ZohoAddress& address : seen.addresses) {
    if (address.kinds.any(api::Kind::Primary)) ++counts.users;
    if (address.kinds.any(api::Kind::Alias)) ++counts.aliases;
    if (address.kinds.any(api::Kind::Group)) ++counts.groups;
    if (address.blocked && spec.addresses.blocked == api::BlockedUsers::Drop) ++counts.skipped;
  }
  counts.incomplete = incompleteParts(seen);
  return counts;
}

api::PlanSummary summarize(const plan::Plan& plan) {
  api::PlanSummary summary{.id = plan.id,
                           .held = !plan.held.empty(),
                           .heldCount = static_cast<std::uint32_t>(plan.held.size()),
                           .sample = plan::sample(plan, kSample)};
  const auto count = [&](const plan::Operation& operation) {
    switch (operation.kind) {
      case plan::OpKind::Create:
        ++summary.creates;
        break;
      case plan::OpKind::Update:
        ++summary.updates;
        break;
      case plan::OpKind::Delete:
        ++summary.deletes;
        break;
    }
  };
  for (std::string& line : summary.sample) line = base::shortened(std::move(line), api::kLongestMessage);
  for (const auto* operations : {&plan.creates, &plan.updates, &plan.deletes, &plan.held}) {
    std::ranges::for_each(*operations, count);
  }
  std::ranges::for_each(plan.left, count, &plan::Left::operation);
  return summary;
}

std::vector<api::StatusConflict> describeConflicts(const api::Spec& spec, const plan::Plan& plan) {
  std::vector<api::StatusConflict> conflicts;
  for (const plan::Conflict& conflict : plan.conflicts) {
    if (conflicts.size() == kSample) break;
    conflicts.push_back({conflict.local + "@" + spec.domain, std::string(api::choiceText(conflict.reason)),
                         base::shortened(plan::conflictMessage(conflict, spec), api::kLongestMessage)});
  }
  return conflicts;
}

/// Once for each pass: a status that is set and taken back would count as a transition.
void setInSync(ConditionWriter& write, const api::Status& status, const Verdict& verdict,
               const std::optional<plan::Plan>& plan) {
  const bool unknown = verdict.stalled || verdict.reason == "NoAddresses";
  const bool never = !plan && status.conditions.find(api::condition::kInSync) == nullptr;
  if (unknown || never) {
    write.set(api::condition::kInSync, ConditionStatus::Unknown, verdict.reason,
              "the forwarders could not be compared");
  } else if (plan) {
    const bool differs = plan->writes() || !plan->held.empty() || !plan->conflicts.empty() || !plan->left.empty();
    const std::string count = std::to_string(plan->counts.inSync) + " of " + std::to_string(plan->counts.desired);
    write.set(api::condition::kInSync, differs ? ConditionStatus::False : ConditionStatus::True,
              differs ? "Differences" : "InSync", count + " wanted forwarders are in place");
  }
}

void setPlanConditions(ConditionWriter& write, const api::SplitDeliveryDomain& resource, const plan::Plan& plan) {
  const api::Spec& spec = resource.spec;
  if (plan.held.empty()) {
    write.set(api::condition::kDeletionsHeld, ConditionStatus::False, "NothingHeld", "no change waits for approval");
  } else {
    write.set(api::condition::kDeletionsHeld, ConditionStatus::True, std::string(api::choiceText(plan.heldBecause)),
              heldMessage(resource, plan));
  }
  if (plan.conflicts.empty()) {
    write.set(api::condition::kConflicted, ConditionStatus::False, "NoConflicts", "no wanted address is taken");
  } else {
    const plan::Conflict& first = plan.conflicts.front();
    write.set(api::condition::kConflicted, ConditionStatus::True, std::string(api::choiceText(first.reason)),
              first.local + "@" + spec.domain + ": " + plan::conflictMessage(first, spec));
  }
}

void addPlanNotes(std::vector<std::string>& lines, const api::SplitDeliveryDomain& resource, const plan::Plan& plan) {
  // A list is for several resources: those of others are no mistake.
  if (const auto approved = resource.annotations.find(api::annotation::kApprovedPlan);
      approved != resource.annotations.end() && !plan.held.empty() && approved->second != plan.id &&
      approved->second.find(',') == std::string::npos) {
    lines.push_back("the annotation splitdelivery.dev/approved-plan names another plan than the one that waits (" +
                    plan.id + "): it approves nothing");
  }
  if (const auto& missing = plan.mailboxMissing; !missing.empty()) {
    lines.push_back(std::to_string(missing.size()) + (missing.size() == 1 ? " address has" : " addresses have") +
                    " no mailbox on the mail server that could keep a copy (delivery: Dual), the first is " +
                    missing.front() + "@" + resource.spec.domain);
  }
}

/// What a pass has not looked at stays as it was.
void setRouting(ConditionWriter& write, api::Status& status, const Findings& findings) {
  if (const auto& routing = findings.routing) {
    std::string message = routing->message;
    const auto besides = [&message](const std::string& more) {
      if (message.find(more) == std::string::npos) message += "; besides, " + more;
    };
    for (const Warning& warning : routing->warnings) besides(warning.message);
    if (!findings.localDelivery.empty()) besides(findings.localDelivery);
    write.set(api::condition::kRoutingReady, routing->ready, routing->reason, std::move(message));
    status.firstReceiver = routing->firstReceiver;
  } else if (status.conditions.find(api::condition::kRoutingReady) == nullptr) {
    write.set(api::condition::kRoutingReady, ConditionStatus::Unknown, "Progressing", "not looked at yet");
  }
}

/// A pass that was ended before it changed anything has found out nothing: whoever edits a resource in the middle of
/// one is not to see it fail.
bool wasCutShort(const api::Status& previous, const api::Status& next) {
  const api::Condition* ready = next.conditions.find(api::condition::kReady);
  return ready != nullptr && ready->reason == "Interrupted" &&
         previous.conditions.find(api::condition::kReady) != nullptr && next.lastChangeTime == previous.lastChangeTime;
}

}  // namespace

api::Status makeStatus(const api::SplitDeliveryDomain& resource, api::Status previous, const Findings& findings,
                       base::WallTime now) {
  api::Status status = std::move(previous);
  const Verdict verdict = judge(resource, findings);
  status.observedGeneration = resource.generation;
  if (const auto at = resource.annotations.find(api::annotation::kReconcileAt); at != resource.annotations.end()) {
    status.lastHandledReconcileAt = at->second;
  }
  ConditionWriter write(status.conditions, now, resource.generation);
  write.set(api::condition::kReady, verdict.ready, verdict.reason, verdict.message);
  write.setWhileTrue(api::condition::kStalled, verdict.stalled, verdict);
  write.setWhileTrue(api::condition::kReconciling, verdict.reconciling, verdict);
  write.setSide(api::condition::kZohoReady, zohoTrouble(findings), findings.seen.listing != nullptr);
  write.setSide(api::condition::kMailServerReady, serverTrouble(findings), findings.seen.forwarders.has_value());
  setRouting(write, status, findings);
  if (findings.seen.listing && !findings.seen.zohoError) status.zoho = countZoho(resource.spec, findings.seen);
  if (findings.plan) {
    setPlanConditions(write, resource, *findings.plan);
    status.forwarders = findings.plan->counts;
    status.plan = summarize(*findings.plan);
    status.conflicts = describeConflicts(resource.spec, *findings.plan);
  }
  setInSync(write, status, verdict, findings.plan);
  if (findings.changes.any()) status.changes = findings.changes;
  if (findings.changes.created + findings.changes.updated + findings.changes.deleted > 0) status.lastChangeTime = now;
  if (verdict.ready == ConditionStatus::True) status.lastSyncTime = now;
  return status;
}

bool worthWriting(const api::Status& previous, const api::Status& next) {
  if (wasCutShort(previous, next)) return false;
  api::Status sameTime = next;
  sameTime.lastSyncTime = previous.lastSyncTime;
  if (sameTime != previous) return true;
  if (!next.lastSyncTime) return false;
  if (!previous.lastSyncTime) return true;
  const auto age = *next.lastSyncTime - *previous.lastSyncTime;
  // Below zero: the clock was put back.
  return age >= kSyncTimeKept || age < base::Duration{0};
}

std::vector<std::string> notes(const api::SplitDeliveryDomain& resource, const Findings& findings, Mode mode) {
  std::vector<std::string> lines;
  if (!findings.bookSetAside.empty()) {
    lines.push_back((mode == Mode::Sync ? "the address book was damaged and is set aside as "
                                        : "the address book is damaged, and sync will set it aside: ") +
                    findings.bookSetAside + "; what we made before now counts as found, and nothing of it is deleted");
  }
  if (findings.seen.mailboxError && !serverTrouble(findings)) {
    lines.push_back("the mailboxes were not checked: " + findings.seen.mailboxError->message);
  }
  if (findings.seen.listing && !zohoTrouble(findings)) {
    for (const auto* part : {&findings.seen.listing->groups, &findings.seen.listing->domainList}) {
      if (!part->complete() && part->error) lines.push_back(part->error->message);
    }
  }
  if (findings.limits && findings.limits->forwarders) {
    lines.push_back("the mail server's account may have " + std::to_string(*findings.limits->forwarders) +
                    " forwarders" +
                    (findings.limits->used ? " and has " + std::to_string(*findings.limits->used) : std::string()) +
                    ": ask its provider for more, or delete some");
  }
  if (findings.routing) {
    for (const Warning& warning : findings.routing->warnings) lines.push_back(warning.message);
  }
  for (const base::Error& refused : findings.settingsRefused) lines.push_back(refused.message);
  if (!findings.localDelivery.empty()) lines.push_back(findings.localDelivery);
  if (findings.plan) addPlanNotes(lines, resource, *findings.plan);
  return lines;
}

}  // namespace splitdelivery::reconcile
