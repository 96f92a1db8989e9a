#include "simulators/zoho.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "simulators/zoho_rows.h"

namespace splitdelivery::simulators {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kScheme = "Zoho-oauthtoken ";
constexpr auto kCallWindow = std::chrono::seconds(60);
constexpr const char* kJsonType = "application/json;charset=UTF-8";

std::vector<std::string> segments(std::string_view path) {
  std::vector<std::string> parts;
  while (path.starts_with('/')) {
    path.remove_prefix(1);
    const auto end = std::min(path.find('/'), path.size());
    parts.emplace_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return parts;
}

bool isNumber(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// api/organization/<zoid>/<resource>[/<one>]
bool isResource(const std::vector<std::string>& path) {
  if (path.size() < 4 || path.size() > 5 || path[0] != "api" || path[1] != "organization") return false;
  if (path.size() == 5) return path[3] == "groups";
  return path[3] == "accounts" || path[3] == "groups" || path[3] == "domains";
}

std::string scopeFor(const std::string& resource) {
  return "ZohoMail.organization." + resource + ".READ";
}

Reply success(Json data) {
  const Json body{{"status", {{"code", 200}, {"description", "success"}}}, {"data", std::move(data)}};
  return {.status = 200, .headers = {{"content-type", kJsonType}}, .body = body.dump()};
}

std::string unknownParameter(const Fields& query) {
  for (const auto& [name, value] : query) {
    if (name != "start" && name != "limit" && name != "searchKey" && name != "fields") return name;
  }
  return {};
}

}  // namespace

ZohoOrganization& Zoho::addOrganization(ZohoOrganization organization) {
  if (!isNumber(organization.id)) throw std::invalid_argument("an organisation's id is a number");
  auto users = std::exchange(organization.users, {});
  auto groups = std::exchange(organization.groups, {});
  const std::string id = organization.id;
  organizations_.insert_or_assign(id, std::move(organization));
  for (auto& user : users) addUser(id, std::move(user));
  for (auto& group : groups) addGroup(id, std::move(group));
  return organizations_.at(id);
}

void Zoho::addUser(const std::string& organization, ZohoUser user) {
  if (user.zuid == 0) user.zuid = ++lastId_;
  organizations_.at(organization).users.push_back(std::move(user));
}

bool Zoho::removeUser(const std::string& organization, std::string_view email) {
  return std::erase_if(organizations_.at(organization).users,
                       [email](const auto& user) { return user.email == email; }) > 0;
}

ZohoUser& Zoho::user(const std::string& organization, std::string_view email) {
  auto& users = organizations_.at(organization).users;
  const auto at = std::ranges::find(users, email, &ZohoUser::email);
  if (at == users.end()) throw std::out_of_range("no such user: " + std::string(email));
  return *at;
}

void Zoho::addGroup(const std::string& organization, ZohoGroup group) {
  if (group.zgid == 0) group.zgid = ++lastId_;
  organizations_.at(organization).groups.push_back(std::move(group));
}

bool Zoho::removeGroup(const std::string& organization, std::string_view name) {
  return std::erase_if(organizations_.at(organization).groups,
                       [name](const auto& group) { return group.name == name; }) > 0;
}

void Zoho::addDomain(const std::string& organization, ZohoDomain domain) {
  organizations_.at(organization).domains.push_back(std::move(domain));
}

std::string Zoho::endpoint(const Request& request) const {
  if (request.path == "/oauth/v2/token") return request.method + " token";
  const auto path = segments(request.path);
  if (!isResource(path)) return request.method + " other";
  return request.method + ' ' + (path.size() == 5 ? "group" : path[3]);
}

Reply Zoho::handle(const Request& request, Time now) {
  if (request.path == "/oauth/v2/token") return token(request, now);
  return call(request, now);
}

Reply Zoho::call(const Request& request, Time now) {
  const auto path = segments(request.path);
  if (!isResource(path)) return error(404, "Invalid Input", "URL_RULE_NOT_CONFIGURED", "no such URL");
  if (request.method != "GET") return error(404, "Invalid Input", "URL_RULE_NOT_CONFIGURED", "this API is only read");
  if (!isNumber(path[2])) return error(400, "Invalid Input", "PATTERN_NOT_MATCHED", "the organisation is no number");
  if (!request.header("authorization").starts_with(kScheme)) {
    return error(401, "Unauthorized", "INVALID_OAUTHTOKEN", "no 'Authorization: Zoho-oauthtoken …'");
  }
  const Token* token = liveToken(request, now);
  if (token == nullptr) {
    return behavior.tokenShape == ZohoBehavior::ErrorShape::Array ? arrayError(401, "INVALID_OAUTHTOKEN")
                                                                  : error(401, "Unauthorized", "INVALID_OAUTHTOKEN");
  }
  Reply reply;
  if (locked(*token, now)) {
    reply = lockedError();
  } else if (!token->scopes.contains(scopeFor(path[3]))) {
    reply = behavior.scopeShape == ZohoBehavior::ErrorShape::Array
                ? arrayError(behavior.scopeStatus, "INVALID_OAUTHSCOPE")
                : error(behavior.scopeStatus, "Unauthorized", "INVALID_OAUTHSCOPE");
  } else if (path[2] != token->organization) {
    reply = error(403, "Forbidden", "OPERATION_NOT_PERMITTED");
  } else {
    reply = resource(organizations_.at(path[2]), request, path);
  }
  reply.user = token->clientId + '/' + token->organization;
  return reply;
}

Reply Zoho::resource(const ZohoOrganization& organization, const Request& request,
                     const std::vector<std::string>& path) const {
  if (path.size() == 5) {
    if (!isNumber(path[4])) return error(400, "Invalid Input", "PATTERN_NOT_MATCHED", "the group is no number");
    const auto group =
        std::ranges::find(organization.groups, path[4], [](const ZohoGroup& one) { return std::to_string(one.zgid); });
    if (group == organization.groups.end()) return error(404, "Invalid Input", "GROUP_NOT_FOUND");
    return success(groupRow(organization, *group, behavior));
  }
  Reply reply;
  if (path[3] == "accounts") {
    const auto page = ZohoPage::of(request.query, behavior.accountsStart, behavior.defaultLimit, behavior.accountsMax);
    if (!page) return error(400, "Invalid Input", "PATTERN_NOT_MATCHED", "start or limit is no number");
    reply = success(accountRows(organization, behavior, *page));
  } else if (path[3] == "groups") {
    const auto page = ZohoPage::of(request.query, behavior.groupsStart, behavior.defaultLimit, behavior.groupsMax);
    if (!page) return error(400, "Invalid Input", "PATTERN_NOT_MATCHED", "start or limit is no number");
    reply = success(groupRows(organization, behavior, *page));
  } else {
    constexpr auto kAll = std::numeric_limits<std::size_t>::max();
    const auto page = ZohoPage::of(request.query, behavior.accountsStart, kAll, kAll);
    if (!page) return error(400, "Invalid Input", "PATTERN_NOT_MATCHED", "start or limit is no number");
    reply = success(domainRows(organization, behavior, *page));
  }
  const auto unknown = unknownParameter(request.query);
  if (!unknown.empty()) reply.complaints.push_back("no such parameter: " + unknown);
  return reply;
}

const Zoho::Token* Zoho::liveToken(const Request& request, Time now) const {
  const auto value = request.header("authorization").substr(kScheme.size());
  const auto at = std::ranges::find(tokens_, value, &Token::value);
  return at == tokens_.end() || at->expires <= now || !organizations_.contains(at->organization) ? nullptr : &*at;
}

bool Zoho::locked(const Token& token, Time now) {
  if (behavior.callsPerMinute == 0) return false;
  Calls& calls = calls_[{token.clientId, token.organization}];
  if (now < calls.lockedUntil) return true;
  while (!calls.recent.empty() && calls.recent.front() <= now - kCallWindow) calls.recent.pop_front();
  if (calls.recent.size() >= behavior.callsPerMinute) {
    calls.lockedUntil = now + behavior.callLock;
    calls.recent.clear();
    return true;
  }
  calls.recent.push_back(now);
  return false;
}

Reply Zoho::error(int status, std::string_view description, std::string_view code, std::string complaint) {
  const Json body{{"status", {{"code", status}, {"description", description}}},
                  {"data", {{"errorCode", code}, {"moreInfo", "Simulated."}}}};
  Reply reply{.status = status, .headers = {{"content-type", kJsonType}}, .body = body.dump()};
  if (!complaint.empty()) reply.complaints.push_back(std::move(complaint));
  return reply;
}

Reply Zoho::arrayError(int status, std::string_view code) {
  const Json body = Json::array(
      {2, Json{{"msg", "Simulated."}, {"status", std::to_string(status)}, {"authFail", "true"}, {"errorCode", code}}});
  return {.status = status, .headers = {{"content-type", kJsonType}}, .body = body.dump()};
}

Reply Zoho::lockedError() const {
  Reply reply = error(behavior.callLockStatus, "Too many requests", "URL_ROLLING_THROTTLES_LIMIT_EXCEEDED");
  if (behavior.callLockRetryAfter) reply.headers["retry-after"] = std::to_string(behavior.callLockRetryAfter->count());
  return reply;
}

}  // namespace splitdelivery::simulators
