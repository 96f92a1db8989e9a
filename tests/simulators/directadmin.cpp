#include "simulators/directadmin.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "simulators/directadmin_answers.h"

namespace splitdelivery::simulators {
namespace {

constexpr std::string_view kBasic = "Basic ";

bool wantsJson(const Request& request) {
  return request.query.value("json") == "yes";
}

std::string commandOf(const Request& request) {
  return request.path.starts_with('/') ? request.path.substr(1) : request.path;
}

}  // namespace

DaAccount& DirectAdmin::addAccount(DaAccount account) {
  const std::string user = account.user;
  return accounts_.insert_or_assign(user, std::move(account)).first->second;
}

DaDomain& DirectAdmin::addDomain(const std::string& owner, const std::string& domain) {
  if (!accounts_.contains(owner)) throw std::out_of_range("no such account: " + owner);
  return domains_.insert_or_assign(domain, DaDomain{.owner = owner}).first->second;
}

void DirectAdmin::setForwarder(const std::string& domain, const std::string& local, const std::string& destinations) {
  domains_.at(domain).forwarders[local] = destinations;
}

void DirectAdmin::removeForwarder(const std::string& domain, const std::string& local) {
  domains_.at(domain).forwarders.erase(local);
}

void DirectAdmin::addMailbox(const std::string& domain, const std::string& local, DaMailbox mailbox) {
  domains_.at(domain).mailboxes[local] = mailbox;
}

bool DirectAdmin::isBanned(const std::string& client) const {
  const auto at = badLogins_.find(client);
  return behavior.banAfter > 0 && at != badLogins_.end() && at->second >= behavior.banAfter;
}

std::string DirectAdmin::endpoint(const Request& request) const {
  return request.method + ' ' + commandOf(request);
}

const std::map<std::string, DirectAdmin::Command, std::less<>>& DirectAdmin::commands() {
  static const std::map<std::string, Command, std::less<>> all{
      {"CMD_API_SHOW_DOMAINS", &DirectAdmin::showDomains},
      {"CMD_API_EMAIL_FORWARDERS", &DirectAdmin::emailForwarders},
      {"CMD_API_POP", &DirectAdmin::mailboxes},
      {"CMD_API_SHOW_USER_CONFIG", &DirectAdmin::userConfig},
      {"CMD_API_SHOW_USER_USAGE", &DirectAdmin::userUsage},
      {"CMD_API_DNS_MX", &DirectAdmin::dnsMx},
      {"CMD_API_EMAIL_CATCH_ALL", &DirectAdmin::catchAll},
      {"CMD_API_DOMAIN_POINTER", &DirectAdmin::pointers},
  };
  return all;
}

Reply DirectAdmin::handle(const Request& request, Time /*now*/) {
  if (isBanned(request.client)) return banPage(behavior.ban);
  const auto login = checkLogin(request);
  if (!login) return refuseLogin(request, wantsJson(request));
  Call call{
      .read = request.method == "GET", .json = wantsJson(request), .parameters = {}, .user = login->effectiveUser};
  run(call, request, *login->key);
  call.reply.user = login->effectiveUser;
  return std::move(call.reply);
}

void DirectAdmin::run(Call& call, const Request& request, const DaLoginKey& key) {
  const std::string name = commandOf(request);
  const auto command = commands().find(name);
  if (command == commands().end() || behavior.missingCommands.contains(name)) {
    call.reply.status = 404;
    if (command == commands().end()) call.reply.complaints.emplace_back("no such command");
    return;
  }
  if (!key.commands.empty() && !key.commands.contains(name)) {
    call.reply = refusal(behavior.badCommand, call.json);
    return;
  }
  if (request.method != "GET" && request.method != "POST") {
    call.reply.status = 405;
    call.reply.complaints.emplace_back("neither GET nor POST");
    return;
  }
  auto parameters = readParameters(request);
  if (!parameters) {
    call.reply.complaints.emplace_back("the body is neither a form nor a JSON object");
    return fail(call, "Could not execute your request", "The request could not be read");
  }
  call.parameters = std::move(*parameters);
  (this->*command->second)(call);
  if (call.reply.status == 200 && !behavior.contentType.empty()) {
    call.reply.headers["content-type"] = behavior.contentType;
  }
}

std::optional<DirectAdmin::Login> DirectAdmin::checkLogin(const Request& request) const {
  const std::string header = request.header("authorization");
  if (!header.starts_with(kBasic)) return std::nullopt;
  const std::string pair = base64Decode(std::string_view(header).substr(kBasic.size())).value_or("");
  const auto colon = pair.find(':');
  if (colon == std::string::npos) return std::nullopt;
  const std::string names = pair.substr(0, colon);
  const auto bar = names.rfind('|');
  std::string effectiveUser = bar == std::string::npos ? names : names.substr(bar + 1);

  // "admin|user" is checked with the administrator's password.
  const auto account = accounts_.find(names.substr(0, bar));
  if (account == accounts_.end() || !accounts_.contains(effectiveUser)) return std::nullopt;
  if (bar != std::string::npos && !account->second.admin) return std::nullopt;
  const auto key = std::ranges::find(account->second.keys, pair.substr(colon + 1), &DaLoginKey::key);
  if (key == account->second.keys.end()) return std::nullopt;
  return Login{std::move(effectiveUser), &*key};
}

Reply DirectAdmin::refuseLogin(const Request& request, bool json) {
  Reply reply = refusal(behavior.badLogin, json);
  if (!request.header("authorization").starts_with(kBasic)) {
    reply.complaints.emplace_back("no 'Authorization: Basic …'");
    return reply;
  }
  ++badLogins_[request.client];
  return reply;
}

std::optional<Fields> DirectAdmin::readParameters(const Request& request) {
  Fields parameters = request.query;
  if (request.method != "POST" || request.body.empty()) return parameters;
  if (request.hasContentType("application/json")) {
    const auto body = nlohmann::ordered_json::parse(request.body, nullptr, false);
    if (!body.is_object()) return std::nullopt;
    for (const auto& [name, value] : body.items()) {
      parameters.add(name, value.is_string() ? value.get<std::string>() : value.dump());
    }
    return parameters;
  }
  const auto form = Fields::parse(request.body);
  if (!form || !request.hasContentType("application/x-www-form-urlencoded")) return std::nullopt;
  for (const auto& [name, value] : *form) parameters.add(name, value);
  return parameters;
}

DaDomain* DirectAdmin::ownDomain(Call& call) {
  const std::string name = call.parameters.value("domain");
  if (name.empty()) call.reply.complaints.emplace_back("domain is missing");
  const auto at = domains_.find(lowerCase(name));
  if (at != domains_.end() && at->second.owner == call.user) return &at->second;
  fail(call, "Could not execute your request", "You do not own that domain");
  return nullptr;
}

void DirectAdmin::fail(Call& call, std::string_view text, std::string_view details) const {
  answerFailure(call.reply, call.json, behavior.businessErrorStatus, text, details);
}

}  // namespace splitdelivery::simulators
