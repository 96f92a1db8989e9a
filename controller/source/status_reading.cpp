#include <limits>

#include "api/enums.h"
#include "api/time.h"
#include "source/status_document.h"

namespace splitdelivery::source {
namespace {

using api::Value;

/// One map, read leniently.
class Reading {
 public:
  explicit Reading(const Value* value) : value_(value) {}

  [[nodiscard]] Reading map(std::string_view name) const { return Reading(find(name)); }
  [[nodiscard]] std::string text(std::string_view name) const {
    const Value* value = find(name);
    const auto* text = value == nullptr ? nullptr : std::get_if<std::string>(&value->data);
    return text == nullptr ? std::string() : *text;
  }
  [[nodiscard]] std::int64_t number(std::string_view name) const {
    const Value* value = find(name);
    const auto* number = value == nullptr ? nullptr : std::get_if<std::int64_t>(&value->data);
    return number == nullptr ? 0 : *number;
  }
  [[nodiscard]] std::uint32_t count(std::string_view name) const {
    const auto value = number(name);
    const bool fits = value >= 0 && value <= std::numeric_limits<std::uint32_t>::max();
    return fits ? static_cast<std::uint32_t>(value) : 0;
  }
  [[nodiscard]] bool flag(std::string_view name) const {
    const Value* value = find(name);
    const auto* flag = value == nullptr ? nullptr : std::get_if<bool>(&value->data);
    return flag != nullptr && *flag;
  }
  [[nodiscard]] std::optional<base::WallTime> time(std::string_view name) const {
    return api::parseRfc3339(text(name));
  }
  [[nodiscard]] std::vector<std::string> texts(std::string_view name) const {
    std::vector<std::string> texts;
    for (const Value& value : list(name)) {
      if (const auto* text = std::get_if<std::string>(&value.data)) texts.push_back(*text);
    }
    return texts;
  }
  [[nodiscard]] const Value::List& list(std::string_view name) const {
    static const Value::List nothing;
    const Value* value = find(name);
    const auto* list = value == nullptr ? nullptr : std::get_if<Value::List>(&value->data);
    return list == nullptr ? nothing : *list;
  }

 private:
  [[nodiscard]] const Value* find(std::string_view name) const {
    return value_ == nullptr ? nullptr : value_->find(name);
  }

  const Value* value_;
};

api::ZohoCounts zohoFrom(const Reading& map) {
  return {map.count("users"), map.count("aliases"), map.count("groups"), map.count("skipped"), map.texts("incomplete")};
}

api::ForwarderCounts forwardersFrom(const Reading& map) {
  return {map.count("desired"), map.count("inSync"),    map.count("managed"),
          map.count("found"),   map.count("unmanaged"), map.count("conflicts")};
}

api::ChangeCounts changesFrom(const Reading& map) {
  return {map.count("created"), map.count("updated"), map.count("deleted"), map.count("failed")};
}

api::PlanSummary planFrom(const Reading& map) {
  return {map.text("id"),   map.count("creates"),   map.count("updates"), map.count("deletes"),
          map.flag("held"), map.count("heldCount"), map.texts("sample")};
}

void restoreConditions(const Value::List& list, api::Conditions& conditions) {
  for (const Value& value : list) {
    const Reading map(&value);
    const auto status = api::choiceFrom<api::ConditionStatus>(map.text("status"));
    const auto since = map.time("lastTransitionTime");
    if (map.text("type").empty() || !status || !since) continue;
    conditions.restore(
        {map.text("type"), *status, map.text("reason"), map.text("message"), *since, map.number("observedGeneration")});
  }
}

}  // namespace

api::Status statusFrom(const Value& document) {
  const Reading map(document.find("status"));
  api::Status status;
  status.observedGeneration = map.number("observedGeneration");
  status.lastHandledReconcileAt = map.text("lastHandledReconcileAt");
  if (auto receiver = map.text("firstReceiver"); !receiver.empty()) status.firstReceiver = std::move(receiver);
  status.zoho = zohoFrom(map.map("zoho"));
  status.forwarders = forwardersFrom(map.map("forwarders"));
  status.changes = changesFrom(map.map("changes"));
  status.plan = planFrom(map.map("plan"));
  for (const Value& value : map.list("conflicts")) {
    const Reading conflict(&value);
    status.conflicts.push_back({conflict.text("address"), conflict.text("reason"), conflict.text("message")});
  }
  status.lastSyncTime = map.time("lastSyncTime");
  status.lastChangeTime = map.time("lastChangeTime");
  restoreConditions(map.list("conditions"), status.conditions);
  return status;
}

}  // namespace splitdelivery::source
