#include "simulators/zoho.h"

#include <gmock/gmock.h>

#include <set>
#include <vector>

#include "simulators/asking.h"

namespace splitdelivery::simulators {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr const char* kBase = "/api/organization/60012345/";

class AnOrganization : public ::testing::Test {
 protected:
  AnOrganization() {
    zoho.addOrganization({.id = kOrganization});
    zoho.behavior.tokensPer10Minutes = 0;
  }
  void addUsers(int count) {
    for (int i = 0; i < count; ++i) zoho.addUser(kOrganization, {.email = "user" + std::to_string(i) + "@example.com"});
  }
  void addGroups(int count) {
    for (int i = 0; i < count; ++i) {
      zoho.addGroup(kOrganization, {.name = std::to_string(i), .email = "group" + std::to_string(i) + "@example.com"});
    }
  }
  nlohmann::json data(const std::string& resource) { return jsonOf(getResource(zoho, resource))["data"]; }
  std::vector<std::string> emails(const std::string& resource) {
    std::vector<std::string> all;
    for (const auto& row : data(resource)) all.push_back(row["primaryEmailAddress"]);
    return all;
  }
  /// Error code and status of what `request` gets, in either shape.
  static std::pair<int, std::string> errorOf(const Reply& reply) {
    const auto body = jsonOf(reply);
    return {reply.status, body.is_array() ? body[1]["errorCode"] : body["data"]["errorCode"]};
  }

  Zoho zoho;
};

TEST_F(AnOrganization, ListsTenAccountsWhenNobodySaysHowMany) {
  addUsers(12);
  EXPECT_THAT(data("accounts"), SizeIs(10));
  EXPECT_THAT(data("accounts?limit=200"), SizeIs(12));
  EXPECT_THAT(emails("accounts?start=10&limit=5"), ElementsAre("user10@example.com", "user11@example.com"));
  EXPECT_THAT(data("accounts?start=12"), IsEmpty());
}

TEST_F(AnOrganization, CanCountItsRowsFromOne) {
  addUsers(3);
  zoho.behavior.accountsStart = 1;
  EXPECT_THAT(data("accounts?start=0"), SizeIs(3));
  EXPECT_THAT(data("accounts?start=1"), SizeIs(3));
  EXPECT_THAT(emails("accounts?start=3"), ElementsAre("user2@example.com")) << "one that was seen already";
}

TEST_F(AnOrganization, CutsALimitThatIsTooLarge) {
  addUsers(6);
  addGroups(30);
  zoho.behavior.accountsMax = 4;
  EXPECT_THAT(data("accounts?limit=500"), SizeIs(4));
  EXPECT_THAT(data("groups?limit=200")["groups"], SizeIs(25));
}

TEST_F(AnOrganization, DescribesAUserAsZohoDoes) {
  zoho.addUser(kOrganization, {.email = "ida@example.com",
                               .aliases = {"hello@example.com"},
                               .unconfirmedAliases = {"new@example.com"},
                               .outside = {"ida.home@webmail.example"},
                               .role = "super_admin"});
  const auto row = data("accounts")[0];
  EXPECT_EQ(row["primaryEmailAddress"], "ida@example.com");
  EXPECT_EQ(row["role"], "super_admin");
  EXPECT_EQ(row["mailboxStatus"], "enabled");
  EXPECT_EQ(row["incomingBlocked"], false);
  EXPECT_EQ(row["policyId"]["zoid"], 60012345);
  EXPECT_EQ(row["emailAddress"], nlohmann::json::parse(R"([
    {"mailId":"ida@example.com","isPrimary":true,"isAlias":false,"isConfirmed":true},
    {"mailId":"hello@example.com","isPrimary":false,"isAlias":true,"isConfirmed":true},
    {"mailId":"new@example.com","isPrimary":false,"isAlias":true,"isConfirmed":false},
    {"mailId":"ida.home@webmail.example","isPrimary":false,"isAlias":false,"isConfirmed":true}])"));
}

TEST_F(AnOrganization, MarksBlockedAndDisabledUsers) {
  zoho.addUser(kOrganization, {.email = "old@example.com", .incomingBlocked = true, .disabled = true});
  zoho.addUser(kOrganization, {.email = "away@example.com", .disabled = true});
  const auto rows = data("accounts");
  EXPECT_EQ(rows[0]["incomingBlocked"], true);
  EXPECT_EQ(rows[0]["mailboxStatus"], "disabled");
  EXPECT_EQ(rows[0]["enabled"], false);
  EXPECT_EQ(rows[1]["incomingBlocked"], false);
  EXPECT_EQ(rows[1]["status"], false);
}

TEST_F(AnOrganization, GivesAccountIdsThatNoDoubleHolds) {
  addUsers(2);
  for (const auto form :
       {ZohoBehavior::AccountIds::Numbers, ZohoBehavior::AccountIds::Strings, ZohoBehavior::AccountIds::Mixed}) {
    zoho.behavior.accountIds = form;
    std::set<bool> texts;
    for (const auto& row : data("accounts")) {
      texts.insert(row["accountId"].is_string());
      const auto id = row["accountId"].is_string() ? std::stoull(row["accountId"].get<std::string>())
                                                   : row["accountId"].get<std::uint64_t>();
      EXPECT_GT(id, std::uint64_t{1} << 53U);
    }
    EXPECT_EQ(texts.size(), form == ZohoBehavior::AccountIds::Mixed ? 2U : 1U);
  }
}

TEST_F(AnOrganization, CanGiveASingleUserAsABareObject) {
  zoho.behavior.singleUserAsObject = true;
  addUsers(1);
  EXPECT_EQ(data("accounts")["primaryEmailAddress"], "user0@example.com");
  EXPECT_TRUE(data("accounts?start=1").is_array());
  addUsers(1);
  EXPECT_TRUE(data("accounts").is_array());
}

TEST_F(AnOrganization, ListsGroupsInPagesFromOne) {
  addGroups(30);
  EXPECT_EQ(data("groups")["count"], 10);
  EXPECT_EQ(data("groups?start=26&limit=25")["groups"][0]["name"], "25");
  EXPECT_THAT(data("groups?start=26&limit=25")["groups"], SizeIs(5));
  EXPECT_THAT(data("groups?start=31")["groups"], IsEmpty());
  zoho.behavior.groupsAsBareArray = true;
  EXPECT_TRUE(data("groups").is_array());
}

TEST_F(AnOrganization, StagnantGroupsNeverMoveOn) {
  addGroups(12);
  zoho.addGroup(kOrganization, {.name = "first", .email = "first@example.com", .zgid = 5});
  zoho.behavior.stagnantGroups = true;
  const auto page = data("groups?start=0&limit=25");
  EXPECT_THAT(page["groups"], SizeIs(10));
  EXPECT_EQ(page["groups"][0]["name"], "first") << "lowest ids first";
  EXPECT_EQ(data("groups?start=10&limit=25"), page);
}

TEST_F(AnOrganization, DescribesGroupsSharedMailboxesAndDepartments) {
  addUsers(1);
  zoho.addGroup(kOrganization, {.name = "Sales",
                                .email = "sales@example.com",
                                .aliases = {"orders@example.com"},
                                .members = {"user0@example.com", "guest@elsewhere.example"}});
  zoho.addGroup(kOrganization, {.name = "Support", .email = "support@example.com", .sharedMailbox = true});
  zoho.addGroup(kOrganization, {.name = "Finance", .members = {"user0@example.com"}});
  const auto groups = data("groups")["groups"];
  EXPECT_EQ(groups[0]["aliasList"], nlohmann::json::parse(R"([{"mailId":"orders@example.com"}])"));
  EXPECT_EQ(groups[0]["mailGroupMemberList"][0]["memberType"], "orgUser");
  EXPECT_TRUE(groups[0]["mailGroupMemberList"][1]["zuid"].is_null());
  EXPECT_FALSE(groups[0].contains("mbtype"));
  EXPECT_EQ(groups[1]["mbtype"], "2");
  EXPECT_FALSE(groups[2].contains("emailId"));
  EXPECT_EQ(groups[2]["iamGroupExist"], true);

  const auto own = data("accounts")[0]["groupList"];
  EXPECT_EQ(own[0]["emailId"], "sales@example.com");
  EXPECT_FALSE(own[1].contains("emailId"));

  zoho.behavior.aliasObjects = false;
  const auto one = data("groups/" + groups[0]["zgid"].dump());
  EXPECT_EQ(one["aliasList"], nlohmann::json::parse(R"(["orders@example.com"])"));
}

TEST_F(AnOrganization, DescribesItsDomains) {
  zoho.addDomain(kOrganization, {.name = "example.com", .primary = true});
  zoho.addDomain(kOrganization, {.name = "example.net",
                                 .mailHosting = false,
                                 .aliasOf = "example.com",
                                 .subDomainStripping = std::nullopt,
                                 .catchAll = "anna@example.com"});
  const auto domains = data("domains")["domainVO"];
  EXPECT_EQ(domains[0]["domainAlias"], "example.net");
  EXPECT_EQ(domains[0]["subDomainStripping"], 1);
  EXPECT_EQ(domains[0]["catchAllAddress"], "");
  EXPECT_EQ(domains[1]["isDomainAlias"], true);
  EXPECT_EQ(domains[1]["mxstatus"], "expired");
  EXPECT_FALSE(domains[1].contains("subDomainStripping"));
  EXPECT_FALSE(domains[1].contains("domainAlias"));
  zoho.behavior.strippingAsBoolean = true;
  EXPECT_EQ(data("domains")["domainVO"][0]["subDomainStripping"], true);
}

TEST_F(AnOrganization, DoesNotPageDomainsUnlessToldTo) {
  for (int i = 0; i < 12; ++i) zoho.addDomain(kOrganization, {.name = "d" + std::to_string(i) + ".example.com"});
  EXPECT_THAT(data("domains?start=10&limit=5")["domainVO"], SizeIs(12));
  zoho.behavior.pagedDomains = true;
  EXPECT_THAT(data("domains?start=10&limit=5")["domainVO"], SizeIs(2));
  EXPECT_THAT(data("domains")["domainVO"], SizeIs(12));
}

TEST_F(AnOrganization, ForgetsWhoIsRemoved) {
  addUsers(2);
  addGroups(1);
  EXPECT_TRUE(zoho.removeUser(kOrganization, "user0@example.com"));
  EXPECT_FALSE(zoho.removeUser(kOrganization, "user0@example.com"));
  EXPECT_TRUE(zoho.removeGroup(kOrganization, "0"));
  EXPECT_THAT(emails("accounts"), ElementsAre("user1@example.com"));
  EXPECT_THAT(data("groups")["groups"], IsEmpty());
  EXPECT_EQ(zoho.user(kOrganization, "user1@example.com").role, "member");
  EXPECT_THROW((void)zoho.user(kOrganization, "user0@example.com"), std::out_of_range);
}

TEST_F(AnOrganization, WantsItsOwnSchemeAndALiveToken) {
  const std::string target = std::string(kBase) + "accounts";
  const std::string token = tokenOf(askForToken(zoho));
  const Reply bearer = zoho.handle(Request::make("GET", target, {{"authorization", "Bearer " + token}}), kNoon);
  EXPECT_EQ(errorOf(bearer), std::pair(401, std::string("INVALID_OAUTHTOKEN")));
  EXPECT_THAT(bearer.complaints, SizeIs(1));

  const Reply unknown = getWith(zoho, "1000.unknown", target);
  EXPECT_EQ(errorOf(unknown), std::pair(401, std::string("INVALID_OAUTHTOKEN")));
  EXPECT_THAT(unknown.complaints, IsEmpty());
  EXPECT_EQ(jsonOf(unknown)["status"]["code"], 401);

  zoho.behavior.tokenShape = ZohoBehavior::ErrorShape::Array;
  EXPECT_EQ(errorOf(getWith(zoho, "1000.unknown", target)).second, "INVALID_OAUTHTOKEN");
  EXPECT_TRUE(jsonOf(getWith(zoho, "1000.unknown", target)).is_array());

  EXPECT_EQ(getWith(zoho, token, target).status, 200);
  zoho.revokeTokens();
  EXPECT_EQ(getWith(zoho, token, target).status, 401);
}

TEST_F(AnOrganization, RefusesWhatTheTokensScopeDoesNotCover) {
  zoho.behavior.callsPerMinute = 0;
  Fields few;
  for (const auto& [name, value] : clientCredentials()) {
    few.add(name, name == "scope" ? "ZohoMail.organization.accounts.READ" : value);
  }
  const std::string token = tokenOf(askForToken(zoho, few));
  EXPECT_EQ(getWith(zoho, token, std::string(kBase) + "accounts").status, 200);
  const Reply refused = getWith(zoho, token, std::string(kBase) + "groups");
  EXPECT_EQ(errorOf(refused), std::pair(401, std::string("INVALID_OAUTHSCOPE")));
  EXPECT_EQ(jsonOf(refused)[0], 2) << "an array at the top";

  zoho.behavior.scopeShape = ZohoBehavior::ErrorShape::Object;
  zoho.behavior.scopeStatus = 404;
  EXPECT_EQ(errorOf(getWith(zoho, token, std::string(kBase) + "groups")),
            std::pair(404, std::string("INVALID_OAUTHSCOPE")));
}

TEST_F(AnOrganization, IsClosedToTheTokensOfOthers) {
  zoho.addOrganization({.id = "60012346"});
  const std::string token = tokenOf(askForToken(zoho, clientCredentials("60012346")));
  EXPECT_EQ(errorOf(getWith(zoho, token, std::string(kBase) + "accounts")),
            std::pair(403, std::string("OPERATION_NOT_PERMITTED")));
}

TEST_F(AnOrganization, ComplainsOfRequestsThatNoClientShouldSend) {
  struct Case {
    const char* method;
    const char* target;
    int status;
    const char* code;
  };
  const std::vector<Case> cases = {
      {"GET", "/api/organisation/60012345/accounts", 404, "URL_RULE_NOT_CONFIGURED"},
      {"GET", "/api/organization/60012345/users", 404, "URL_RULE_NOT_CONFIGURED"},
      {"GET", "/api/organization/60012345/accounts/1", 404, "URL_RULE_NOT_CONFIGURED"},
      {"POST", "/api/organization/60012345/accounts", 404, "URL_RULE_NOT_CONFIGURED"},
      {"GET", "/api/organization/example/accounts", 400, "PATTERN_NOT_MATCHED"},
      {"GET", "/api/organization/60012345/groups/sales", 400, "PATTERN_NOT_MATCHED"},
      {"GET", "/api/organization/60012345/accounts?start=x", 400, "PATTERN_NOT_MATCHED"},
      {"GET", "/api/organization/60012345/accounts?limit=0", 400, "PATTERN_NOT_MATCHED"},
      {"GET", "/api/organization/60012345/groups?limit=-1", 400, "PATTERN_NOT_MATCHED"},
      {"GET", "/api/organization/60012345/domains?start=", 400, "PATTERN_NOT_MATCHED"},
  };
  for (const auto& [method, target, status, code] : cases) {
    SCOPED_TRACE(std::string(method) + ' ' + target);
    const std::string token = tokenOf(askForToken(zoho));
    const Reply reply =
        zoho.handle(Request::make(method, target, {{"authorization", "Zoho-oauthtoken " + token}}), kNoon);
    EXPECT_EQ(errorOf(reply), std::pair(status, std::string(code)));
    EXPECT_THAT(reply.complaints, SizeIs(1));
  }
  EXPECT_THAT(getResource(zoho, "accounts?offset=3").complaints, ElementsAre("no such parameter: offset"));
  EXPECT_THAT(getResource(zoho, "accounts?start=0&limit=200").complaints, IsEmpty());
}

TEST_F(AnOrganization, LocksAClientThatCallsMoreThanThirtyTimesAMinute) {
  const std::string token = tokenOf(askForToken(zoho));
  const std::string target = std::string(kBase) + "accounts";
  for (int i = 0; i < 30; ++i) EXPECT_EQ(getWith(zoho, token, target, kNoon + i * 1s).status, 200);
  const Reply refused = getWith(zoho, token, target, kNoon + 59s);
  EXPECT_EQ(errorOf(refused), std::pair(429, std::string("URL_ROLLING_THROTTLES_LIMIT_EXCEEDED")));
  EXPECT_EQ(refused.headers.count("retry-after"), 0U);
  EXPECT_EQ(getWith(zoho, token, target, kNoon + 59s + 299s).status, 429) << "locked for five minutes";
  EXPECT_EQ(getWith(zoho, token, target, kNoon + 59s + 300s).status, 200);
}

TEST_F(AnOrganization, LetsAClientGoOnAtAGentlePace) {
  const std::string token = tokenOf(askForToken(zoho));
  for (int i = 0; i < 200; ++i) {
    ASSERT_EQ(getWith(zoho, token, std::string(kBase) + "accounts", kNoon + i * 2s).status, 200);
  }
}

TEST_F(AnOrganization, CanSayHowLongTheLockLasts) {
  zoho.behavior.callsPerMinute = 1;
  zoho.behavior.callLockRetryAfter = 60s;
  const std::string token = tokenOf(askForToken(zoho));
  getWith(zoho, token, std::string(kBase) + "accounts");
  EXPECT_EQ(getWith(zoho, token, std::string(kBase) + "accounts").headers.at("retry-after"), "60");
}

TEST_F(AnOrganization, NamesItsEndpointsInTheJournal) {
  const auto name = [this](const char* target) { return zoho.endpoint(Request::make("GET", target)); };
  EXPECT_EQ(name("/api/organization/1/accounts?start=0"), "GET accounts");
  EXPECT_EQ(name("/api/organization/1/groups"), "GET groups");
  EXPECT_EQ(name("/api/organization/1/groups/77"), "GET group");
  EXPECT_EQ(name("/api/organization/1/domains"), "GET domains");
  EXPECT_EQ(name("/favicon.ico"), "GET other");
}

TEST_F(AnOrganization, TellsWhoAsked) {
  EXPECT_EQ(getResource(zoho, "accounts").user, "1000.SIMCLIENT/60012345");
}

}  // namespace
}  // namespace splitdelivery::simulators
