#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <ostream>

#include "api/enums.h"
#include "cli/cli.h"
#include "cli/kubectl/commands.h"
#include "cli/kubectl/resource_json.h"
#include "cli/kubectl/resources.h"
#include "cli/kubectl/words.h"

namespace splitdelivery::cli::kubectl {
namespace {

using api::ConditionStatus;

constexpr std::size_t kColumns = 9;
using Row = std::array<std::string, kColumns>;

Row rowOf(const Resource& resource, base::WallTime now) {
  const api::Condition* ready = resource.condition(api::condition::kReady);
  const api::ForwarderCounts& counts = resource.status.forwarders;
  return {resource.key.ns,
          resource.key.name,
          resource.domain,
          ready == nullptr ? "Unknown" : std::string(api::choiceText(ready->status)),
          resource.suspended ? "Suspended"
          : ready == nullptr ? "NotLookedAt"
                             : ready->reason,
          std::to_string(counts.inSync) + "/" + std::to_string(counts.desired),
          resource.status.plan.held ? resource.status.plan.id : "-",
          std::to_string(counts.conflicts),
          agoText(resource.status.lastSyncTime, now)};
}

void printTable(const Session& session, const std::vector<Resource>& resources) {
  std::vector<Row> rows{
      {"NAMESPACE", "NAME", "DOMAIN", "READY", "REASON", "IN SYNC", "HELD PLAN", "CONFLICTS", "LAST SYNC"}};
  for (const Resource& resource : resources) rows.push_back(rowOf(resource, session.executor.wallTime()));
  const std::size_t first = session.options.allNamespaces ? 0 : 1;
  std::array<std::size_t, kColumns> widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < kColumns; ++i) widths[i] = std::max(widths[i], plain(row[i]).size());
  }
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = first; i < kColumns; ++i) {
      const std::string cell = plain(row[i]);
      line += cell;
      if (i + 1 < kColumns) line += std::string(widths[i] - cell.size() + 3, ' ');
    }
    session.out << line << "\n";
  }
}

struct ConditionRow {
  std::string_view type;
  bool goodWhenTrue;
};

constexpr auto kConditions = std::to_array<ConditionRow>({{api::condition::kReady, true},
                                                          {api::condition::kStalled, false},
                                                          {api::condition::kReconciling, false},
                                                          {api::condition::kZohoReady, true},
                                                          {api::condition::kMailServerReady, true},
                                                          {api::condition::kRoutingReady, true},
                                                          {api::condition::kInSync, true},
                                                          {api::condition::kDeletionsHeld, false},
                                                          {api::condition::kConflicted, false}});

std::string padded(std::string_view text, std::size_t width) {
  return std::string(text) + std::string(width > text.size() ? width - text.size() : 1, ' ');
}

void printConditions(LinePrinter& print, const Resource& resource) {
  for (const auto& [type, goodWhenTrue] : kConditions) {
    const api::Condition* found = resource.condition(type);
    if (found == nullptr) continue;
    const bool good = found->status == (goodWhenTrue ? ConditionStatus::True : ConditionStatus::False);
    const std::string_view sign = good ? "✓ " : found->status == ConditionStatus::Unknown ? "· " : "✗ ";
    print.line("  ", std::string(sign) + padded(type, 17) + padded(api::choiceText(found->status), 9) +
                         conditionText(resource, type));
  }
}

std::string zohoText(const api::ZohoCounts& zoho) {
  std::string text = std::to_string(zoho.users) + " users, " + std::to_string(zoho.aliases) + " aliases, " +
                     std::to_string(zoho.groups) + " groups, " + std::to_string(zoho.skipped) + " skipped";
  for (std::size_t i = 0; i < zoho.incomplete.size(); ++i) {
    text += (i == 0 ? "; not complete: " : ", ") + zoho.incomplete[i];
  }
  return text;
}

std::string forwardersText(const api::ForwarderCounts& counts) {
  return std::to_string(counts.inSync) + " of " + std::to_string(counts.desired) + " wanted are in place; " +
         std::to_string(counts.managed) + " managed, " + std::to_string(counts.found) + " found, " +
         std::to_string(counts.unmanaged) + " unmanaged, " + std::to_string(counts.conflicts) + " in conflict";
}

std::string changesText(const api::Status& status, base::WallTime now) {
  const api::ChangeCounts& changes = status.changes;
  return std::to_string(changes.created) + " created, " + std::to_string(changes.updated) + " changed, " +
         std::to_string(changes.deleted) + " deleted, " + std::to_string(changes.failed) + " failed; last change " +
         timeText(status.lastChangeTime, now);
}

std::string receiverText(const std::string& first) {
  const std::string who = first == "Zoho"         ? "Zoho"
                          : first == "MailServer" ? "the mail server"
                          : first == "Other"      ? "another host"
                                                  : "";
  return who.empty() ? "who receives the domain's mail first is not known" : who + " receives the domain's mail first";
}

void printPlan(LinePrinter& print, const api::PlanSummary& plan) {
  print.line("  ",
             padded("plan", 12) + std::to_string(plan.creates) + " to create, " + std::to_string(plan.updates) +
                 " to change, " + std::to_string(plan.deletes) + " to delete" +
                 (plan.held ? "; " + std::to_string(plan.heldCount) + " of them held as " + plan.id : std::string()));
  for (const std::string& line : plan.sample) print.line("    ", line);
}

/// What a person can do now, beside what the conditions say.
void printNext(LinePrinter& print, const Session& session, const Resource& resource) {
  const auto& plan = resource.status.plan;
  if (plan.creates + plan.updates + plan.deletes > 0) {
    print.line("  ", padded("look", 12) + commandFor(session, "plan", resource.key));
  }
  if (plan.held) print.line("  ", padded("approve", 12) + commandFor(session, "approve", resource.key, plan.id));
}

void printFull(const Session& session, const Resource& resource) {
  LinePrinter print = session.printer();
  const auto now = session.executor.wallTime();
  const api::Status& status = resource.status;
  print.headline(headlineOf(resource));
  for (const std::string& caveat : caveatsOf(session, resource)) print.line("  ", "! " + caveat);
  printConditions(print, resource);
  if (resource.condition(api::condition::kReady) == nullptr) return;
  print.line("  ", padded("zoho", 12) + zohoText(status.zoho));
  print.line("  ", padded("forwarders", 12) + forwardersText(status.forwarders));
  print.line("  ", padded("first", 12) + receiverText(status.firstReceiver));
  if (status.changes.any()) print.line("  ", padded("changes", 12) + changesText(status, now));
  print.line("  ", padded("last sync", 12) + timeText(status.lastSyncTime, now));
  printPlan(print, status.plan);
  for (const auto& conflict : status.conflicts) {
    print.line("  ", "! " + conflict.address + ": " + conflict.reason + ": " + conflict.message);
  }
  printNext(print, session, resource);
}

base::Task<int> showAll(const Session& session) {
  const std::string ns = session.options.allNamespaces ? "" : session.ns();
  const auto resources = co_await listResources(session, ns);
  if (!resources) co_return failed(session, resources.error());
  if (session.json()) {
    printJson(session.out, resourcesJson(*resources));
  } else if (resources->empty()) {
    session.err << (ns.empty() ? "there is no SplitDeliveryDomain in any namespace\n"
                               : "there is no SplitDeliveryDomain in the namespace " + ns + "; -A looks in all\n");
  } else {
    printTable(session, *resources);
  }
  co_return kOk;
}

}  // namespace

base::Task<int> showStatus(const Session& session) {
  if (session.options.name.empty()) co_return co_await showAll(session);
  const auto resource = co_await getResource(session);
  if (!resource) co_return failed(session, resource.error());
  if (session.json()) {
    printJson(session.out, resourceJson(*resource));
  } else {
    printFull(session, *resource);
  }
  co_return kOk;
}

}  // namespace splitdelivery::cli::kubectl
