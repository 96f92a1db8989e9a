#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <utility>

#include "simulators/directadmin.h"
#include "simulators/directadmin_answers.h"

// Every command but the forwarders.

namespace splitdelivery::simulators {
namespace {

std::string tenths(double value) {
  const auto all = static_cast<long>(value * 10);
  return std::to_string(all / 10) + '.' + std::to_string(all % 10);
}

Fields mailboxFields(const DaMailbox& mailbox) {
  return {{"quota", std::to_string(mailbox.quota)},
          {"usage", tenths(mailbox.usage)},
          {"suspended", mailbox.suspended ? "yes" : "no"},
          {"limit", "9600"},
          {"sent", "0"}};
}

}  // namespace

void DirectAdmin::showDomains(Call& call) {
  std::vector<std::string> own;
  for (const auto& [name, domain] : domains_) {
    if (domain.owner == call.user) own.push_back(name);
  }
  if (call.json && behavior.domainsAsObject) {
    return answerBody(call.reply, true, nlohmann::json{{"list", own}}.dump());
  }
  answerList(call.reply, call.json, own);
}

void DirectAdmin::userConfig(Call& call) {
  const auto limit = accounts_.at(call.user).forwarderLimit;
  answerTable(call.reply, call.json,
              {{"username", call.user}, {"nemailf", limit ? std::to_string(*limit) : "unlimited"}});
}

void DirectAdmin::userUsage(Call& call) {
  answerTable(call.reply, call.json, {{"nemailf", std::to_string(countForwarders(call.user))}});
}

void DirectAdmin::mailboxes(Call& call) {
  const DaDomain* domain = ownDomain(call);
  if (domain == nullptr) return;
  const std::string action = call.parameters.value("action");
  if (action == "list") {
    std::vector<std::string> names;
    names.reserve(domain->mailboxes.size());
    for (const auto& [name, mailbox] : domain->mailboxes) names.push_back(name);
    answerList(call.reply, call.json, names);
  } else if (action == "full_list") {
    std::vector<std::pair<std::string, Fields>> rows;
    rows.reserve(domain->mailboxes.size());
    for (const auto& [name, mailbox] : domain->mailboxes) rows.emplace_back(name, mailboxFields(mailbox));
    answerRows(call.reply, call.json, rows);
  } else {
    call.reply.complaints.emplace_back("action is neither list nor full_list");
    fail(call, "Could not execute your request", "Unknown action");
  }
}

void DirectAdmin::showMailRouting(Call& call, const DaDomain& domain) const {
  const std::string internal = domain.internal ? "yes" : "no";
  if (!call.json || behavior.mailRouting == DaBehavior::MailRouting::Form) {
    return answerBody(call.reply, false, "10=mail\ninternal=" + internal + "&\n");
  }
  nlohmann::ordered_json answer{{"internal", internal}};
  if (behavior.mailRouting == DaBehavior::MailRouting::Records) {
    answer["records"] = nlohmann::json::array({{{"name", "mail"}, {"value", "10"}}});
  }
  answerBody(call.reply, true, answer.dump());
}

void DirectAdmin::dnsMx(Call& call) {
  DaDomain* domain = ownDomain(call);
  if (domain == nullptr) return;
  if (call.read) return showMailRouting(call, *domain);
  const std::string value = call.parameters.value("internal");
  if (call.parameters.value("action") != "internal" || (value != "yes" && value != "no")) {
    call.reply.complaints.emplace_back("only action=internal with internal=yes or no is known");
    return fail(call, "Could not execute your request", "Unknown action");
  }
  if (behavior.turnInternal == DaBehavior::Setting::Refused) {
    return fail(call, "Could not save the option", "This is not allowed here");
  }
  const bool wanted = behavior.turnInternal == DaBehavior::Setting::Works ? value == "yes" : domain->internal;
  if (domain->internal != wanted) {
    call.reply.changes.push_back(call.parameters.value("domain") + ": internal=" + value);
  }
  domain->internal = wanted;
  answerSuccess(call.reply, call.json, "Option Saved", "");
}

void DirectAdmin::catchAll(Call& call) {
  DaDomain* domain = ownDomain(call);
  if (domain == nullptr) return;
  if (call.read) return answerTable(call.reply, call.json, {{"value", domain->catchAll}});
  const std::string choice = call.parameters.value("catch");
  const std::string value = choice == "address" ? call.parameters.value("value") : choice;
  const bool known = choice == ":fail:" || choice == ":blackhole:" || (choice == "address" && !value.empty());
  if (call.parameters.value("update") != "Update" || !known) {
    call.reply.complaints.emplace_back("update=Update and catch=:fail:, :blackhole: or address are needed");
    return fail(call, "Could not execute your request", "Unknown action");
  }
  if (domain->catchAll != value) {
    call.reply.changes.push_back(call.parameters.value("domain") + ": catch-all=" + value);
  }
  domain->catchAll = value;
  answerSuccess(call.reply, call.json, "Catch-All address has been set", "");
}

void DirectAdmin::pointers(Call& call) {
  const DaDomain* domain = ownDomain(call);
  if (domain == nullptr) return;
  if (!call.read) {
    call.reply.complaints.emplace_back("pointers are only read here");
    return fail(call, "Could not execute your request", "Unknown action");
  }
  Fields table;
  for (const auto& [name, kind] : domain->pointers) table.add(name, kind);
  if (call.json && domain->pointers.empty() && behavior.emptyPointers != DaBehavior::Empty::Object) {
    return answerBody(call.reply, true, behavior.emptyPointers == DaBehavior::Empty::Array ? "[]" : "");
  }
  answerTable(call.reply, call.json, table);
}

}  // namespace splitdelivery::simulators
