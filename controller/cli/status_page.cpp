#include "cli/status_page.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <tuple>
#include <utility>

#include "api/enums.h"
#include "base/ascii.h"
#include "base/text.h"
#include "base/version.h"
#include "http/query.h"

namespace splitdelivery::cli {
namespace {

using api::ConditionStatus;
using serve::Urgency;
namespace condition = api::condition;

/// What a resource has of which no pass has told.
const api::Status kNothingSaid{};

/// In a cluster a status can be anybody's, and a command has the id in it as it is.
bool isHex(const std::string& id) {
  return !id.empty() && id.find_first_not_of("0123456789abcdef") == std::string::npos;
}
const serve::HeldView kStrangeId{.id = "?",
                                 .advice = "The id in its status is none of ours: the next pass mends that."};

/// Whether the last pass could not look, as far as the status alone tells.
bool looksStale(const api::Status& status) {
  const auto fails = [&status](std::string_view type) {
    const auto* found = status.conditions.find(type);
    return found != nullptr && found->status == ConditionStatus::False;
  };
  return fails(condition::kZohoReady) || fails(condition::kMailServerReady) || holds(status, condition::kStalled);
}

/// Among those that need a person: first what a word of theirs sets going, last what does no harm by waiting.
int weightOf(const api::Status& status) {
  if (status.plan.held) return 0;
  if (holds(status, condition::kStalled)) return 1;
  const auto* ready = status.conditions.find(condition::kReady);
  return ready != nullptr && ready->status == ConditionStatus::True ? 3 : 2;
}

std::size_t pageOf(std::string_view query) {
  const std::string text = http::queryValue(query, "page").value_or("1");
  std::size_t page = 1;
  std::from_chars(text.data(), text.data() + text.size(), page);
  return std::max<std::size_t>(page, 1);
}

/// The command that approves stands below it.
std::string withoutCommand(const std::string& message) {
  return message.substr(0, message.find(". To approve exactly these"));
}

/// What of a message is not said once more below it: how to approve, and the first of the conflicts that are listed.
std::string shownMessage(const api::Condition& ready, bool listsConflicts) {
  if (ready.reason == "SyncedWithConflicts" && listsConflicts) {
    return ready.message.substr(0, ready.message.find(", the first: "));
  }
  return withoutCommand(ready.message);
}

/// Conditions that say something which the message of Ready does not.
std::vector<serve::RemarkView> remarksOf(const api::Status& status, const std::string& said) {
  std::vector<serve::RemarkView> remarks;
  for (const api::Condition& each : status.conditions.list()) {
    const bool told = each.type == condition::kReady || each.type == condition::kReconciling ||
                      each.type == condition::kStalled || each.type == condition::kConflicted;
    if (told || !saysSomething(each) || said.find(each.message) != std::string::npos) continue;
    // Also where a failure of now comes before what is held.
    if (each.type == condition::kDeletionsHeld && said.starts_with(withoutCommand(each.message))) continue;
    remarks.push_back({each.type, withoutCommand(each.message)});
  }
  return remarks;
}

}  // namespace

struct StatusPage::Entry {
  const api::ObjectKey* key;
  const api::SplitDeliveryDomain* resource;  ///< nullptr: it cannot be used
  const api::Status* status;
  Urgency urgency;
  int weight;  ///< within that

  /// Whether domain, name or reason has this in it; it is lowered.
  [[nodiscard]] bool has(const std::string& part) const {
    const auto* ready = status->conditions.find(condition::kReady);
    return key->text().find(part) != std::string::npos ||
           (resource != nullptr && resource->spec.domain.find(part) != std::string::npos) ||
           (ready != nullptr && base::lowered(ready->reason).find(part) != std::string::npos);
  }
};

const api::Status* StatusPage::statusOf(const api::ObjectKey& key) const {
  const api::Status* status = nullptr;
  if (site_.statusOf) {
    status = site_.statusOf(key);
  } else if (const auto* seen = sources_.board.find(key)) {
    status = seen->status.get();
  }
  return status == nullptr ? &kNothingSaid : status;
}

/// All of them, the most urgent first.
std::vector<StatusPage::Entry> StatusPage::entries() const {
  std::vector<Entry> all;
  const auto add = [&](const api::ObjectKey& key, const api::SplitDeliveryDomain* resource) {
    const api::Status* status = statusOf(key);
    const bool suspended = resource != nullptr && resource->spec.suspend && !resource->deletedAt;
    all.push_back({&key, resource, status, suspended ? Urgency::Suspended : urgencyOf(*status), weightOf(*status)});
  };
  for (const auto& [key, resource] : sources_.controller.resources()) add(key, &resource);
  if (site_.waiting) {
    for (const auto& [key, resource] : site_.waiting()) {
      if (sources_.controller.find(key) == nullptr) add(key, &resource);
    }
  }
  if (site_.unusable) {
    for (const auto& key : site_.unusable()) add(key, nullptr);
  }
  std::ranges::sort(all, [](const Entry& a, const Entry& b) {
    return std::tie(a.urgency, a.weight, *a.key) < std::tie(b.urgency, b.weight, *b.key);
  });
  return all;
}

serve::StatusView StatusPage::view(std::string_view query) const {
  serve::StatusView view{.now = sources_.executor.wallTime(),
                         .version = std::string(base::kVersion),
                         .place = site_.place,
                         .firstStep = site_.firstStep,
                         .starting = site_.beginning ? site_.beginning().value_or("") : "",
                         .standby = site_.standby ? site_.standby() : std::nullopt,
                         .addresses = site_.addresses,
                         .refreshes = http::queryValue(query, "refresh").has_value(),
                         .find = std::string(base::trimmed(http::queryValue(query, "find").value_or(""), " \t\r\n"))};
  auto all = entries();
  for (const Entry& entry : all) ++view.totals.at(static_cast<std::size_t>(entry.urgency));
  std::erase_if(all, [part = base::lowered(view.find)](const Entry& entry) { return !entry.has(part); });
  view.pages = std::max<std::size_t>((all.size() + kPerPage - 1) / kPerPage, 1);
  view.page = std::min(pageOf(query), view.pages);
  const std::size_t first = (view.page - 1) * kPerPage;
  for (std::size_t i = first; i < std::min(first + kPerPage, all.size()); ++i) {
    view.domains.push_back(domainView(all[i]));
  }
  if (view.pages > 1) {
    std::map<std::string, std::size_t> reasons;
    for (const Entry& entry : all) {
      if (const auto* ready = entry.status->conditions.find(condition::kReady)) ++reasons[ready->reason];
    }
    for (const auto& [reason, count] : reasons) view.reasons.push_back({reason, count});
    std::ranges::stable_sort(view.reasons, std::greater{}, &serve::ReasonView::count);
    view.reasons.resize(std::min(view.reasons.size(), kMostReasons));
  }
  addNotices(view);
  addAccounts(view);
  addPasses(view);
  return view;
}

serve::PlanView StatusPage::planView(const api::ObjectKey& key, const api::PlanSummary& plan) const {
  serve::PlanView view{.creates = plan.creates,
                       .updates = plan.updates,
                       .deletes = plan.deletes,
                       .heldCount = plan.heldCount,
                       .command = site_.planCommand(key),
                       .where = site_.planWhere};
  if (site_.addresses) view.sample = plan.sample;
  if (plan.held) view.held = isHex(plan.id) ? site_.approval(key, plan.id) : kStrangeId;
  return view;
}

serve::DomainView StatusPage::domainView(const Entry& entry) const {
  const api::Status& status = *entry.status;
  serve::DomainView view{.key = entry.key->text(),
                         .urgency = entry.urgency,
                         .reason = "Progressing",
                         .message = "the first pass has not ended yet",
                         .desired = status.forwarders.desired,
                         .inSync = status.forwarders.inSync,
                         .found = status.forwarders.found,
                         .conflicts = status.forwarders.conflicts,
                         .plan = planView(*entry.key, status.plan)};
  if (entry.resource != nullptr) {
    view.domain = entry.resource->spec.domain;
    view.policy = api::choiceText(entry.resource->spec.policy);
    view.leaving = entry.resource->deletedAt.has_value();
  }
  if (const auto* ready = status.conditions.find(condition::kReady)) {
    view.reason = ready->reason;
    view.message = shownMessage(*ready, site_.addresses && !status.conflicts.empty());
    // It moves with the status alone, so it says nothing about the reason.
    if (ready->status != ConditionStatus::True) view.since = ready->lastTransitionTime;
  }
  if (entry.urgency == Urgency::Suspended) {
    view.message = "nothing is asked or written until spec.suspend is taken back";
  }
  for (const auto& conflict : status.conflicts) {
    view.someConflicts.push_back(
        {site_.addresses ? conflict.address : "", conflict.reason, site_.addresses ? conflict.message : ""});
  }
  view.remarks = remarksOf(status, view.message);
  if (const auto* seen = sources_.board.find(*entry.key)) {
    view.lastPass = seen->pass;
    view.stale = seen->sawAt != seen->pass.endedAt;
    view.seenAt = seen->sawAt;
  } else {
    view.stale = looksStale(status);
  }
  return view;
}

void StatusPage::addNotices(serve::StatusView& view) const {
  auto troubles = sources_.server.troubles();
  std::erase_if(troubles,
                [&view](const auto& each) { return !view.starting.empty() && each.ends_with(": " + view.starting); });
  if (!troubles.empty()) {
    view.notices.push_back({.title = "Something stands in the way of this program", .lines = std::move(troubles)});
  }
  if (!site_.notices) return;
  for (auto& notice : site_.notices(sources_.controller)) view.notices.push_back(std::move(notice));
}

void StatusPage::addAccounts(serve::StatusView& view) const {
  auto states = sources_.accounts.states();
  const std::size_t shown = std::min(states.size(), kMostAccounts);
  std::ranges::partial_sort(states, states.begin() + static_cast<std::ptrdiff_t>(shown),
                            [](const auto& a, const auto& b) {
                              return std::tie(b.shutOut, b.budgetUsed, a.provider, a.name) <
                                     std::tie(a.shutOut, a.budgetUsed, b.provider, b.name);
                            });
  view.moreAccounts = states.size() - shown;
  for (std::size_t i = 0; i < shown; ++i) {
    auto& state = states[i];
    view.accounts.push_back({.provider = std::move(state.provider),
                             .name = std::move(state.name),
                             .shutOut = state.shutOut,
                             .waitsUntil = state.waitsUntil,
                             .budgetUsed = state.budgetUsed,
                             .minted = state.minted});
  }
}

void StatusPage::addPasses(serve::StatusView& view) const {
  for (const auto& ended : sources_.board.passes()) {
    view.passes.push_back({.key = ended.key.text(),
                           .domain = ended.domain,
                           .pass = ended.pass,
                           .urgency = ended.urgency,
                           .reason = ended.reason,
                           .created = ended.changes.created,
                           .updated = ended.changes.updated,
                           .deleted = ended.changes.deleted,
                           .failed = ended.changes.failed});
  }
}

}  // namespace splitdelivery::cli
