#include "simulators/exchange.h"

#include <gmock/gmock.h>

#include <vector>

namespace splitdelivery::simulators {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

TEST(PercentEncoding, ComesBackAsItWas) {
  for (const std::string text : {"", "anna@zoho.example.com", "a b+c&d=e%f", "\xC3\xBC\n"}) {
    EXPECT_EQ(percentDecode(percentEncode(text)), text);
  }
  EXPECT_EQ(percentEncode("a@b,c d"), "a%40b%2Cc%20d");
  EXPECT_EQ(percentDecode("a+b%2c%2C"), "a b,,");
}

TEST(PercentEncoding, IsRefusedWhenBroken) {
  for (const char* text : {"%", "%4", "a%4", "%zz", "%4g"}) EXPECT_EQ(percentDecode(text), std::nullopt) << text;
}

TEST(Base64, ComesBackAsItWas) {
  EXPECT_EQ(base64Encode("dauser0:dakey0"), "ZGF1c2VyMDpkYWtleTA=");
  for (const std::string text : {"", "a", "ab", "abc", "abcd", "\xFF\xFE"}) {
    EXPECT_EQ(base64Decode(base64Encode(text)), text);
  }
  EXPECT_EQ(base64Decode("abc"), std::nullopt);
  EXPECT_EQ(base64Decode("ab!="), std::nullopt);
}

TEST(AForm, KeepsItsOrderAndDecodesNamesAndValues) {
  const auto form = Fields::parse("select1=b&select0=a&email=x%40y&&flag&list[]=1&list%5B%5D=2");
  ASSERT_TRUE(form);
  EXPECT_THAT(std::vector<Fields::Pair>(form->begin(), form->end()),
              ElementsAre(Pair("select1", "b"), Pair("select0", "a"), Pair("email", "x@y"), Pair("flag", ""),
                          Pair("list[]", "1"), Pair("list[]", "2")));
  EXPECT_EQ(form->value("list[]"), "1") << "the first one";
  EXPECT_FALSE(form->has("select2"));
  EXPECT_EQ(Fields::parse("a=%4"), std::nullopt);
  EXPECT_EQ((Fields{{"a b", "c&d"}, {"e", ""}}.encode()), "a%20b=c%26d&e=");
}

TEST(ARequest, SplitsItsTarget) {
  const Request request = Request::make("GET", "/CMD_API_POP?domain=example.com&json=yes");
  EXPECT_EQ(request.path, "/CMD_API_POP");
  EXPECT_EQ(request.query.value("json"), "yes");
  EXPECT_FALSE(request.malformed);
  EXPECT_TRUE(Request::make("GET", "/a?b=%").malformed);
  EXPECT_TRUE(Request::make("GET", "http://elsewhere/").malformed);
}

TEST(AContentType, MatchesWithAndWithoutParameters) {
  const auto request = [](const char* type) { return Request::make("POST", "/", {{"content-type", type}}); };
  EXPECT_TRUE(request("application/json").hasContentType("application/json"));
  EXPECT_TRUE(request("Application/JSON;charset=UTF-8").hasContentType("application/json"));
  EXPECT_FALSE(request("application/jsonp").hasContentType("application/json"));
  EXPECT_FALSE(Request::make("POST", "/").hasContentType("application/json"));
}

}  // namespace
}  // namespace splitdelivery::simulators
