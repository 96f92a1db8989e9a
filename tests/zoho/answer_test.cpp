#include "zoho/answer.h"

#include <gtest/gtest.h>

#include "zoho/payloads.h"

namespace splitdelivery::zoho {
namespace {

using namespace std::chrono_literals;
using base::ErrorKind;
namespace payload = splitdelivery::testing::payload;

constexpr std::string_view kOrigin = "https://mail.zoho.eu";
constexpr base::WallTime kNow{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};

base::Result<Json> read(int status, std::string body, std::vector<std::pair<std::string, std::string>> headers = {}) {
  return readAnswer({.status = status, .body = std::move(body), .headers = std::move(headers)}, kOrigin, kNow);
}

TEST(AnAnswer, GivesItsDataWhenItIsASuccess) {
  const auto data = read(200, R"({"status":{"code":200,"description":"success"},"data":[1,2]})");
  ASSERT_TRUE(data.has_value());
  EXPECT_EQ(*data, Json::array({1, 2}));
  EXPECT_TRUE(read(200, R"({"status":{"code":"200"},"data":{}})").has_value()) << "the code as a string";
  EXPECT_TRUE(read(201, R"({"status":{"code":201},"data":{}})").has_value());
}

TEST(AnAnswer, WithoutDataIsNull) {
  for (const char* body : {R"({"status":{"code":200}})", R"({"status":{"code":200},"data":null})"}) {
    const auto data = read(200, body);
    ASSERT_TRUE(data.has_value()) << body;
    EXPECT_TRUE(data->is_null()) << body;
  }
}

struct Failure {
  const char* name;
  int status;
  std::string body;
  ErrorKind kind;
  std::string_view reason;
};

class AFailedAnswer : public ::testing::TestWithParam<Failure> {};

TEST_P(AFailedAnswer, BecomesAnErrorThatCarriesItsPolicy) {
  const auto data = read(GetParam().status, GetParam().body);
  ASSERT_FALSE(data.has_value());
  EXPECT_EQ(data.error().kind, GetParam().kind) << data.error().message;
  EXPECT_EQ(data.error().reason, GetParam().reason) << data.error().message;
  EXPECT_EQ(data.error().retryAfter.has_value(), GetParam().kind == ErrorKind::Wait);
  payload::expectDiscreet(data.error());
}

std::string shapeA(int code, const std::string& data) {
  return R"({"status":{"code":)" + std::to_string(code) + R"(,"description":"REMOTE-TEXT"},"data":)" + data + "}";
}

INSTANTIATE_TEST_SUITE_P(
    Refusals, AFailedAnswer,
    ::testing::Values(Failure{"A", 401, payload::kTokenRefused, ErrorKind::Stall, "TokenRefused"},
                      Failure{"A with HTTP 200", 200, payload::kTokenRefused, ErrorKind::Stall, "TokenRefused"},
                      Failure{"B", 401, payload::kScopeRefused, ErrorKind::Stall, "InvalidScope"},
                      Failure{"B with HTTP 200", 200, payload::kScopeRefused, ErrorKind::Stall, "InvalidScope"},
                      Failure{"scope as 403", 403, shapeA(403, R"({"errorCode":"INVALID_OAUTHSCOPE"})"),
                              ErrorKind::Stall, "InvalidScope"},
                      Failure{"scope as 404", 404, shapeA(404, R"({"errorCode":"INVALID_OAUTHSCOPE"})"),
                              ErrorKind::Stall, "InvalidScope"},
                      Failure{"code under error", 401, shapeA(401, R"({"error":"INVALID_OAUTHTOKEN"})"),
                              ErrorKind::Stall, "TokenRefused"},
                      Failure{"code in errorData", 401,
                              shapeA(401, R"({"errorData":{"errorCode":"INVALID_OAUTHTOKEN"}})"), ErrorKind::Stall,
                              "TokenRefused"},
                      Failure{"bad path", 404, shapeA(404, R"({"errorCode":"URL_RULE_NOT_CONFIGURED"})"),
                              ErrorKind::Stall, "UnknownPath"},
                      Failure{"bad organization", 400,
                              shapeA(400, R"({"errorCode":"PATTERN_NOT_MATCHED","moreInfo":"REMOTE-TEXT"})"),
                              ErrorKind::Stall, "InvalidOrganization"},
                      Failure{"no administrator", 403, shapeA(403, R"({"errorCode":"OPERATION_NOT_PERMITTED"})"),
                              ErrorKind::Stall, "AccessDenied"},
                      Failure{"unknown 403", 403, shapeA(403, R"({"errorCode":"REMOTE-TEXT here"})"), ErrorKind::Stall,
                              "AccessDenied"},
                      Failure{"unknown 401 without code", 401, shapeA(401, "{}"), ErrorKind::Stall, "AccessDenied"},
                      Failure{"unknown 404", 404, shapeA(404, R"({"errorCode":"REMOTE-TEXT"})"), ErrorKind::Retry,
                              "UnexpectedAnswer"},
                      Failure{"404 with HTTP 200", 200, shapeA(404, "[]"), ErrorKind::Retry, "UnexpectedAnswer"},
                      Failure{"code as a string", 200, R"({"status":{"code":"404"},"data":[]})", ErrorKind::Retry,
                              "UnexpectedAnswer"},
                      Failure{"error code in a success", 200, shapeA(200, R"({"errorCode":"REMOTE-TEXT"})"),
                              ErrorKind::Retry, "UnexpectedAnswer"}));

INSTANTIATE_TEST_SUITE_P(
    Trouble, AFailedAnswer,
    ::testing::Values(
        Failure{"500", 500, shapeA(500, "{}"), ErrorKind::Retry, "ServerError"},
        Failure{"502 page", 502, "<html>REMOTE-TEXT</html>", ErrorKind::Retry, "ServerError"},
        Failure{"500 with HTTP 200", 200, shapeA(500, "{}"), ErrorKind::Retry, "ServerError"},
        Failure{"a page", 200, "<html>REMOTE-TEXT</html>", ErrorKind::Retry, "UnexpectedAnswer"},
        Failure{"a page with 403", 403, "<html>REMOTE-TEXT</html>", ErrorKind::Retry, "UnexpectedAnswer"},
        Failure{"nothing", 200, "", ErrorKind::Retry, "UnexpectedAnswer"},
        Failure{"no content", 204, "", ErrorKind::Retry, "UnexpectedAnswer"},
        Failure{"no data, created", 201, R"({"status":{"code":200}})", ErrorKind::Retry, "UnexpectedAnswer"},
        Failure{"no data, another code", 200, R"({"status":{"code":201}})", ErrorKind::Retry, "UnexpectedAnswer"},
        Failure{"no data, no code", 200, R"({"status":{}})", ErrorKind::Retry, "UnexpectedAnswer"},
        Failure{"no data, an error", 200, R"({"status":{"code":200},"errorCode":"REMOTE-TEXT"})", ErrorKind::Retry,
                "UnexpectedAnswer"},
        Failure{"data is null, created", 201, shapeA(200, "null"), ErrorKind::Retry, "UnexpectedAnswer"},
        Failure{"no status", 200, R"({"data":[]})", ErrorKind::Retry, "UnexpectedAnswer"},
        Failure{"another JSON", 200, "[]", ErrorKind::Retry, "UnexpectedAnswer"},
        Failure{"a scalar", 200, "7", ErrorKind::Retry, "UnexpectedAnswer"},
        Failure{"bad UTF-8", 200, shapeA(200, "[\"\xFF\"]"), ErrorKind::Retry, "UnexpectedAnswer"},
        Failure{"two documents", 200, shapeA(200, "[]") + shapeA(200, "[]"), ErrorKind::Retry, "UnexpectedAnswer"},
        Failure{"a redirect", 302, "REMOTE-TEXT", ErrorKind::Stall, "UnexpectedRedirect"},
        Failure{"a redirect that looks well", 301, shapeA(200, "[]"), ErrorKind::Stall, "UnexpectedRedirect"}));

INSTANTIATE_TEST_SUITE_P(
    Throttles, AFailedAnswer,
    ::testing::Values(Failure{"429", 429, "", ErrorKind::Wait, "Throttled"},
                      Failure{"429 page", 429, "<html>REMOTE-TEXT</html>", ErrorKind::Wait, "Throttled"},
                      Failure{"429 in the body", 200, shapeA(429, "{}"), ErrorKind::Wait, "Throttled"},
                      Failure{"the code of Zoho Projects", 400,
                              R"({"error":{"title":"URL_ROLLING_THROTTLES_LIMIT_EXCEEDED","details":"REMOTE-TEXT"}})",
                              ErrorKind::Wait, "Throttled"},
                      Failure{"the code with HTTP 200", 200,
                              R"([2,{"errorCode":"URL_ROLLING_THROTTLES_LIMIT_EXCEEDED"}])", ErrorKind::Wait,
                              "Throttled"},
                      Failure{"the code deep inside", 400, R"({"a":[{"b":"URL_ROLLING_THROTTLES_LIMIT_EXCEEDED"}]})",
                              ErrorKind::Wait, "Throttled"}));

TEST(AFailedAnswer, NamesACodeOnlyWhenItCanBeNothingElse) {
  const auto named = read(404, shapeA(404, R"({"errorCode":"RESOURCE_MISSING"})"));
  EXPECT_NE(named.error().message.find("RESOURCE_MISSING"), std::string::npos);
  for (const char* code : {"Remote", "WITH SPACE", "A1", "<B>"}) {
    const auto unnamed = read(404, shapeA(404, R"({"errorCode":")" + std::string(code) + R"("})"));
    EXPECT_EQ(unnamed.error().message.find(code), std::string::npos) << unnamed.error().message;
  }
}

TEST(AFailedAnswer, NamesTheHostToCheck) {
  for (const auto& answer : {read(200, "<html>"), read(302, ""), read(500, "")}) {
    EXPECT_NE(answer.error().message.find(kOrigin), std::string::npos) << answer.error().message;
  }
}

TEST(AThrottle, HonoursRetryAfterWithinReason) {
  EXPECT_EQ(read(429, "", {{"retry-after", "17"}}).error().retryAfter, 17s);
  EXPECT_EQ(read(429, "", {{"retry-after", "0"}}).error().retryAfter, 1s);
  EXPECT_EQ(read(429, "", {{"retry-after", "99999999"}}).error().retryAfter, 24h);
  EXPECT_EQ(read(429, "").error().retryAfter, kPauseWhenThrottled);
  EXPECT_EQ(read(503, "", {{"retry-after", "17"}}).error().retryAfter, 17s);
}

TEST(AnAnswerCutShort, IsNeverASuccess) {
  const std::string whole = shapeA(200, payload::kAccounts);
  ASSERT_TRUE(read(200, whole).has_value());
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const auto data = read(200, whole.substr(0, length));
    ASSERT_FALSE(data.has_value()) << length;
    ASSERT_EQ(data.error().reason, "UnexpectedAnswer");
  }
}

TEST(AnAnswerOfAMillionBrackets, IsOneMoreThatWeDoNotUnderstand) {
  EXPECT_FALSE(read(200, std::string(1'000'000, '[')).has_value());
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  EXPECT_TRUE(read(200, shapeA(200, deep)).has_value()) << "deep, and freed without deep recursion";
}

}  // namespace
}  // namespace splitdelivery::zoho
