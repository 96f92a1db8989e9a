#include "cli/run_log.h"

#include <algorithm>

#include "api/enums.h"
#include "base/log.h"

namespace splitdelivery::cli {
namespace {

using base::LogLevel;

std::string milliseconds(base::Duration span) {
  return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(span).count());
}

/// Logs are kept and shipped by others: whose address it is stands in the status.
std::string withoutAddresses(const std::string& message) {
  return message.find('@') == std::string::npos ? message : "it names addresses: see status.conditions";
}

}  // namespace

void RunLog::passEnded(const reconcile::PassReport& report) {
  const std::string resource = report.resource.key.text();
  const std::string& domain = report.resource.spec.domain;
  if (report.changes.any()) {
    base::log(LogLevel::Info, "forwarders changed",
              {{"resource", resource},
               {"domain", domain},
               {"created", std::to_string(report.changes.created)},
               {"updated", std::to_string(report.changes.updated)},
               {"deleted", std::to_string(report.changes.deleted)},
               {"failed", std::to_string(report.changes.failed)},
               {"pass", report.id}});
  }
  const api::Condition* ready = report.status.conditions.find(api::condition::kReady);
  if (ready == nullptr) return;
  const bool held = report.plan && !report.plan->held.empty();
  const std::string now =
      std::string(api::choiceText(ready->status)) + " " + ready->reason + (held ? " " + report.plan->id : "");
  const bool isReady = ready->status == api::ConditionStatus::True;
  std::string& said = said_[report.resource.key];
  const LogLevel level = said == now ? LogLevel::Debug : isReady ? LogLevel::Info : LogLevel::Warn;
  said = now;
  base::log(level, isReady ? "ready" : "not ready",
            {{"resource", resource},
             {"domain", domain},
             {"reason", ready->reason},
             {"message", withoutAddresses(ready->message)},
             {"took_ms", milliseconds(report.took)},
             {"pass", report.id}});
}

void RunLog::resourcesAre(const std::vector<api::SplitDeliveryDomain>& resources) {
  std::erase_if(said_, [&](const auto& entry) {
    return std::ranges::find(resources, entry.first, &api::SplitDeliveryDomain::key) == resources.end();
  });
}

}  // namespace splitdelivery::cli
