#include "cli/event_teller.h"

#include <algorithm>
#include <utility>

#include "api/enums.h"
#include "plan/describe.h"
#include "reconcile/reconciler.h"

namespace splitdelivery::cli {
namespace {

using kube::EventType;

std::string readyText(const api::Condition& ready) {
  return std::string(api::choiceText(ready.status)) + " " + ready.reason;
}

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
  return std::to_string(count) + " " + std::string(count == 1 ? one : many);
}

/// What passes by itself and tells nobody anything.
bool isShortLived(const api::Condition& ready) {
  return ready.status == api::ConditionStatus::Unknown || ready.reason == "Interrupted";
}

std::string changesText(const api::ChangeCounts& changes) {
  std::string text;
  const auto add = [&text](std::uint32_t count, const char* what) {
    if (count > 0) text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + what;
  };
  add(changes.created, "created");
  add(changes.updated, "updated");
  add(changes.deleted, "deleted");
  add(changes.failed, "failed");
  return text;
}

/// Changes of a plan that a person has approved.
std::size_t approvedDone(const reconcile::PassReport& report) {
  return static_cast<std::size_t>(std::ranges::count(report.done, true, &plan::Operation::approved));
}

}  // namespace

kube::Regarding EventTeller::regarding(const api::ObjectKey& key) const {
  return {.apiVersion = std::string(api::kApiVersion),
          .kind = std::string(api::kKind),
          .ns = key.ns,
          .name = key.name,
          .uid = domains_.uidOf(key)};
}

void EventTeller::tell(const api::ObjectKey& key, EventType type, std::string reason, std::string action,
                       std::string note) {
  kube::Regarding about = regarding(key);
  if (about.uid.empty()) return;  // it is gone
  recorder_.record({.regarding = std::move(about),
                    .type = type,
                    .reason = std::move(reason),
                    .action = std::move(action),
                    .note = std::move(note)});
}

EventTeller::Told& EventTeller::toldOf(const api::ObjectKey& key) {
  const auto [entry, isNew] = told_.try_emplace(key);
  const api::Status* status = isNew ? domains_.statusNow(key) : nullptr;
  if (status == nullptr) return entry->second;
  if (const auto* ready = status->conditions.find(api::condition::kReady)) entry->second.ready = readyText(*ready);
  if (status->plan.held) entry->second.heldPlan = status->plan.id;
  return entry->second;
}

void EventTeller::passStarted(const api::SplitDeliveryDomain& resource) {
  if (!std::exchange(toldOf(resource.key).suspended, false) || resource.deletedAt) return;
  tell(resource.key, EventType::Normal, "Resumed", "Resume", "spec.suspend was taken back: it is worked on again");
}

void EventTeller::suspended(const api::SplitDeliveryDomain& resource) {
  if (std::exchange(toldOf(resource.key).suspended, true)) return;
  kube::Event event{.regarding = regarding(resource.key),
                    .type = EventType::Normal,
                    .reason = "Suspended",
                    .action = "Suspend",
                    .note = "spec.suspend is true: nothing is done until it is taken back"};
  // Once for each suspension, also where another process has told of it.
  event.name = "suspended-" + event.regarding.uid + "-" + std::to_string(resource.generation);
  if (!event.regarding.uid.empty()) recorder_.record(std::move(event));
}

void EventTeller::invalid(const api::SplitDeliveryDomain& resource, const std::string& message) {
  tell(resource.key, EventType::Warning, "InvalidSpec", "Validate", message);
}

void EventTeller::passEnded(const reconcile::PassReport& report) {
  const api::ObjectKey& key = report.resource.key;
  Told& told = toldOf(key);
  if (!report.resource.deletedAt || told.departed != report.resource.deletedAt) {
    if (!report.bookSetAside.empty()) {
      tell(key, EventType::Warning, "AddressBookSetAside", "ReadAddressBook",
           "the address book was damaged: " + report.bookSetAside +
               "; what we made before now counts as found, and nothing of it is deleted");
    }
    tellChanges(report);
    tellHeld(report, told);
    tellReady(report, told);
  }
  if (domains_.uidOf(key).empty()) told_.erase(key);
}

void EventTeller::tellChanges(const reconcile::PassReport& report) {
  const api::ChangeCounts& changes = report.changes;
  if (changes.created + changes.updated + changes.deleted == 0) return;
  tell(report.resource.key, EventType::Normal, "ForwardersChanged", "Apply", changesText(changes));
  const std::size_t approved = approvedDone(report);
  if (approved == 0 || report.resource.deletedAt) return;
  const auto id = report.resource.annotations.find(api::annotation::kApprovedPlan);
  tell(report.resource.key, EventType::Normal, "ApprovedPlanCarriedOut", "Apply",
       counted(approved, "change", "changes") + " of the approved plan" +
           (id == report.resource.annotations.end() ? "" : " " + id->second) + (approved == 1 ? " was" : " were") +
           " carried out");
}

void EventTeller::tellHeld(const reconcile::PassReport& report, Told& told) {
  if (!report.plan) return;
  const plan::Plan& plan = *report.plan;
  const api::ObjectKey& key = report.resource.key;
  const auto* ready = report.status.conditions.find(api::condition::kReady);
  // That it is what keeps it from being ready is news too.
  const bool isNews = plan.id != told.heldPlan ||
                      (ready != nullptr && ready->reason == "DeletionsHeld" && readyText(*ready) != told.ready);
  told.heldPlan = plan.id;
  if (plan.held.empty() || !isNews) return;
  tell(key, EventType::Warning, "DeletionsHeld", "Hold",
       plan::heldReason(plan, report.resource.spec) + "; to see them: kubectl sdd plan " + key.name + " -n " + key.ns +
           "; to approve exactly these: kubectl sdd approve " + key.name + " " + plan.id + " -n " + key.ns);
}

void EventTeller::tellReady(const reconcile::PassReport& report, Told& told) {
  const auto* ready = report.status.conditions.find(api::condition::kReady);
  if (ready == nullptr || isShortLived(*ready)) return;
  const std::string now = readyText(*ready);
  if (std::exchange(told.ready, now) == now) return;
  const bool isReady = ready->status == api::ConditionStatus::True;
  // Of a resource that goes its parting tells; of what is held, with the command, tellHeld.
  if ((isReady && report.resource.deletedAt) || ready->reason == "DeletionsHeld") return;
  tell(report.resource.key, isReady ? EventType::Normal : EventType::Warning, ready->reason, "Reconcile",
       ready->message);
}

base::Task<base::Done> EventTeller::parting(const api::SplitDeliveryDomain& resource,
                                            const reconcile::Parting& parting) {
  // Told once, also where somebody else's finalizer keeps it there, or ours cannot be taken off yet.
  const bool again = std::exchange(toldOf(resource.key).departed, resource.deletedAt) == resource.deletedAt;
  if ((again && resource.deletedAt) || domains_.uidOf(resource.key).empty()) {
    return Observer::parting(resource, parting);
  }
  kube::Event event{.regarding = regarding(resource.key), .action = "Depart"};
  // Of one that cannot be read the domain is not known.
  const std::string whose = resource.spec.domain.empty() ? resource.key.text() : resource.spec.domain;
  const std::string ours = counted(parting.left, "forwarder", "forwarders") + " of ours at " + whose;
  const bool wanted = resource.spec.deletionPolicy == api::DeletionPolicy::Retain && !parting.gaveUp;
  if (parting.because.empty()) {
    event.reason = "ForwardersDeleted";
    event.note = "nothing that we made for " + whose + " is left on the mail server";
  } else if (wanted) {
    event.reason = "ForwardersRetained";
    event.note = ours + (parting.left == 1 ? " stays" : " stay") + " on the mail server: spec.deletionPolicy is Retain";
  } else {
    event.type = EventType::Warning;
    event.reason = "ForwardersLeft";
    event.note = ours + (parting.left == 1 ? " stays" : " stay") + " on the mail server: " + parting.because;
  }
  return recorder_.recordNow(std::move(event));
}

}  // namespace splitdelivery::cli
