#include "kube/client.h"

#include <gmock/gmock.h>

#include <fstream>

#include "kube/refusal.h"
#include "support/message_style.h"
#include "support/temporary_folder.h"
#include "support/virtual_executor.h"

namespace splitdelivery::kube {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Answers everything alike, and keeps what it was asked.
class Echo final : public http::Transport {
 public:
  base::Task<base::Result<http::Response>> send(http::Request request, std::stop_token /*stop*/) override {
    asked.push_back(std::move(request));
    co_return answer;
  }
  std::vector<http::Request> asked;
  base::Result<http::Response> answer = http::Response{.status = 200, .body = "{}", .headers = {}};
};

struct AClient : ::testing::Test {
  testing::VirtualExecutor executor;
  Echo echo;

  [[nodiscard]] std::vector<std::string> paths() const {
    std::vector<std::string> paths;
    for (const auto& request : echo.asked) paths.push_back(request.method + " " + request.origin + request.path);
    return paths;
  }
};

TEST_F(AClient, AsksForObjectsWhereTheApiServerHasThem) {
  Client client(executor, echo, {.origin = "https://kube:6443", .pathPrefix = "/k8s/c-1"});
  executor.run(client.get(kSecrets, "mail", "zoho", {}));
  executor.run(client.list(kLeases, "", "limit=1", {}));
  executor.run(client.patch(kLeases, "mail", "l", "status", PatchType::Json, Json::array(), {}));
  executor.run(client.remove(kConfigMaps, "mail", "m", {}));
  EXPECT_THAT(paths(),
              ElementsAre("GET https://kube:6443/k8s/c-1/api/v1/namespaces/mail/secrets/zoho",
                          "GET https://kube:6443/k8s/c-1/apis/coordination.k8s.io/v1/leases?limit=1",
                          "PATCH https://kube:6443/k8s/c-1/apis/coordination.k8s.io/v1/namespaces/mail/leases/l/status",
                          "DELETE https://kube:6443/k8s/c-1/api/v1/namespaces/mail/configmaps/m"));
  EXPECT_EQ(echo.asked[2].contentType, "application/json-patch+json");
}

TEST_F(AClient, ReadsARotatedTokenAgainWithinAMinute) {
  const testing::TemporaryFolder folder;
  const auto file = folder.path() / "token";
  std::ofstream(file) << "one\n";
  Client client(executor, echo, {.origin = "https://kube", .tokenFile = file});
  const auto token = [&] {
    executor.run(client.get(kSecrets, "mail", "zoho", {}));
    return std::string(echo.asked.back().authorization.reveal());
  };
  EXPECT_EQ(token(), "Bearer one");
  std::ofstream(file) << "two\n";
  EXPECT_EQ(token(), "Bearer one") << "not read for each request";
  executor.advance(61s);
  EXPECT_EQ(token(), "Bearer two");
  std::ofstream(file, std::ios::trunc).flush();
  executor.advance(61s);
  EXPECT_EQ(token(), "Bearer two") << "the file is being replaced";
}

TEST_F(AClient, ReadsTheTokenAtOnceAfterItWasRefused) {
  const testing::TemporaryFolder folder;
  const auto file = folder.path() / "token";
  std::ofstream(file) << "one";
  Client client(executor, echo, {.origin = "https://kube", .tokenFile = file});
  executor.advance(1h);
  executor.run(client.get(kSecrets, "mail", "zoho", {}));
  echo.answer = http::Response{.status = 401, .body = "{}", .headers = {}};
  executor.run(client.get(kSecrets, "mail", "zoho", {}));
  std::ofstream(file) << "two";
  executor.run(client.get(kSecrets, "mail", "zoho", {}));
  EXPECT_EQ(echo.asked.back().authorization.reveal(), "Bearer two");
}

TEST_F(AClient, LeavesOutWhatOthersKeepInAnObjectForThemselves) {
  const Json whole = {{"metadata",
                       {{"name", "d0"},
                        {"managedFields", Json::array({{{"manager", "kubectl"}, {"fieldsV1", {{"f:spec", Json()}}}}})},
                        {"annotations", {{"ours", "1"}}}}},
                      {"spec", {{"list", {1, Json::object(), "two"}}}}};
  echo.answer = http::Response{.status = 200, .body = whole.dump(), .headers = {}};
  Client client(executor, echo, {.origin = "https://kube"});
  Json expected = whole;
  expected["metadata"].erase("managedFields");
  EXPECT_EQ(executor.run(client.get(kSecrets, "mail", "zoho", {})).value(), expected);
}

TEST_F(AClient, NeedNotBeSentBackWhatItHasJustSent) {
  Client client(executor, echo, {.origin = "https://kube"});
  const auto accepted = [&] { return echo.asked.back().headers.at(0).second; };
  executor.run(client.replace(kLeases, "mail", "l", Json::object(), {}));
  EXPECT_EQ(accepted(), "application/json");
  executor.run(client.replace(kLeases, "mail", "l", Json::object(), {}, Answer::Metadata));
  EXPECT_THAT(accepted(), HasSubstr("as=PartialObjectMetadata"));
  executor.run(client.patch(kLeases, "mail", "l", "", PatchType::Merge, Json::object(), {}, Answer::Metadata));
  EXPECT_THAT(accepted(), HasSubstr("as=PartialObjectMetadata"));
}

TEST_F(AClient, TakesAnAnswerThatIsNoObjectForNone) {
  Client client(executor, echo, {.origin = "https://kube"});
  for (const char* body : {"", "[]", "{", "<html>", "null"}) {
    echo.answer = http::Response{.status = 200, .body = body, .headers = {}};
    const auto answer = executor.run(client.get(kSecrets, "mail", "zoho", {}));
    ASSERT_FALSE(answer) << body;
    EXPECT_EQ(answer.error().reason, "APIServerError");
  }
}

struct Refused {
  int status;
  std::string body;
  base::ErrorKind kind;
  std::string_view reason;
};

class ARefusal : public ::testing::TestWithParam<Refused> {};

TEST_P(ARefusal, HasAPolicyAndAMessageOfOurOwn) {
  http::Response answer{.status = GetParam().status, .body = GetParam().body, .headers = {{"retry-after", "7"}}};
  const auto error = refusal({"watch", kSecrets, "mail"}, answer, {});
  EXPECT_EQ(error.kind, GetParam().kind);
  EXPECT_EQ(error.reason, GetParam().reason);
  EXPECT_THAT(error.message, ::testing::Not(HasSubstr("remote text")));
  testing::expectStyle(error);
}

constexpr const char* kTerminating =
    R"({"reason":"Forbidden","message":"remote text","details":{"causes":[{"reason":"NamespaceTerminating"}]}})";
constexpr const char* kRemote = R"({"kind":"Status","message":"remote text","reason":"Whatever"})";

INSTANTIATE_TEST_SUITE_P(
    ByStatus, ARefusal,
    ::testing::Values(Refused{400, kRemote, base::ErrorKind::Refuse, reason::kInvalid},
                      Refused{401, kRemote, base::ErrorKind::Retry, reason::kUnauthorized},
                      Refused{403, kRemote, base::ErrorKind::Stall, reason::kForbidden},
                      Refused{403, kTerminating, base::ErrorKind::Refuse, reason::kNamespaceTerminating},
                      Refused{403, R"({"details":{"causes":[7]}})", base::ErrorKind::Stall, reason::kForbidden},
                      Refused{404, R"({"reason":"NotFound"})", base::ErrorKind::Refuse, reason::kNotFound},
                      Refused{404, "404 page not found", base::ErrorKind::Stall, reason::kKindNotServed},
                      Refused{409, kRemote, base::ErrorKind::Refuse, reason::kConflict},
                      Refused{409, R"({"reason":"AlreadyExists"})", base::ErrorKind::Refuse, reason::kAlreadyExists},
                      Refused{409, "no JSON", base::ErrorKind::Refuse, reason::kConflict},
                      Refused{410, kRemote, base::ErrorKind::Refuse, reason::kExpired},
                      Refused{422, kRemote, base::ErrorKind::Refuse, reason::kInvalid},
                      Refused{429, kRemote, base::ErrorKind::Wait, "TooManyRequests"},
                      Refused{500, kRemote, base::ErrorKind::Retry, "APIServerError"},
                      Refused{302, kRemote, base::ErrorKind::Retry, "APIServerError"}),
    [](const auto& row) {
      return "Status" + std::to_string(row.param.status) + "As" + std::string(row.param.reason) +
             std::to_string(row.param.body.size());
    });

TEST(ARefusal, OfAnAdmissionRuleOrAQuotaBlamesNoRight) {
  const kube::Asked asked{"create", {"splitdelivery.dev", "v1alpha1", "addressbooks"}, "mail"};
  const auto quota = refusal(
      asked, {.status = 403, .body = R"({"message":"addressbooks \"d0\" is forbidden: exceeded quota: small"})"}, {});
  EXPECT_THAT(quota.message, HasSubstr("an admission rule or a quota"));
  EXPECT_THAT(quota.message, ::testing::Not(HasSubstr("grant the verb")));
  testing::expectStyle(quota);
  const auto right = refusal(
      asked,
      {.status = 403,
       .body = R"({"message":"addressbooks is forbidden: User \"x\" cannot create resource \"addressbooks\""})"},
      {});
  EXPECT_THAT(right.message, HasSubstr("grant the verb"));
}

TEST(ARefusal, OfRbacNamesTheVerbAndTheResource) {
  const auto error = refusal({"patch", {"splitdelivery.dev", "v1alpha1", "addressbooks"}, ""}, {.status = 403}, {});
  EXPECT_THAT(error.message, HasSubstr(R"(grant the verb "patch")"));
  EXPECT_THAT(error.message, HasSubstr("addressbooks.splitdelivery.dev"));
}

TEST(ARefusal, OfRbacNamesTheSubresource) {
  const auto error =
      refusal({"patch", {"splitdelivery.dev", "v1alpha1", "splitdeliverydomains"}, "", "status"}, {.status = 403}, {});
  EXPECT_THAT(error.message, HasSubstr("patch splitdeliverydomains.splitdelivery.dev/status"));
}

TEST(ARefusal, OfAKindThatIsNotServedTellsWhatToInstall) {
  const auto error = refusal({"get", {"splitdelivery.dev", "v1alpha1", "addressbooks"}, "mail"},
                             {.status = 404, .body = "404 page not found\n"}, {});
  EXPECT_THAT(error.message, HasSubstr("addressbooks.splitdelivery.dev"));
  EXPECT_THAT(error.message, HasSubstr("kubectl apply -f crds/"));
}

TEST(ARefusal, SaysHowLongToWait) {
  EXPECT_EQ(refusal({"get", kSecrets, ""}, {.status = 429, .headers = {{"retry-after", "7"}}}, {}).retryAfter, 7s);
  EXPECT_EQ(refusal({"get", kSecrets, ""}, {.status = 429}, {}).retryAfter, 1s);
}

}  // namespace
}  // namespace splitdelivery::kube
