#include "zoho/token_answer.h"

#include <gtest/gtest.h>

#include "api/zoho_hosts.h"
#include "zoho/payloads.h"

namespace splitdelivery::zoho {
namespace {

using namespace std::chrono_literals;
using base::ErrorKind;
namespace payload = splitdelivery::testing::payload;

constexpr std::string_view kAccounts = "https://accounts.zoho.eu";
constexpr base::WallTime kNow{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};

base::Result<MintedToken> read(int status, std::string body,
                               std::vector<std::pair<std::string, std::string>> headers = {}) {
  return readTokenAnswer({.status = status, .body = std::move(body), .headers = std::move(headers)}, kAccounts, kNow);
}

TEST(ATokenAnswer, IsASuccessWhenItHoldsATokenWhateverTheStatus) {
  for (const int status : {200, 201, 400, 500}) {
    const auto minted = read(status, payload::kToken);
    ASSERT_TRUE(minted.has_value()) << status;
    EXPECT_EQ(minted->token.reveal(), payload::kAccessToken);
    EXPECT_EQ(minted->lifetime, 3600s);
  }
}

TEST(ATokenAnswer, IsNoSuccessWithoutANonEmptyStringForAToken) {
  for (const char* body : {R"({"access_token":""})", R"({"access_token":null})", R"({"access_token":7})",
                           R"({"access_token":["x"]})", R"(["access_token","x"])", "{}"}) {
    EXPECT_FALSE(read(200, body).has_value()) << body;
  }
}

TEST(ATokenAnswer, SaysHowLongTheTokenLivesButNeverMoreThanAnHour) {
  const auto life = [](const std::string& field) {
    return read(200, R"({"access_token":"x")" + field + "}")->lifetime;
  };
  EXPECT_EQ(life(R"(,"expires_in":60)"), 60s);
  EXPECT_EQ(life(R"(,"expires_in":"1800")"), 1800s);
  EXPECT_EQ(life(R"(,"expires_in":3600000)"), 3600s) << "milliseconds";
  EXPECT_EQ(life(R"(,"expires_in":-1)"), 3600s);
  EXPECT_EQ(life(""), 3600s);
}

struct Failure {
  const char* name;
  int status;
  std::string body;
  ErrorKind kind;
  std::string_view reason;
};

class ARefusedToken : public ::testing::TestWithParam<Failure> {};

TEST_P(ARefusedToken, BecomesAnErrorThatCarriesItsPolicy) {
  const auto minted = read(GetParam().status, GetParam().body);
  ASSERT_FALSE(minted.has_value());
  EXPECT_EQ(minted.error().kind, GetParam().kind) << minted.error().message;
  EXPECT_EQ(minted.error().reason, GetParam().reason);
  payload::expectDiscreet(minted.error());
}

INSTANTIATE_TEST_SUITE_P(
    Codes, ARefusedToken,
    ::testing::Values(
        Failure{"client", 200, R"({"error":"invalid_client"})", ErrorKind::Stall, "InvalidClient"},
        Failure{"client 400", 400, R"({"error":"invalid_client"})", ErrorKind::Stall, "InvalidClient"},
        Failure{"client 401", 401, R"({"error":"invalid_client"})", ErrorKind::Stall, "InvalidClient"},
        Failure{"secret", 200, R"({"error":"invalid_client_secret"})", ErrorKind::Stall, "InvalidClient"},
        Failure{"scope", 200, R"({"error":"invalid_scope"})", ErrorKind::Stall, "InvalidScope"},
        Failure{"no org", 200, R"({"error":"missing_org_info"})", ErrorKind::Stall, "InvalidOrganization"},
        Failure{"soid", 200, R"({"error":"invalid_soid"})", ErrorKind::Stall, "InvalidOrganization"},
        Failure{"org", 400, R"({"error":"invalid_org"})", ErrorKind::Stall, "InvalidOrganization"},
        Failure{"code", 200, R"({"error":"invalid_code"})", ErrorKind::Stall, "InvalidRefreshToken"},
        Failure{"grant", 200, R"({"error":"invalid_grant"})", ErrorKind::Stall, "InvalidRefreshToken"},
        Failure{"throttle", 400, payload::kTokenThrottle, ErrorKind::Wait, "TokenThrottled"},
        Failure{"throttle in other words", 400, R"({"error":"access denied","error_description":"REMOTE-TEXT"})",
                ErrorKind::Wait, "TokenThrottled"},
        Failure{"throttle with HTTP 200", 200, payload::kTokenThrottle, ErrorKind::Wait, "TokenThrottled"},
        Failure{"429", 429, "<html>REMOTE-TEXT", ErrorKind::Wait, "TokenThrottled"},
        Failure{"unknown code", 200, R"({"error":"REMOTE-TEXT"})", ErrorKind::Retry, "UnexpectedAnswer"},
        Failure{"a page", 200, "<html>REMOTE-TEXT</html>", ErrorKind::Retry, "UnexpectedAnswer"},
        Failure{"a page with 404", 404, "<html>REMOTE-TEXT</html>", ErrorKind::Retry, "UnexpectedAnswer"},
        Failure{"half an answer", 200, payload::kToken.substr(0, 60), ErrorKind::Retry, "UnexpectedAnswer"},
        Failure{"nothing", 200, "", ErrorKind::Retry, "UnexpectedAnswer"},
        Failure{"trouble", 503, "<html>REMOTE-TEXT</html>", ErrorKind::Retry, "ServerError"},
        Failure{"redirect", 302, payload::kToken, ErrorKind::Stall, "UnexpectedRedirect"}));

TEST(AnUnknownClient, IsToldAboutTheDataCentresToTry) {
  const auto error = read(200, R"({"error":"invalid_client"})").error();
  EXPECT_NE(error.message.find("clientId"), std::string::npos);
  EXPECT_NE(error.message.find("clientSecret"), std::string::npos);
  EXPECT_NE(error.message.find("data centre"), std::string::npos);
  for (const auto& hosts : api::allZohoHosts()) {
    EXPECT_NE(error.message.find(" " + std::string(hosts.dataCenter)), std::string::npos) << hosts.dataCenter;
  }
}

TEST(AnAnswerThatIsNone, NamesTheHostToCheck) {
  for (const auto& minted : {read(200, "<html>"), read(302, ""), read(500, "")}) {
    EXPECT_NE(minted.error().message.find(kAccounts), std::string::npos) << minted.error().message;
  }
}

TEST(AThrottledToken, WaitsForTheRestOfTheWindowUnlessToldOtherwise) {
  EXPECT_EQ(read(400, payload::kTokenThrottle).error().retryAfter, 600s);
  EXPECT_EQ(read(400, payload::kTokenThrottle, {{"retry-after", "42"}}).error().retryAfter, 42s);
}

}  // namespace
}  // namespace splitdelivery::zoho
