#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "simulators/zoho.h"

// The token endpoint, POST /oauth/v2/token.

namespace splitdelivery::simulators {
namespace {

using Json = nlohmann::json;

constexpr auto kMintWindow = std::chrono::minutes(10);
constexpr std::string_view kService = "ZohoMail.";

Reply jsonReply(int status, const Json& body) {
  return {.status = status, .headers = {{"content-type", "application/json;charset=UTF-8"}}, .body = body.dump()};
}

/// Scopes are joined by commas: "a b" is one scope that does not exist.
std::set<std::string> splitScopes(std::string_view text) {
  std::set<std::string> scopes;
  while (!text.empty()) {
    const auto end = std::min(text.find(','), text.size());
    scopes.emplace(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return scopes;
}

std::string joinScopes(const std::set<std::string>& scopes) {
  std::string text;
  for (const auto& scope : scopes) text += (text.empty() ? "" : " ") + scope;
  return text;
}

}  // namespace

Reply Zoho::token(const Request& request, Time now) {
  if (request.method != "POST") {
    Reply reply = jsonReply(405, {{"error", "method_not_allowed"}});
    reply.complaints.emplace_back("a token is asked for with POST");
    return reply;
  }
  Fields form = request.query;
  if (!request.body.empty()) {
    const auto body = Fields::parse(request.body);
    if (!body || !request.hasContentType("application/x-www-form-urlencoded")) {
      return refuse("invalid_client", "the body is no form");
    }
    for (const auto& [name, value] : *body) form.add(name, value);
  }
  return grant(form, now);
}

Reply Zoho::grant(const Fields& form, Time now) {
  const std::string clientId = form.value("client_id");
  if (clientId.empty()) return refuse("invalid_client", "client_id is missing");
  if (std::ranges::none_of(organizations_, [&](const auto& entry) { return entry.second.clientId == clientId; })) {
    return refuse("invalid_client");
  }
  if (throttled(clientId, now)) {
    return jsonReply(
        400, {{"error", "Access Denied"},
              {"error_description", "You have made too many requests continuously. Please try again after some time."},
              {"status", "failure"}});
  }
  const std::string type = form.value("grant_type");
  if (type == "client_credentials") return grantClientCredentials(form, now);
  if (type == "refresh_token") return grantRefreshToken(form, now);
  return refuse("invalid_grant", "no such grant_type");
}

Reply Zoho::grantClientCredentials(const Fields& form, Time now) {
  const std::string clientId = form.value("client_id");
  const std::string secret = form.value("client_secret");
  if (std::ranges::none_of(organizations_, [&](const auto& entry) {
        return entry.second.clientId == clientId && entry.second.clientSecret == secret;
      })) {
    return refuse(behavior.wrongSecretError);
  }
  const std::string soid = form.value("soid");
  if (soid.empty()) return refuse("missing_org_info", "soid is missing");
  if (!soid.starts_with(kService)) return refuse("invalid_soid", "soid does not begin with ZohoMail.");
  const auto at = organizations_.find(soid.substr(kService.size()));
  if (at == organizations_.end() || at->second.clientId != clientId) return refuse("invalid_org");
  if (at->second.clientSecret != secret) return refuse(behavior.wrongSecretError);

  auto scopes = splitScopes(form.value("scope"));
  if (scopes.empty()) return refuse("invalid_scope", "scope is missing");
  if (form.value("scope").find(' ') != std::string::npos) return refuse("invalid_scope", "scopes are joined by commas");
  if (!std::ranges::includes(at->second.scopes, scopes)) return refuse("invalid_scope");
  return mint(at->second, std::move(scopes), now);
}

Reply Zoho::grantRefreshToken(const Fields& form, Time now) {
  const std::string token = form.value("refresh_token");
  if (token.empty()) return refuse("invalid_code", "refresh_token is missing");
  const auto at = std::ranges::find_if(organizations_, [&](const auto& entry) {
    return entry.second.clientId == form.value("client_id") && entry.second.refreshToken == token;
  });
  if (at == organizations_.end()) return refuse("invalid_code");
  if (at->second.clientSecret != form.value("client_secret")) return refuse(behavior.wrongSecretError);
  return mint(at->second, at->second.scopes, now);
}

Reply Zoho::mint(const ZohoOrganization& organization, std::set<std::string> scopes, Time now) {
  minted_[organization.clientId].push_back(now);
  std::erase_if(tokens_, [now](const Token& token) { return token.expires <= now; });
  const auto sameAccount = [&](const Token& token) {
    return token.clientId == organization.clientId && token.organization == organization.id;
  };
  const auto live = static_cast<std::size_t>(std::ranges::count_if(tokens_, sameAccount));
  if (behavior.liveTokens > 0 && live >= behavior.liveTokens) tokens_.erase(std::ranges::find_if(tokens_, sameAccount));

  const std::string value = "1000.sim" + std::to_string(++lastId_) + '.' + organization.id;
  const Json body{{"access_token", value},
                  {"scope", joinScopes(scopes)},
                  {"api_domain", "https://www.zohoapis.com"},
                  {"token_type", "Bearer"},
                  {"expires_in", behavior.tokenLifetime.count()}};
  tokens_.push_back({value, organization.clientId, organization.id, std::move(scopes), now + behavior.tokenLifetime});
  Reply reply = jsonReply(200, body);
  reply.user = organization.clientId + '/' + organization.id;
  return reply;
}

Reply Zoho::refuse(std::string_view error, std::string complaint) const {
  Reply reply = jsonReply(behavior.tokenErrorStatus, {{"error", error}});
  if (!complaint.empty()) reply.complaints.push_back(std::move(complaint));
  return reply;
}

bool Zoho::throttled(const std::string& clientId, Time now) {
  if (behavior.tokensPer10Minutes == 0) return false;
  auto& minted = minted_[clientId];
  while (!minted.empty() && minted.front() <= now - kMintWindow) minted.pop_front();
  return minted.size() >= behavior.tokensPer10Minutes;
}

}  // namespace splitdelivery::simulators
