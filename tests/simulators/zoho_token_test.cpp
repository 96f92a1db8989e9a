#include <gmock/gmock.h>

#include <vector>

#include "simulators/asking.h"

namespace splitdelivery::simulators {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ATokenEndpoint : public ::testing::Test {
 protected:
  ATokenEndpoint() { zoho.addOrganization({.id = kOrganization, .refreshToken = "1000.refresh"}); }

  static Fields with(const std::string& name, const std::string& value) {
    Fields changed;
    for (const auto& [field, old] : clientCredentials()) changed.add(field, field == name ? value : old);
    return changed;
  }
  static Fields refresh(const std::string& token) {
    return {{"grant_type", "refresh_token"},
            {"client_id", "1000.SIMCLIENT"},
            {"client_secret", "simsecret"},
            {"refresh_token", token}};
  }
  std::string errorOf(const Fields& fields) { return jsonOf(askForToken(zoho, fields)).value("error", ""); }

  Zoho zoho;
};

TEST_F(ATokenEndpoint, GivesATokenForClientCredentials) {
  const Reply reply = askForToken(zoho);
  EXPECT_EQ(reply.status, 200);
  EXPECT_THAT(reply.complaints, IsEmpty());
  const auto body = jsonOf(reply);
  EXPECT_FALSE(tokenOf(reply).empty());
  EXPECT_EQ(body["token_type"], "Bearer");
  EXPECT_EQ(body["expires_in"], 3600);
  EXPECT_FALSE(body.contains("refresh_token"));
  EXPECT_EQ(body["scope"].get<std::string>().find(','), std::string::npos) << "granted scopes are joined by blanks";
}

TEST_F(ATokenEndpoint, TakesItsParametersFromTheQueryToo) {
  const auto request = Request::make("POST", "/oauth/v2/token?" + clientCredentials().encode());
  EXPECT_FALSE(tokenOf(zoho.handle(request, kNoon)).empty());
}

TEST_F(ATokenEndpoint, GivesATokenForARefreshToken) {
  EXPECT_FALSE(tokenOf(askForToken(zoho, refresh("1000.refresh"))).empty());
  EXPECT_EQ(errorOf(refresh("1000.dead")), "invalid_code");
  EXPECT_EQ(errorOf(refresh("")), "invalid_code");
}

TEST_F(ATokenEndpoint, AnOrganizationWithoutARefreshTokenHasNone) {
  zoho.organization(kOrganization).refreshToken.clear();
  EXPECT_EQ(errorOf(refresh("1000.refresh")), "invalid_code");
}

TEST_F(ATokenEndpoint, RefusesWithStatus200AndItsOwnWords) {
  struct Case {
    const char* field;
    const char* value;
    const char* error;
    bool bad;  ///< no client would be meant to send this
  };
  const std::vector<Case> cases = {
      {"client_id", "1000.OTHER", "invalid_client", false},
      {"client_id", "", "invalid_client", true},
      {"client_secret", "wrong", "invalid_client", false},
      {"soid", "", "missing_org_info", true},
      {"soid", "60012345", "invalid_soid", true},
      {"soid", "ZohoCRM.60012345", "invalid_soid", true},
      {"soid", "ZohoMail.60099999", "invalid_org", false},
      {"scope", "", "invalid_scope", true},
      {"scope", "ZohoMail.organization.accounts.READ ZohoMail.organization.groups.READ", "invalid_scope", true},
      {"scope", "ZohoMail.organization.accounts.ALL", "invalid_scope", false},
      {"grant_type", "password", "invalid_grant", true},
  };
  for (const auto& [field, value, error, bad] : cases) {
    SCOPED_TRACE(std::string(field) + "=" + value);
    const Reply reply = askForToken(zoho, with(field, value));
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(jsonOf(reply), nlohmann::json({{"error", error}}));
    EXPECT_EQ(!reply.complaints.empty(), bad);
  }
}

TEST_F(ATokenEndpoint, CanRefuseWithAnotherStatusAndWord) {
  zoho.behavior.tokenErrorStatus = 401;
  zoho.behavior.wrongSecretError = "invalid_client_secret";
  const Reply reply = askForToken(zoho, with("client_secret", "wrong"));
  EXPECT_EQ(reply.status, 401);
  EXPECT_EQ(jsonOf(reply)["error"], "invalid_client_secret");
}

TEST_F(ATokenEndpoint, AnotherDataCentreDoesNotKnowTheClient) {
  Zoho elsewhere;
  EXPECT_EQ(jsonOf(askForToken(elsewhere))["error"], "invalid_client");
}

TEST_F(ATokenEndpoint, WantsPostAndAForm) {
  EXPECT_EQ(zoho.handle(Request::make("GET", "/oauth/v2/token"), kNoon).status, 405);
  auto json = Request::make("POST", "/oauth/v2/token", {{"content-type", "application/json"}}, R"({"client_id":"x"})");
  EXPECT_THAT(zoho.handle(json, kNoon).complaints, ElementsAre("the body is no form"));
}

TEST_F(ATokenEndpoint, GivesTenTokensInTenMinutesThenRefusesInAnotherShape) {
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(tokenOf(askForToken(zoho, clientCredentials(), kNoon + i * 1s)).empty());
  const Reply eleventh = askForToken(zoho, clientCredentials(), kNoon + 10s);
  EXPECT_EQ(eleventh.status, 400);
  EXPECT_EQ(jsonOf(eleventh)["error"], "Access Denied");
  EXPECT_EQ(jsonOf(eleventh)["status"], "failure");
  EXPECT_TRUE(jsonOf(eleventh)["error_description"].get<std::string>().starts_with("You have made too many requests"));

  EXPECT_EQ(askForToken(zoho, clientCredentials(), kNoon + 10min - 1s).status, 400);
  EXPECT_EQ(askForToken(zoho, clientCredentials(), kNoon + 10min).status, 200) << "the first has left the window";
  EXPECT_EQ(askForToken(zoho, clientCredentials(), kNoon + 10min).status, 400);
}

TEST_F(ATokenEndpoint, TheThrottleCountsByClientAndCanBeOff) {
  zoho.addOrganization({.id = "60012346"});
  zoho.behavior.tokensPer10Minutes = 2;
  EXPECT_EQ(askForToken(zoho).status, 200);
  EXPECT_EQ(askForToken(zoho, clientCredentials("60012346")).status, 200);
  EXPECT_EQ(askForToken(zoho).status, 400) << "the same client for both organisations";
  zoho.behavior.tokensPer10Minutes = 0;
  for (int i = 0; i < 100; ++i) EXPECT_EQ(askForToken(zoho).status, 200);
}

TEST_F(ATokenEndpoint, TokensDieOfAgeAndOfYoungerOnes) {
  zoho.behavior.tokensPer10Minutes = 0;
  const std::string accounts = std::string("/api/organization/") + kOrganization + "/accounts";
  const std::string first = tokenOf(askForToken(zoho));
  EXPECT_EQ(getWith(zoho, first, accounts, kNoon + 3599s).status, 200);
  EXPECT_EQ(getWith(zoho, first, accounts, kNoon + 3600s).status, 401);

  const std::string second = tokenOf(askForToken(zoho, clientCredentials(), kNoon + 1h));
  for (int i = 0; i < 9; ++i) askForToken(zoho, clientCredentials(), kNoon + 1h);
  EXPECT_EQ(getWith(zoho, second, accounts, kNoon + 1h).status, 200);
  askForToken(zoho, clientCredentials(), kNoon + 1h);
  EXPECT_EQ(getWith(zoho, second, accounts, kNoon + 1h).status, 401) << "ten younger ones live";
}

TEST_F(ATokenEndpoint, HasANameInTheJournal) {
  EXPECT_EQ(zoho.endpoint(form("/oauth/v2/token", {})), "POST token");
  EXPECT_FALSE(zoho.isWrite(form("/oauth/v2/token", {}))) << "a token changes nothing that we care for";
}

}  // namespace
}  // namespace splitdelivery::simulators
