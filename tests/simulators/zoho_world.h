#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace splitdelivery::simulators {

struct ZohoUser {
  std::string email;  ///< the primary address
  std::vector<std::string> aliases{};
  std::vector<std::string> unconfirmedAliases{};
  std::vector<std::string> outside{};  ///< other people's domains: listed with both flags false
  bool incomingBlocked = false;
  bool disabled = false;  ///< no login; mail still comes in
  std::string name{};
  std::string role = "member";  ///< super_admin, admin, member
  std::uint64_t zuid = 0;       ///< 0: the next free one
};

struct ZohoGroup {
  std::string name;
  std::string email{};  ///< "": a department group that exists in IAM only
  std::vector<std::string> aliases{};
  std::vector<std::string> members{};  ///< primary addresses; shows up in these users' groupList
  bool sharedMailbox = false;          ///< carries mbtype "2"
  std::string accessType = "Public";
  std::uint64_t zgid = 0;  ///< 0: the next free one
};

struct ZohoDomain {
  std::string name;
  bool primary = false;
  bool verified = true;
  bool mailHosting = true;
  std::string aliasOf{};                          ///< the main domain, when this one is an alias domain
  std::optional<bool> subDomainStripping = true;  ///< unset: the field is left out
  std::string catchAll{};                         ///< "": none
};

struct ZohoOrganization {
  std::string id;
  std::string clientId = "1000.SIMCLIENT";
  std::string clientSecret = "simsecret";
  std::string refreshToken{};  ///< "": only client credentials work
  /// What a token may be asked for.
  std::set<std::string> scopes{"ZohoMail.organization.accounts.READ", "ZohoMail.organization.groups.READ",
                               "ZohoMail.organization.domains.READ"};
  std::vector<ZohoUser> users{};
  std::vector<ZohoGroup> groups{};
  std::vector<ZohoDomain> domains{};
};

/// Where the real thing is not documented, differs by tenant or sets a trap. The defaults are what
/// live answers showed.
struct ZohoBehavior {
  enum class ErrorShape {
    Object,  ///< {"status":{"code":401,…},"data":{"errorCode":…}}
    Array,   ///< [2,{"msg":…,"status":"401","errorCode":…}]
  };
  enum class AccountIds { Numbers, Strings, Mixed };

  // Tokens.
  std::size_t tokensPer10Minutes = 10;  ///< per client; 0: no limit
  std::size_t liveTokens = 10;          ///< per client and organisation, the oldest dies; 0: no limit
  std::chrono::seconds tokenLifetime{3600};
  int tokenErrorStatus = 200;
  std::string wrongSecretError = "invalid_client";

  // Calls.
  std::size_t callsPerMinute = 30;  ///< per client and organisation; 0: no limit
  std::chrono::seconds callLock{300};
  int callLockStatus = 429;
  std::optional<std::chrono::seconds> callLockRetryAfter{};
  ErrorShape tokenShape = ErrorShape::Object;  ///< of INVALID_OAUTHTOKEN
  ErrorShape scopeShape = ErrorShape::Array;   ///< of INVALID_OAUTHSCOPE
  int scopeStatus = 401;

  // Listings.
  std::size_t defaultLimit = 10;
  std::size_t accountsMax = 500;  ///< a larger `limit` counts as this
  std::size_t groupsMax = 25;
  unsigned accountsStart = 0;  ///< the number of the first row, 0 or 1
  unsigned groupsStart = 1;
  bool stagnantGroups = false;  ///< always the first `defaultLimit` groups, whatever `start` says
  bool pagedDomains = false;    ///< honours start and limit when they are given; else all, always
  bool singleUserAsObject = false;
  bool groupsAsBareArray = false;
  bool aliasObjects = true;  ///< a group's aliasList holds {"mailId":…}; else strings
  AccountIds accountIds = AccountIds::Mixed;
  bool strippingAsBoolean = false;  ///< subDomainStripping true/false; else 1/0
};

}  // namespace splitdelivery::simulators
