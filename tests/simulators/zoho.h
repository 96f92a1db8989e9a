#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "simulators/exchange.h"
#include "simulators/zoho_world.h"

namespace splitdelivery::simulators {

/// One data centre of Zoho: its token endpoint and the reading part of the Mail API.
///
///     Zoho zoho;
///     zoho.addOrganization({.id = "60012345", .domains = {{.name = "example.com"}}});
///     zoho.addUser("60012345", {.email = "anna@example.com", .aliases = {"a@example.com"}});
///     zoho.behavior.stagnantGroups = true;
///
/// Serve one object under both hosts, accounts and mail. A second, empty object is another data
/// centre: it answers `invalid_client` as the real ones do. Facts: zoho.com/mail/help/api,
/// zoho.com/accounts/protocol/oauth, and answers that others quoted from live tenants.
class Zoho final : public Simulator {
 public:
  ZohoBehavior behavior{};

  // The world. A missing organisation is a mistake of the test: std::out_of_range.
  ZohoOrganization& addOrganization(ZohoOrganization organization);
  [[nodiscard]] ZohoOrganization& organization(const std::string& id) { return organizations_.at(id); }
  [[nodiscard]] bool hasOrganization(const std::string& id) const { return organizations_.contains(id); }
  void addUser(const std::string& organization, ZohoUser user);
  bool removeUser(const std::string& organization, std::string_view email);
  /// The user of that primary address; std::out_of_range when there is none.
  [[nodiscard]] ZohoUser& user(const std::string& organization, std::string_view email);
  void addGroup(const std::string& organization, ZohoGroup group);
  bool removeGroup(const std::string& organization, std::string_view name);
  void addDomain(const std::string& organization, ZohoDomain domain);
  /// Kills every token; the next call with one of them gets INVALID_OAUTHTOKEN.
  void revokeTokens() { tokens_.clear(); }

  [[nodiscard]] std::string_view api() const override { return "zoho"; }
  [[nodiscard]] std::string endpoint(const Request& request) const override;
  [[nodiscard]] bool isWrite(const Request&) const override { return false; }
  Reply handle(const Request& request, Time now) override;

 private:
  struct Token {
    std::string value;
    std::string clientId;
    std::string organization;
    std::set<std::string> scopes;
    Time expires;
  };
  struct Calls {
    std::deque<Time> recent;
    Time lockedUntil{};
  };

  // zoho_token.cpp
  Reply token(const Request& request, Time now);
  Reply grant(const Fields& form, Time now);
  Reply grantClientCredentials(const Fields& form, Time now);
  Reply grantRefreshToken(const Fields& form, Time now);
  Reply mint(const ZohoOrganization& organization, std::set<std::string> scopes, Time now);
  [[nodiscard]] Reply refuse(std::string_view error, std::string complaint = {}) const;
  [[nodiscard]] bool throttled(const std::string& clientId, Time now);

  // zoho.cpp
  Reply call(const Request& request, Time now);
  [[nodiscard]] Reply resource(const ZohoOrganization& organization, const Request& request,
                               const std::vector<std::string>& path) const;
  [[nodiscard]] const Token* liveToken(const Request& request, Time now) const;
  [[nodiscard]] bool locked(const Token& token, Time now);
  [[nodiscard]] static Reply error(int status, std::string_view description, std::string_view code,
                                   std::string complaint = {});
  [[nodiscard]] static Reply arrayError(int status, std::string_view code);
  [[nodiscard]] Reply lockedError() const;

  std::map<std::string, ZohoOrganization> organizations_;
  std::deque<Token> tokens_;
  std::map<std::string, std::deque<Time>> minted_;              // by client
  std::map<std::pair<std::string, std::string>, Calls> calls_;  // by client and organisation
  std::uint64_t lastId_ = 810'220'000;
};

}  // namespace splitdelivery::simulators
