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
  if (plan.heldCount > 0) map.emplace_back("heldCount", number(plan.heldCount));
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

}  // namespace

Value statusValue(const api::Status& status, const api::Status* before) {
  const auto differs = [&](auto member) { return before == nullptr || !(status.*member == before->*member); };
  Map map;
  const auto add = [&](const char* name, auto member, auto value) {
    if (differs(member)) map.emplace_back(name, value());
  };
  using api::Status;
  add("observedGeneration", &Status::observedGeneration, [&] { return number(status.observedGeneration); });
  if (!status.lastHandledReconcileAt.empty()) {
    add("lastHandledReconcileAt", &Status::lastHandledReconcileAt, [&] { return text(status.lastHandledReconcileAt); });
  }
  add("firstReceiver", &Status::firstReceiver, [&] { return text(status.firstReceiver); });
  add("zoho", &Status::zoho, [&] { return zohoValue(status.zoho); });
  add("forwarders", &Status::forwarders, [&] { return forwardersValue(status.forwarders); });
  add("changes", &Status::changes, [&] { return changesValue(status.changes); });
  add("plan", &Status::plan, [&] { return planValue(status.plan); });
  add("conflicts", &Status::conflicts, [&] { return conflictsValue(status.conflicts); });
  if (status.lastSyncTime) {
    add("lastSyncTime", &Status::lastSyncTime, [&] { return text(api::rfc3339(*status.lastSyncTime)); });
  }
  if (status.lastChangeTime) {
    add("lastChangeTime", &Status::lastChangeTime, [&] { return text(api::rfc3339(*status.lastChangeTime)); });
  }
  add("conditions", &Status::conditions, [&] { return conditionsValue(status.conditions); });
  return Value{std::move(map)};
}

Value statusDocument(const api::ObjectKey& key, const api::Status& status) {
  return Value{Map{{"apiVersion", text(api::kApiVersion)},
                   {"kind", text(api::kKind)},
                   {"metadata", Value{Map{{"name", text(key.name)}, {"namespace", text(key.ns)}}}},
                   {"status", statusValue(status, nullptr)}}};
}

}  // namespace splitdelivery::source
