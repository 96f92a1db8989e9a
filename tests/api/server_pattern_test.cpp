#include "api/server_pattern.h"

#include <gmock/gmock.h>

#include "support/message_style.h"

namespace splitdelivery::api {
namespace {

bool matches(std::string_view pattern, std::string_view origin) {
  const auto parsed = ServerPattern::parse(pattern);
  EXPECT_TRUE(parsed) << pattern;
  return parsed && parsed->matches(origin);
}

TEST(S19AServerPattern, NamesOneHostOnEveryPortOrOnOne) {
  EXPECT_TRUE(matches("eagle.mxlogin.com", "https://eagle.mxlogin.com:2222"));
  EXPECT_TRUE(matches("Eagle.MXlogin.com", "https://eagle.mxlogin.com"));
  EXPECT_TRUE(matches("eagle.mxlogin.com:443", "https://eagle.mxlogin.com"));
  EXPECT_TRUE(matches("127.0.0.1:80", "http://127.0.0.1"));
  EXPECT_TRUE(matches("[::1]:2222", "https://[::1]:2222"));
  EXPECT_TRUE(matches("[0:0::1]", "http://[::1]:8080"));
  EXPECT_FALSE(matches("eagle.mxlogin.com:443", "https://eagle.mxlogin.com:2222"));
  EXPECT_FALSE(matches("eagle.mxlogin.com", "https://evil.example:2222"));
  EXPECT_FALSE(matches("eagle.mxlogin.com", "https://eagle.mxlogin.com.evil.example"));
  EXPECT_FALSE(matches("mxlogin.com", "https://eagle.mxlogin.com"));
  EXPECT_FALSE(matches("mxlogin.com", "mxlogin.com")) << "no origin";
}

TEST(S19AServerPattern, WithAStarNamesEverythingBelow) {
  EXPECT_TRUE(matches("*.mxlogin.com", "https://eagle.mxlogin.com:2222"));
  EXPECT_TRUE(matches("*.mxlogin.com:2222", "https://a.b.mxlogin.com:2222"));
  EXPECT_FALSE(matches("*.mxlogin.com", "https://mxlogin.com"));
  EXPECT_FALSE(matches("*.mxlogin.com", "https://evilmxlogin.com"));
  EXPECT_FALSE(matches("*.mxlogin.com:2222", "https://eagle.mxlogin.com"));
}

TEST(S19AServerPattern, ThatCouldNeverMatchIsRefused) {
  for (const char* text : {"", "*", "*.", "*.*.com", "a b", "https://eagle.mxlogin.com", "eagle.mxlogin.com/", "e:port",
                           "e:0", "e:65536", "user@host.example", "*eagle.mxlogin.com", "::1"}) {
    const auto parsed = ServerPattern::parse(text);
    ASSERT_FALSE(parsed) << text;
    testing::expectStyle(parsed.error());
  }
}

TEST(S19AServerPattern, MayBeOneOfAList) {
  const auto patterns = parseServerPatterns("eagle.mxlogin.com, *.example.com ,10.0.0.7:2222");
  ASSERT_TRUE(patterns);
  EXPECT_EQ(patterns->size(), 3U);
  EXPECT_TRUE(matchesAny(*patterns, "https://mail.example.com"));
  EXPECT_FALSE(matchesAny(*patterns, "https://10.0.0.7"));
  EXPECT_FALSE(parseServerPatterns("eagle.mxlogin.com,"));
  EXPECT_FALSE(parseServerPatterns(""));
}

}  // namespace
}  // namespace splitdelivery::api
