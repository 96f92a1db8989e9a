#include "cli/json_output.h"

#include <nlohmann/json.hpp>
#include <ostream>

#include "api/enums.h"
#include "plan/describe.h"
#include "plan/words.h"
#include "reconcile/verdict.h"

namespace splitdelivery::cli {
namespace {

using nlohmann::ordered_json;

ordered_json operationJson(const plan::Operation& operation, const std::string& domain) {
  ordered_json json{{"address", operation.local + "@" + domain}};
  if (!operation.present.empty()) json["present"] = operation.present;
  if (!operation.wanted.empty()) json["wanted"] = operation.wanted;
  if (operation.approved) json["approved"] = true;
  return json;
}

/// For a list of several kinds.
ordered_json namedOperationJson(const plan::Operation& operation, const std::string& domain) {
  ordered_json json = operationJson(operation, domain);
  json["operation"] = api::choiceText(operation.kind);
  return json;
}

ordered_json operationsJson(const std::vector<plan::Operation>& operations, const std::string& domain) {
  auto list = ordered_json::array();
  for (const auto& operation : operations) list.push_back(operationJson(operation, domain));
  return list;
}

ordered_json planJson(const plan::Plan& plan, const api::SplitDeliveryDomain& resource) {
  const api::Spec& spec = resource.spec;
  ordered_json json{{"id", plan.id},
                    {"creates", operationsJson(plan.creates, spec.domain)},
                    {"updates", operationsJson(plan.updates, spec.domain)},
                    {"deletes", operationsJson(plan.deletes, spec.domain)}};
  json["held"] = ordered_json::array();
  for (const auto& operation : plan.held) {
    json["held"].push_back(namedOperationJson(operation, spec.domain));
  }
  json["heldReason"] = api::choiceText(plan.heldBecause);
  json["heldMessage"] = reconcile::heldMessage(resource, plan);
  json["left"] = ordered_json::array();
  for (const auto& left : plan.left) {
    ordered_json entry = namedOperationJson(left.operation, spec.domain);
    entry["reason"] = api::choiceText(left.why);
    json["left"].push_back(std::move(entry));
  }
  json["conflicts"] = ordered_json::array();
  for (const auto& conflict : plan.conflicts) {
    json["conflicts"].push_back({{"address", conflict.local + "@" + spec.domain},
                                 {"reason", api::choiceText(conflict.reason)},
                                 {"message", plan::conflictMessage(conflict, spec)}});
  }
  return json;
}

ordered_json conditionJson(const api::Condition& condition) {
  return {{"status", api::choiceText(condition.status)}, {"reason", condition.reason}, {"message", condition.message}};
}

ordered_json passJson(const reconcile::PassReport& pass, reconcile::Mode mode) {
  const api::Spec& spec = pass.resource.spec;
  ordered_json json{{"namespace", pass.resource.key.ns},
                    {"name", pass.resource.key.name},
                    {"domain", spec.domain},
                    {"policy", api::choiceText(spec.policy)},
                    {"suspended", pass.suspended},
                    {"outcome", api::choiceText(pass.outcome)}};
  // A plan has carried nothing out: it knows what is wrong, and not what Ready would be.
  const auto* ready = pass.status.conditions.find(api::condition::kReady);
  if (ready != nullptr && (mode == reconcile::Mode::Sync || pass.outcome == reconcile::Outcome::Failed)) {
    json["ready"] = conditionJson(*ready);
  }
  if (const auto* routing = pass.status.conditions.find(api::condition::kRoutingReady)) {
    json["routing"] = conditionJson(*routing);
    json["routing"]["firstReceiver"] = pass.status.firstReceiver;
  }
  const api::ForwarderCounts& counts = pass.status.forwarders;
  json["forwarders"] = {{"desired", counts.desired}, {"inSync", counts.inSync},       {"managed", counts.managed},
                        {"found", counts.found},     {"unmanaged", counts.unmanaged}, {"conflicts", counts.conflicts}};
  const api::ChangeCounts& changes = pass.changes;
  json["changes"] = {{"created", changes.created},
                     {"updated", changes.updated},
                     {"deleted", changes.deleted},
                     {"failed", changes.failed}};
  json["done"] = ordered_json::array();
  for (const auto& operation : pass.done) {
    json["done"].push_back(namedOperationJson(operation, spec.domain));
  }
  if (pass.plan) json["plan"] = planJson(*pass.plan, pass.resource);
  json["failures"] = ordered_json::array();
  for (const auto& failure : pass.failures) {
    ordered_json entry = namedOperationJson(failure.operation, spec.domain);
    entry["reason"] = failure.error.reason;
    entry["message"] = failure.error.message;
    json["failures"].push_back(std::move(entry));
  }
  json["notes"] = pass.notes;
  return json;
}

}  // namespace

void printJson(std::ostream& out, const RunResult& result) {
  ordered_json json{{"command", result.mode == reconcile::Mode::Plan ? "plan" : "sync"},
                    {"exitCode", result.exitCode()}};
  json["resources"] = ordered_json::array();
  for (const auto& pass : result.passes) json["resources"].push_back(passJson(pass, result.mode));
  json["errors"] = ordered_json::array();
  for (const auto& error : result.errors)
    json["errors"].push_back({{"where", error.where}, {"message", error.message}});
  json["notes"] = result.notes;
  // Names come from other machines: what is not UTF-8 must not end in an exception.
  out << json.dump(2, ' ', false, ordered_json::error_handler_t::replace) << "\n";
}

}  // namespace splitdelivery::cli
