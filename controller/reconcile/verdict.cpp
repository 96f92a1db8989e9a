#include "reconcile/verdict.h"

#include <algorithm>

#include "plan/describe.h"

namespace splitdelivery::reconcile {
namespace {

using api::ConditionStatus;
using base::ErrorKind;

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
  return std::to_string(count) + " " + std::string(count == 1 ? one : many);
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

/// "; try again in 5 minutes", where the other side has said when.
std::string when(const base::Error& error) {
  if (!error.retryAfter) return "";
  const auto seconds = error.retryAfter->count();
  const auto minutes = (seconds + 59) / 60;
  return "; try again in " + (seconds < 120 ? counted(static_cast<std::size_t>(seconds), "second", "seconds")
                                            : counted(static_cast<std::size_t>(minutes), "minute", "minutes"));
}

Verdict interrupted() {
  return {ConditionStatus::False, "Interrupted",
          "the pass was ended in the middle, for an edit or the end of the program; the next one goes on from there",
          false, true};
}

Verdict trouble(const base::Error& error) {
  const bool stalled = error.kind == ErrorKind::Stall;
  if (error.kind == ErrorKind::Stopped) return interrupted();
  return {ConditionStatus::False, error.reason, error.message + (stalled ? "" : when(error)), stalled, !stalled};
}

/// Creates that wait for the list of mailboxes wait for a person, but the rest goes on.
std::optional<Verdict> serverVerdict(const Findings& findings) {
  const auto error = serverTrouble(findings);
  if (!error) return std::nullopt;
  Verdict verdict = trouble(*error);
  if (!findings.seen.serverError) {
    verdict.stalled = false;
    verdict.reconciling = true;
  }
  return verdict;
}

/// Of both sides, the one that only a person can mend comes first.
std::optional<Verdict> unreachable(const Findings& findings) {
  auto server = serverVerdict(findings);
  const auto zoho = zohoTrouble(findings);
  if (!zoho) return server;
  Verdict verdict = trouble(*zoho);
  if (!server) return verdict;
  if (server->stalled && !verdict.stalled) std::swap(verdict, *server);
  verdict.message += "; besides, " + server->reason + ": " + server->message;
  return verdict;
}

std::optional<Verdict> failed(const api::Spec& spec, const Findings& findings) {
  if (findings.failures.empty() && !findings.ended) return std::nullopt;
  if (findings.ended && findings.ended->kind == ErrorKind::Stopped) return interrupted();
  if (findings.ended && (findings.failures.empty() || findings.ended->kind == ErrorKind::Stall)) {
    return trouble(*findings.ended);
  }
  const Failure& first = findings.failures.front();
  std::string message = counted(findings.failures.size(), "write", "writes") +
                        " failed; the first: " + plan::describe(first.operation, spec.domain) + ": " +
                        first.error.message;
  return Verdict{ConditionStatus::False, "ApplyFailed", std::move(message), false, true};
}

/// The organisation has nothing for us to forward.
std::optional<Verdict> noAddresses(const api::Spec& spec, const Findings& findings) {
  const plan::Plan& plan = *findings.plan;
  const api::Listing& listing = *findings.seen.listing;
  if (plan.listed > 0) return std::nullopt;
  const bool known = !listing.domainList.complete() || listing.domain(spec.domain) != nullptr;
  if (known && (plan.counts.desired > 0 || !plan.ledger.entries.empty())) return std::nullopt;
  std::vector<std::string> names;
  names.reserve(listing.domains.size());
  for (const api::ZohoDomain& domain : listing.domains) names.push_back(domain.name);
  std::string message = known ? "Zoho's organisation " + spec.zoho.organizationId + " has no address at " +
                                    spec.domain + ": create one there, or name it in spec.addresses.extra"
                              : spec.domain + " is not a domain of Zoho's organisation " + spec.zoho.organizationId +
                                    " (it has " + joined(names) + "): correct spec.domain or spec.zoho.organizationId";
  return Verdict{ConditionStatus::False, "NoAddresses", std::move(message), false, false};
}

std::size_t leftFor(const plan::Plan& plan, plan::LeftBecause why) {
  return static_cast<std::size_t>(std::ranges::count(plan.left, why, &plan::Left::why));
}

Verdict settled(const api::SplitDeliveryDomain& resource, const Findings& findings) {
  const api::Spec& spec = resource.spec;
  const plan::Plan& plan = *findings.plan;
  const std::string inSync = counted(plan.counts.inSync, "address is", "addresses are") + " forwarded";
  if (!plan.held.empty()) {
    return {ConditionStatus::False, "DeletionsHeld", heldMessage(resource, plan), false, false};
  }
  if (plan.vanished > 0 && spec.policy != api::Policy::Observe) {
    return {ConditionStatus::False, "ForwardersVanished",
            "the mail server no longer lists " + std::to_string(plan.vanished) +
                " of the forwarders that we made: they are made again, and nothing else is done until it lists them",
            false, true};
  }
  if (plan.writes()) {
    const auto count = plan.creates.size() + plan.updates.size() + plan.deletes.size();
    return {ConditionStatus::False, "ChangesPending", counted(count, "change is", "changes are") + " still to do",
            false, true};
  }
  if (!plan.conflicts.empty()) {
    const plan::Conflict& first = plan.conflicts.front();
    return {ConditionStatus::True, "SyncedWithConflicts",
            inSync + "; " + counted(plan.conflicts.size(), "conflict", "conflicts") + ", the first: " + first.local +
                "@" + spec.domain + ": " + plan::conflictMessage(first, spec),
            false, false};
  }
  if (const auto observed = leftFor(plan, plan::LeftBecause::Observed); observed > 0) {
    return {ConditionStatus::True, "Observed",
            counted(observed, "difference", "differences") +
                "; the policy Observe changes nothing: set spec.policy to let us",
            false, false};
  }
  if (const auto forbidden = leftFor(plan, plan::LeftBecause::PolicyForbids); forbidden > 0) {
    return {ConditionStatus::True, "PolicyLeavesDifferences",
            inSync + "; " + counted(forbidden, "difference", "differences") + " that the policy leaves alone", false,
            false};
  }
  if (const auto parts = incompleteParts(findings.seen); !parts.empty()) {
    return {ConditionStatus::True, "SyncedPartially",
            inSync + "; not known completely: Zoho's " + joined(parts) + ", so nothing is deleted on their account",
            false, false};
  }
  return {ConditionStatus::True, "Synced", inSync, false, false};
}

/// What a resource that is leaving has come to.
Verdict departed(const api::Spec& spec, const Findings& findings) {
  const Departure& departure = *findings.departure;
  if (!departure.retainedBecause.empty()) {
    return {ConditionStatus::True, "Retained",
            counted(departure.made, "forwarder", "forwarders") + " of ours at " + spec.domain +
                (departure.made == 1 ? " stays" : " stay") + " on the mail server, since " + departure.retainedBecause +
                "; else remove the document",
            false, false};
  }
  if (!findings.plan) return {ConditionStatus::Unknown, "Progressing", "the first pass is under way", false, true};
  if (findings.plan->writes()) {
    return {ConditionStatus::False, "ChangesPending",
            counted(findings.plan->deletes.size(), "forwarder", "forwarders") + " of ours still to delete", false,
            true};
  }
  if (findings.plan->vanished > 0) {
    return {ConditionStatus::False, "ForwardersVanished",
            "the mail server does not list " + std::to_string(findings.plan->vanished) +
                " of the forwarders that we made; if they are gone for good, remove the document",
            false, true};
  }
  return {ConditionStatus::True, "Deleted",
          "nothing that we made for " + spec.domain + " is left on the mail server: remove the document", false, false};
}

}  // namespace

std::string approvalAdvice(const api::SplitDeliveryDomain& resource, const std::string& plan) {
  if (resource.fromEnvironment) {
    return "To approve exactly these, start the program anew with SPLITDELIVERY_APPROVED_PLAN=" + plan +
           " (commas between the ids of several)";
  }
  return "To approve exactly these, annotate the resource with splitdelivery.dev/approved-plan: \"" + plan + "\"";
}

std::string heldMessage(const api::SplitDeliveryDomain& resource, const plan::Plan& plan) {
  if (plan.held.empty()) return "";
  return plan::heldReason(plan, resource.spec) + ". " + approvalAdvice(resource, plan.id);
}

Verdict judge(const api::SplitDeliveryDomain& resource, const Findings& findings) {
  if (findings.blocker) return trouble(*findings.blocker);
  if (auto verdict = unreachable(findings)) return *std::move(verdict);
  if (auto verdict = failed(resource.spec, findings)) return *std::move(verdict);
  if (findings.plan && !findings.departure) {
    if (auto verdict = noAddresses(resource.spec, findings)) return *std::move(verdict);
    if (!findings.routingReady()) {
      return {ConditionStatus::False, "RoutingNotReady", findings.routing->message, false, false};
    }
  }
  if (findings.departure) return departed(resource.spec, findings);
  if (!findings.plan) return {ConditionStatus::Unknown, "Progressing", "the first pass is under way", false, true};
  return settled(resource, findings);
}

Outcome outcomeOf(const api::SplitDeliveryDomain& resource, const Findings& findings) {
  const Verdict verdict = judge(resource, findings);
  const bool waits = findings.plan && (!findings.plan->held.empty() || !findings.plan->conflicts.empty());
  const bool hasNoWay = verdict.reason == "RoutingNotReady";
  const bool failed = verdict.ready != ConditionStatus::True && !hasNoWay && verdict.reason != "DeletionsHeld" &&
                      verdict.reason != "ChangesPending";
  if (failed) return Outcome::Failed;
  if (waits || hasNoWay) return Outcome::NeedsApproval;
  const bool pending =
      findings.plan && (findings.plan->writes() || leftFor(*findings.plan, plan::LeftBecause::Observed) > 0);
  return pending ? Outcome::Pending : Outcome::InSync;
}

}  // namespace splitdelivery::reconcile
