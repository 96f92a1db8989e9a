#include "zoho/token_answer.h"

#include <algorithm>
#include <array>
#include <string>

#include "api/zoho_hosts.h"
#include "zoho/answer.h"

namespace splitdelivery::zoho {
namespace {

using base::ErrorKind;

constexpr std::chrono::seconds kLongestLife{3600};

std::string dataCentres() {
  std::string names;
  for (const auto& hosts : api::allZohoHosts()) {
    if (!names.empty()) names += ", ";
    names += hosts.dataCenter;
  }
  return names;
}

base::Error stall(std::string_view reason, std::string message) {
  return {ErrorKind::Stall, std::string(reason), std::move(message)};
}

base::Error invalidClient(std::string_view accountsUrl, std::string_view what) {
  return stall(reason::kInvalidClient, std::string(accountsUrl) + " does not know " + std::string(what) +
                                           ": check clientId and clientSecret in the Secret, and the data centre, "
                                           "since a wrong one looks the same (there are " +
                                           dataCentres() + ")");
}

base::Error invalidOrganization() {
  return stall(reason::kInvalidOrganization,
               "Zoho does not accept the organizationId for this API client: it is the number under Organization, "
               "Profile in Zoho's mail admin console, and the client must belong to an administrator there");
}

/// The error that a code of the token endpoint stands for; none for a code that we do not know.
std::optional<base::Error> byCode(std::string_view code, std::string_view accountsUrl) {
  if (code == "invalid_client") return invalidClient(accountsUrl, "this API client");
  if (code == "invalid_client_secret") return invalidClient(accountsUrl, "this API client's secret");
  if (code == "invalid_scope") {
    return stall(reason::kInvalidScope,
                 "Zoho refuses the scopes ZohoMail.organization.accounts.READ, ZohoMail.organization.groups.READ and "
                 "ZohoMail.organization.domains.READ: the owner of the API client must be an administrator of the "
                 "organisation, and Zoho Mail must be in use there");
  }
  constexpr std::array<std::string_view, 3> kOrganization{"missing_org_info", "invalid_soid", "invalid_org"};
  if (std::ranges::find(kOrganization, code) != kOrganization.end()) return invalidOrganization();
  if (code == "invalid_code" || code == "invalid_grant") {
    return stall(reason::kInvalidRefreshToken,
                 "Zoho does not accept the refresh token: make a new one in the API console of the same data centre "
                 "and put it into the Secret, or remove refreshToken to use the client credentials alone");
  }
  return std::nullopt;
}

/// "Access Denied" means too many requests and nothing else; bad credentials have codes of their own.
bool throttled(int status, std::string_view code) {
  return status == 429 || sameWord(code, "Access Denied");
}

}  // namespace

base::Error tokenThrottled(std::chrono::seconds retryAfter) {
  return {ErrorKind::Wait, std::string(reason::kTokenThrottled),
          "Zoho gives 10 access tokens in 10 minutes and this API client has had its share: look for another "
          "program that uses the same client",
          retryAfter};
}

base::Result<MintedToken> readTokenAnswer(const http::Response& response, std::string_view accountsUrl,
                                          base::WallTime now) {
  if (response.status >= 300 && response.status < 400) return base::fail(redirected(accountsUrl));
  const auto body = parseBody(response.body);
  if (body) {
    if (const auto token = textOf(*body, "access_token"); !token.empty()) {
      const auto said = numberOf(*body, "expires_in").value_or(kLongestLife.count());
      const auto life = std::min<std::uint64_t>(said, kLongestLife.count());
      return MintedToken{base::Secret(std::string(token)), std::chrono::seconds{life}};
    }
  }
  const std::string_view code = body ? textOf(*body, "error") : std::string_view{};
  if (throttled(response.status, code)) {
    return base::fail(tokenThrottled(pauseOf(response, now).value_or(kMintWindow)));
  }
  if (auto known = byCode(code, accountsUrl)) return base::fail(std::move(*known));
  if (response.status >= 500) {
    return base::fail(serverError(response.status, pauseOf(response, now), accountsUrl));
  }
  return base::fail(unexpected(accountsUrl));
}

}  // namespace splitdelivery::zoho
