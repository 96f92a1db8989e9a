#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/document.h"
#include "api/parse.h"

namespace splitdelivery::api {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace): the words of document.h
using ::testing::HasSubstr;
using ::testing::Not;

Value secret(std::initializer_list<std::pair<std::string, Value>> more) {
  Value document =
      map({{"apiVersion", text("v1")}, {"kind", text("Secret")}, {"metadata", map({{"name", text("zoho")}})}});
  for (const auto& [key, value] : more) put(document, key, value);
  return document;
}

TEST(ASecret, HasDecodedDataAndPlainStringData) {
  const auto parsed = parseSecret(secret({{"data", map({{"clientId", text("MTAwMC5BQkM=")}})},
                                          {"stringData", map({{"clientSecret", text("plain")}})},
                                          {"type", text("Opaque")},
                                          {"immutable", flag(true)}}));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->key, (ObjectKey{"default", "zoho"}));
  EXPECT_EQ(parsed->values.at("clientId").reveal(), "1000.ABC");
  EXPECT_EQ(parsed->values.at("clientSecret").reveal(), "plain");
}

TEST(ASecret, PrefersStringDataAsKubernetesDoes) {
  const auto parsed =
      parseSecret(secret({{"data", map({{"k", text("Zm9v")}})}, {"stringData", map({{"k", text("bar")}})}}));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->values.at("k").reveal(), "bar");
}

TEST(ASecret, LosesOneLineEndThatEchoPutThere) {
  const auto parsed = parseSecret(secret(
      {{"data", map({{"a", text("Zm9vCg==")}, {"b", text("Zm9vDQo=")}})},
       {"stringData", map({{"c", text("bar\n")}, {"d", text("bar\n\n")}, {"e", text(" bar ")}, {"f", text("\n")}})}}));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->values.at("a").reveal(), "foo");
  EXPECT_EQ(parsed->values.at("b").reveal(), "foo");
  EXPECT_EQ(parsed->values.at("c").reveal(), "bar");
  EXPECT_EQ(parsed->values.at("d").reveal(), "bar\n");
  EXPECT_EQ(parsed->values.at("e").reveal(), " bar ");
  EXPECT_EQ(parsed->values.at("f").reveal(), "");
}

struct Wrong {
  std::string key;
  Value value;
  std::string says;
};

// NOLINTNEXTLINE(readability-identifier-naming): the name that gtest looks for
void PrintTo(const Wrong& wrong, std::ostream* out) {
  *out << wrong.key << " -> " << wrong.says;
}

class AWrongSecret : public ::testing::TestWithParam<Wrong> {};

TEST_P(AWrongSecret, IsToldWithoutAWordOfItsValues) {
  const auto parsed = parseSecret(secret({{GetParam().key, GetParam().value}}));
  ASSERT_FALSE(parsed);
  ASSERT_EQ(parsed.error().size(), 1U);
  EXPECT_THAT(parsed.error().front().text(), HasSubstr(GetParam().says));
  EXPECT_THAT(parsed.error().front().text(), Not(HasSubstr("8675309")));
}

INSTANTIATE_TEST_SUITE_P(
    Secrets, AWrongSecret,
    ::testing::Values(
        Wrong{"apiVersion", text("v2"), "apiVersion: must be v1"},
        Wrong{"kind", text("secret"), "kind: must be Secret"},
        Wrong{"data", map({{"k", text("8675309!")}}), "data, key 1: must be base64"},
        Wrong{"stringData", map({{"k", number(8675309)}}), "stringData, key 1: must be a string, but YAML reads"},
        Wrong{"stringData", map({{"k", flag(true)}}), "put it in quotes"},
        Wrong{"stringData", map({{"k", none()}}), "give it its value"},
        Wrong{"stringData", text("8675309"), "stringData: must be a map of strings"},
        Wrong{"stringData", map({{"a b", text("8675309")}}), "stringData, key 1: must be letters"},
        Wrong{"stringData", map({{"clientId", text("x")}, {"loginKey=8675309", none()}}),
              "stringData, key 2: must be a string, but is empty"},
        Wrong{"stringData", map({{"loginKey", none()}}), "stringData.loginKey: must be a string, but is empty"},
        Wrong{"8675309", none(), "key 4: is no field of this version"},
        Wrong{"stringdata", map({}), "did you mean \"stringData\"?"},
        Wrong{"type", number(1), "type: must be a string"},
        Wrong{"immutable", text("8675309"), "immutable: must be true or false"},
        Wrong{"metadata>annotations>splitdelivery.dev/servers", text("http://x.example/"), "must be a host"}));

}  // namespace
}  // namespace splitdelivery::api
