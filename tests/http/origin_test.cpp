#include "http/origin.h"

#include <gtest/gtest.h>

namespace splitdelivery::http {
namespace {

struct Case {
  const char* text;
  const char* normal;  ///< "" when it is no origin
  bool loopback = false;
};

class AnOrigin : public ::testing::TestWithParam<Case> {};

TEST_P(AnOrigin, IsSchemeHostAndPortAndNothingElse) {
  const auto origin = parseOrigin(GetParam().text);
  EXPECT_EQ(origin ? origin->text() : "", GetParam().normal);
  if (origin) EXPECT_EQ(origin->loopback(), GetParam().loopback);
}

INSTANTIATE_TEST_SUITE_P(
    , AnOrigin,
    ::testing::Values(
        Case{"https://eagle.mxlogin.com:2222", "https://eagle.mxlogin.com:2222"},
        Case{"https://mail.zoho.com", "https://mail.zoho.com:443"},
        Case{"HTTPS://Mail.Zoho.COM", "https://mail.zoho.com:443"},
        Case{"http://127.0.0.1:80", "http://127.0.0.1:80", true}, Case{"http://127.9.8.7", "http://127.9.8.7:80", true},
        Case{"http://localhost", "http://localhost:80", true},
        Case{"http://LocalHost:8080", "http://localhost:8080", true},
        Case{"http://[::1]:8080", "http://[::1]:8080", true}, Case{"http://[2001:DB8::1]", "http://[2001:db8::1]:80"},
        Case{"http://128.0.0.1", "http://128.0.0.1:80"}, Case{"http://127.1", "http://127.1:80"},
        Case{"http://2130706433", "http://2130706433:80"}, Case{"http://0.0.0.0", "http://0.0.0.0:80"},
        Case{"http://127.0.0.1.example.com", "http://127.0.0.1.example.com:80"},
        Case{"http://localhost.example.com", "http://localhost.example.com:80"},
        Case{"http://[::ffff:127.0.0.1]", "http://[::ffff:127.0.0.1]:80"}, Case{"", ""},
        Case{"eagle.mxlogin.com:2222", ""}, Case{"ftp://host", ""}, Case{"https://", ""}, Case{"https://:443", ""},
        Case{"https://host:", ""}, Case{"https://host:0", ""}, Case{"https://host:65536", ""},
        Case{"https://host:44x", ""}, Case{"https://host:-1", ""}, Case{"https://host/", ""},
        Case{"https://host/path", ""}, Case{"https://host?x", ""}, Case{"https://user@host", ""},
        Case{"https://user:word@host:1", ""}, Case{"https://host name", ""}, Case{"https://h\xc3\xb6st", ""},
        Case{"https://host\n", ""}, Case{"https://[::1", ""}, Case{"https://::1", ""}, Case{"https://[host]", ""},
        Case{"https://[]", ""}, Case{"https://[::1]x:1", ""}));

}  // namespace
}  // namespace splitdelivery::http
