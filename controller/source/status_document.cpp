#include "source/status_document.h"

#include "api/enums.h"
#include "api/time.h"

namespace splitdelivery::source {
namespace {

using api::Value;
using List = Value::List;
using Map = Value::Map;

Value text(std::string_view value) {
  return Value{std::string(value)};
}

Value number(std::int64_t value) {
  return Value{value};
}

Value texts(const std::vector<std::string>& values) {
  List list;
  for (const auto& value : values) list.push_back(text(value));
  return Value{std::move(list)};
}

Value zohoValue(const api::ZohoCounts& zoho) {
  return Value{Map{{"users", number(zoho.users)},
                   {"aliases", number(zoho.aliases)},
                   {"groups", number(zoho.groups)},
                   {"skipped", number(zoho.skipped)},
                   {"incomplete", texts(zoho.incomplete)}}};
}

Value forwardersValue(const api::ForwarderCounts& forwarders) {
  return Value{Map{{"desired", number(forwarders.desired)},
                   {"inSync", number(forwarders.inSync)},
                   {"managed", number(forwarders.managed)},
                   {"found", number(forwarders.found)},
                   {"unmanaged", number(forwarders.unmanaged)},
                   {"conflicts", number(forwarders.conflicts)}}};
}

Value changesValue(const api::ChangeCounts& changes) {
  return Value{Map{{"created", number(changes.created)},
                   {"updated", number(changes.updated)},
                   {"deleted", number(changes.deleted)},
                   {"failed", number(changes.failed)}}};
}

Value planValue(const api::PlanSummary& plan) {
  Map map;
  if (!plan.id.empty()) map.emplace_back("id", text(plan.id));
  map.emplace_back("creates", number(plan.creates));
  map.emplace_back("updates", number(plan.updates));
  map.emplace_back("deletes", number(plan.deletes));
  map.emplace_back("held", Value{plan.held});
  map.emplace_back("sample", texts(plan.sample));
  return Value{std::move(map)};
}

Value conflictsValue(const std::vector<api::StatusConflict>& conflicts) {
  List list;
  for (const auto& conflict : conflicts) {
    list.push_back(Value{Map{
        {"address", text(conflict.address)}, {"reason", text(conflict.reason)}, {"message", text(conflict.message)}}});
  }
  return Value{std::move(list)};
}

Value conditionsValue(const api::Conditions& conditions) {
  List list;
  for (const auto& condition : conditions.list()) {
    list.push_back(Value{Map{{"type", text(condition.type)},
                             {"status", text(api::choiceText(condition.status))},
                             {"observedGeneration", number(condition.observedGeneration)},
                             {"lastTransitionTime", text(api::rfc3339(condition.lastTransitionTime))},
                             {"reason", text(condition.reason)},
                             {"message", text(condition.message)}}});
  }
  return Value{std::move(list)};
}

Value statusValue(const api::Status& status) {
  Map map{{"observedGeneration", number(status.observedGeneration)}};
  if (!status.lastHandledReconcileAt.empty()) {
    map.emplace_back("lastHandledReconcileAt", text(status.lastHandledReconcileAt));
  }
  map.emplace_back("firstReceiver", text(status.firstReceiver));
  map.emplace_back("zoho", zohoValue(status.zoho));
  map.emplace_back("forwarders", forwardersValue(status.forwarders));
  map.emplace_back("changes", changesValue(status.changes));
  map.emplace_back("plan", planValue(status.plan));
  map.emplace_back("conflicts", conflictsValue(status.conflicts));
  if (status.lastSyncTime) map.emplace_back("lastSyncTime", text(api::rfc3339(*status.lastSyncTime)));
  if (status.lastChangeTime) map.emplace_back("lastChangeTime", text(api::rfc3339(*status.lastChangeTime)));
  map.emplace_back("conditions", conditionsValue(status.conditions));
  return Value{std::move(map)};
}

}  // namespace

Value statusDocument(const api::ObjectKey& key, const api::Status& status) {
  return Value{Map{{"apiVersion", text(api::kApiVersion)},
                   {"kind", text(api::kKind)},
                   {"metadata", Value{Map{{"name", text(key.name)}, {"namespace", text(key.ns)}}}},
                   {"status", statusValue(status)}}};
}

}  // namespace splitdelivery::source
