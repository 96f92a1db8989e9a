#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "simulators/directadmin.h"
#include "simulators/directadmin_answers.h"

// CMD_API_EMAIL_FORWARDERS: list, create, modify, delete.

namespace splitdelivery::simulators {
namespace {

std::vector<std::string> splitDestinations(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const auto end = std::min(text.find(','), text.size());
    if (end > 0) parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

bool isLocalPart(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("._-+&'=~").find(c) != std::string_view::npos;
  });
}

/// An address, a bare local name, :fail: or :blackhole:.
bool isDestination(std::string_view text) {
  if (text == ":fail:" || text == ":blackhole:") return true;
  const auto at = text.find('@');
  if (at == std::string_view::npos) return isLocalPart(text);
  const auto host = text.substr(at + 1);
  return isLocalPart(text.substr(0, at)) && host.find('.') != std::string_view::npos &&
         std::ranges::all_of(host, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
         });
}

auto findIgnoringCase(std::map<std::string, std::string>& forwarders, const std::string& local) {
  return std::ranges::find_if(forwarders,
                              [name = lowerCase(local)](const auto& entry) { return lowerCase(entry.first) == name; });
}

}  // namespace

void DirectAdmin::emailForwarders(Call& call) {
  DaDomain* domain = ownDomain(call);
  if (domain == nullptr) return;
  const std::string action = call.parameters.value("action");
  if (action.empty() || action == "list") return listForwarders(call, *domain);
  if (call.read) {
    call.reply.complaints.emplace_back("a change was sent with GET");
    return fail(call, "Could not execute your request", "This request must be sent with POST");
  }
  if (action == "create") return createForwarder(call, *domain);
  if (action == "modify") return modifyForwarder(call, *domain);
  if (action == "delete") return deleteForwarders(call, *domain);
  call.reply.complaints.emplace_back("no such action");
  fail(call, "Could not execute your request", "Unknown action");
}

void DirectAdmin::listForwarders(Call& call, const DaDomain& domain) const {
  if (!call.json) {
    Fields form;
    for (const auto& [local, destinations] : domain.forwarders) form.add(local, destinations);
    return answerTable(call.reply, false, form);
  }
  nlohmann::json list = nlohmann::json::object();
  for (const auto& [local, destinations] : domain.forwarders) {
    list[local] =
        behavior.destinationsAsText ? nlohmann::json(destinations) : nlohmann::json(splitDestinations(destinations));
  }
  std::string body = list.dump();
  if (list.empty() && behavior.emptyForwarders == DaBehavior::Empty::Array) body = "[]";
  if (list.empty() && behavior.emptyForwarders == DaBehavior::Empty::Nothing) body.clear();
  answerBody(call.reply, true, std::move(body));
}

bool DirectAdmin::acceptable(Call& call, const std::string& local, const std::string& destinations) const {
  if (local.find('@') != std::string::npos) {
    call.reply.complaints.emplace_back("user is the local part only");
    fail(call, "Could not set forwarder", "Invalid user name");
    return false;
  }
  const auto list = splitDestinations(destinations);
  if (local.empty() || list.empty()) {
    call.reply.complaints.emplace_back("user or email is missing");
    fail(call, "Could not set forwarder", "Something is missing");
    return false;
  }
  const std::string own = local + '@' + lowerCase(call.parameters.value("domain"));
  const bool refused = behavior.refusedAddresses.contains(own) || std::ranges::any_of(list, [&](const auto& one) {
                         return behavior.refusedAddresses.contains(one);
                       });
  if (refused || !isLocalPart(local) || !std::ranges::all_of(list, isDestination)) {
    fail(call, "Could not set forwarder", "That is not a valid address");
    return false;
  }
  return true;
}

std::size_t DirectAdmin::countForwarders(const std::string& user) const {
  std::size_t count = 0;
  for (const auto& [name, domain] : domains_) {
    if (domain.owner == user) count += domain.forwarders.size();
  }
  return count;
}

void DirectAdmin::createForwarder(Call& call, DaDomain& domain) {
  const std::string local = call.parameters.value("user");
  const std::string destinations = call.parameters.value("email");
  if (!acceptable(call, local, destinations)) return;
  if (findIgnoringCase(domain.forwarders, local) != domain.forwarders.end()) {
    return fail(call, "Could not create forwarder", "That forwarder already exists");
  }
  const auto limit = accounts_.at(call.user).forwarderLimit;
  if (limit && countForwarders(call.user) >= *limit) {
    return fail(call, "Could not create forwarder", "You have reached your limit of forwarders");
  }
  domain.forwarders[local] = destinations;
  const std::string name = lowerCase(call.parameters.value("domain"));
  call.reply.changes.push_back(name + ": + " + local + " -> " + destinations);
  answerSuccess(call.reply, call.json, "Forwarder Created",
                "Alias " + local + '@' + name + " -> " + destinations + " has been created\n");
}

void DirectAdmin::modifyForwarder(Call& call, DaDomain& domain) {
  const std::string local = call.parameters.value("user");
  const std::string destinations = call.parameters.value("email");
  if (!acceptable(call, local, destinations)) return;
  const auto at = findIgnoringCase(domain.forwarders, local);
  if (at == domain.forwarders.end()) {
    return fail(call, "Could not modify forwarder", "That forwarder does not exist");
  }
  if (at->second != destinations) {
    call.reply.changes.push_back(lowerCase(call.parameters.value("domain")) + ": ~ " + local + " -> " + destinations);
  }
  at->second = destinations;
  answerSuccess(call.reply, call.json, "Forwarder Updated", "");
}

void DirectAdmin::deleteForwarders(Call& call, DaDomain& domain) {
  bool selected = false;
  for (const auto& [field, local] : call.parameters) {
    if (!field.starts_with("select")) continue;
    selected = true;
    if (local.find('@') != std::string::npos) call.reply.complaints.emplace_back("select is the local part only");
    if (domain.forwarders.erase(local) == 0) continue;
    call.reply.changes.push_back(lowerCase(call.parameters.value("domain")) + ": - " + local);
  }
  // The server says success all the same: the trap that the hand-written scripts fall into.
  if (!selected) call.reply.complaints.emplace_back("delete without select0 deletes nothing");
  answerSuccess(call.reply, call.json, "Forwarders Deleted", "");
}

}  // namespace splitdelivery::simulators
