#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "simulators/directadmin.h"
#include "simulators/zoho.h"

namespace splitdelivery::simulators {

// How the tests here ask the simulators.

inline const Time kNoon = std::chrono::sys_days{std::chrono::year{2026} / 1 / 1} + std::chrono::hours(12);
inline constexpr const char* kOrganization = "60012345";
inline constexpr const char* kAllScopes =
    "ZohoMail.organization.accounts.READ,ZohoMail.organization.groups.READ,ZohoMail.organization.domains.READ";

inline Request form(const std::string& target, const Fields& fields) {
  return Request::make("POST", target, {{"content-type", "application/x-www-form-urlencoded"}}, fields.encode());
}

inline nlohmann::json jsonOf(const Reply& reply) {
  return nlohmann::json::parse(reply.body, nullptr, false);
}

// Zoho.

inline Fields clientCredentials(const std::string& organization = kOrganization) {
  return {{"grant_type", "client_credentials"},
          {"client_id", "1000.SIMCLIENT"},
          {"client_secret", "simsecret"},
          {"scope", kAllScopes},
          {"soid", "ZohoMail." + organization}};
}

inline Reply askForToken(Zoho& zoho, const Fields& fields = clientCredentials(), Time now = kNoon) {
  return zoho.handle(form("/oauth/v2/token", fields), now);
}

inline std::string tokenOf(const Reply& reply) {
  return jsonOf(reply).value("access_token", "");
}

inline Reply getWith(Zoho& zoho, const std::string& token, const std::string& target, Time now = kNoon) {
  return zoho.handle(Request::make("GET", target, {{"authorization", "Zoho-oauthtoken " + token}}), now);
}

/// `resource`: "accounts?start=0", below the organisation.
inline Reply getResource(Zoho& zoho, const std::string& resource, Time now = kNoon) {
  const std::string token = tokenOf(askForToken(zoho, clientCredentials(), now));
  return getWith(zoho, token, std::string("/api/organization/") + kOrganization + '/' + resource, now);
}

// DirectAdmin.

inline std::string basic(const std::string& user, const std::string& key) {
  return "Basic " + base64Encode(user + ':' + key);
}

inline Request as(Request request, const std::string& user = "dauser0", const std::string& key = "dakey0") {
  request.headers["authorization"] = basic(user, key);
  return request;
}

inline Reply get(DirectAdmin& da, const std::string& target) {
  return da.handle(as(Request::make("GET", target)), kNoon);
}

/// POST CMD_API_EMAIL_FORWARDERS?json=yes for example.com.
inline Reply postForwarder(DirectAdmin& da, Fields fields, const std::string& domain = "example.com") {
  fields.add("domain", domain);
  return da.handle(as(form("/CMD_API_EMAIL_FORWARDERS?json=yes", fields)), kNoon);
}

}  // namespace splitdelivery::simulators
