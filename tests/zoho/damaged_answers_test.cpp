#include <gtest/gtest.h>

#include <random>

#include "zoho/accounts.h"
#include "zoho/answer.h"
#include "zoho/domains.h"
#include "zoho/groups.h"
#include "zoho/payloads.h"
#include "zoho/token_answer.h"

namespace splitdelivery::zoho {
namespace {

namespace payload = splitdelivery::testing::payload;

/// Reads a body as everything that it could be.
void readAsEverything(const std::string& body) {
  const http::Response response{.status = 200, .body = body};
  static_cast<void>(readTokenAnswer(response, "https://accounts.zoho.eu", {}));
  const auto data = readAnswer(response, "https://mail.zoho.eu", {});
  if (!data) return;
  const OwnDomains own{{"fjordlab.example"}};
  if (const auto page = readAccounts(*data, own)) EXPECT_LE(page->rows.size(), page->received);
  if (const auto page = readGroups(*data)) EXPECT_LE(page->rows.size(), page->received);
  if (const auto list = readDomains(*data)) {
    for (const auto& domain : list->domains) EXPECT_FALSE(domain.name.empty());
  }
}

/// Every value in turn replaced by values of other types.
void replaceEach(const Json& document) {
  const Json flat = document.flatten();
  for (const auto& [pointer, value] : flat.items()) {
    for (const Json& other : {Json(nullptr), Json(7), Json("x"), Json(true), Json(1e300), Json::array(),
                              Json::array({nullptr, "a@b.example"}), Json::object()}) {
      Json changed = document;
      changed[Json::json_pointer(pointer)] = other;
      readAsEverything(changed.dump());
    }
  }
}

class ADamagedAnswer : public ::testing::TestWithParam<std::string> {
 protected:
  [[nodiscard]] static std::string whole() { return R"({"status":{"code":200},"data":)" + GetParam() + "}"; }
};

TEST_P(ADamagedAnswer, WithAnyValueReplacedHarmsNobody) {
  replaceEach(Json::parse(whole()));
}

TEST_P(ADamagedAnswer, WithAnyBytesChangedHarmsNobody) {
  std::mt19937 random(7);  // NOLINT(bugprone-random-generator-seed): the same damage on every run
  for (int turn = 0; turn < 5000; ++turn) {
    std::string body = whole();
    for (int change = 0; change < 1 + turn % 4; ++change) {
      body[random() % body.size()] = static_cast<char>(random() % 256);
    }
    readAsEverything(body);
  }
}

INSTANTIATE_TEST_SUITE_P(Payloads, ADamagedAnswer,
                         ::testing::Values(payload::kAccounts, payload::kGroups, payload::kDomains));

TEST(ADamagedTokenAnswer, HarmsNobody) {
  for (std::size_t length = 0; length < payload::kToken.size(); ++length) {
    EXPECT_FALSE(
        readTokenAnswer({.status = 200, .body = payload::kToken.substr(0, length)}, "https://accounts.zoho.eu", {})
            .has_value());
  }
  replaceEach(Json::parse(payload::kToken));
}

}  // namespace
}  // namespace splitdelivery::zoho
