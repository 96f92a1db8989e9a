#include "api/url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace splitdelivery::api {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct Case {
  std::string written;
  std::string expected;
};

class AServerUrl : public ::testing::TestWithParam<Case> {};

TEST_P(AServerUrl, HasOneSpelling) {
  const auto url = parseServerUrl(GetParam().written);
  ASSERT_TRUE(url) << url.error().message;
  EXPECT_EQ(url->text(), GetParam().expected);
  EXPECT_EQ(parseServerUrl(url->text())->text(), url->text());
}

INSTANTIATE_TEST_SUITE_P(Urls, AServerUrl,
                         ::testing::Values(Case{"https://eagle.mxlogin.com:2222", "https://eagle.mxlogin.com:2222"},
                                           Case{"HTTPS://Eagle.MXlogin.com:2222/", "https://eagle.mxlogin.com:2222"},
                                           Case{"https://mail.zoho.com", "https://mail.zoho.com"},
                                           Case{"https://mail.zoho.com:443", "https://mail.zoho.com"},
                                           Case{"https://mail.zoho.com.:443/", "https://mail.zoho.com"},
                                           Case{"https://bücher.example:2222", "https://xn--bcher-kva.example:2222"},
                                           Case{"https://192.0.2.7:2222", "https://192.0.2.7:2222"},
                                           Case{"https://[2001:DB8:0:0::1]:2222", "https://[2001:db8::1]:2222"},
                                           Case{"https://[2001:db8::1]", "https://[2001:db8::1]"},
                                           Case{"https://directadmin:2222", "https://directadmin:2222"},
                                           Case{"https://da.mail.svc:2222", "https://da.mail.svc:2222"},
                                           Case{"http://localhost:8080", "http://localhost:8080"},
                                           Case{"http://127.0.0.1:80", "http://127.0.0.1"},
                                           Case{"http://127.8.9.1:81", "http://127.8.9.1:81"},
                                           Case{"http://[::1]:8080", "http://[::1]:8080"},
                                           Case{"http://[0:0:0:0:0:0:0:1]:8080", "http://[::1]:8080"}));

class ABadServerUrl : public ::testing::TestWithParam<Case> {};

TEST_P(ABadServerUrl, IsRefusedWithTheFixAndWithoutItsText) {
  const auto url = parseServerUrl(GetParam().written);
  ASSERT_FALSE(url) << url->text();
  EXPECT_EQ(url.error().kind, base::ErrorKind::Refuse);
  EXPECT_EQ(url.error().reason, "InvalidURL");
  EXPECT_THAT(url.error().message, HasSubstr(GetParam().expected));
  EXPECT_THAT(url.error().message, Not(HasSubstr("hunter2")));
}

INSTANTIATE_TEST_SUITE_P(
    Urls, ABadServerUrl,
    ::testing::Values(Case{"", "https://"}, Case{"eagle.mxlogin.com:2222", "start with https://"},
                      Case{"ftp://eagle.mxlogin.com", "start with https://"}, Case{"https://", "must name a host"},
                      Case{"https://:2222", "must name a host"},
                      Case{"https://admin:hunter2@eagle.mxlogin.com:2222", "belong into the Secret"},
                      Case{"https://eagle.mxlogin.com:2222/CMD_LOGIN", "leave out the path"},
                      Case{"https://eagle.mxlogin.com:2222//", "leave out the path"},
                      Case{"https://eagle.mxlogin.com:2222?x=hunter2", "leave out the path"},
                      Case{"https://eagle.mxlogin.com:2222#x", "leave out the path"},
                      Case{"https://eagle.mxlogin.com:", "port between 1 and 65535"},
                      Case{"https://eagle.mxlogin.com:0", "port between 1 and 65535"},
                      Case{"https://eagle.mxlogin.com:65536", "port between 1 and 65535"},
                      Case{"https://eagle.mxlogin.com:22x", "port between 1 and 65535"},
                      Case{"https://eagle.mxlogin.com:+22", "port between 1 and 65535"}, Case{"https://[::1", "IPv6"},
                      Case{"https://[::1]2222", "port between"}, Case{"https://[nonsense]:2222", "IPv6"},
                      Case{"https://::1:2222", "must name a host"}, Case{"https://1234:2222", "valid host"},
                      Case{"https://1.2.3:2222", "valid host"}, Case{"https://exa mple.com", "valid host"},
                      Case{"https://a_b.example", "valid host"}, Case{"http://eagle.mxlogin.com:2222", "must be https"},
                      Case{"http://127.0.0.1.evil.example", "must be https"},
                      Case{"http://localhost.evil.example", "must be https"},
                      Case{"http://192.168.1.1", "must be https"}, Case{"http://[::2]", "must be https"}));

TEST(AServerUrlWithoutAPort, TakesTheOneThatIsUsualThere) {
  EXPECT_EQ(parseServerUrl("https://eagle.mxlogin.com")->textWithPort(2222), "https://eagle.mxlogin.com:2222");
  EXPECT_EQ(parseServerUrl("https://eagle.mxlogin.com:443")->textWithPort(2222), "https://eagle.mxlogin.com:443");
}

}  // namespace
}  // namespace splitdelivery::api
