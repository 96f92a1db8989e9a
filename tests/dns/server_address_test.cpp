#include "dns/server_address.h"

#include <gmock/gmock.h>

#include "support/message_style.h"

namespace splitdelivery::dns {
namespace {

TEST(AServerAddress, IsAnIpAddressWithAPortOrWithout) {
  const std::pair<std::string_view, std::string_view> all[] = {
      {"192.0.2.53", "192.0.2.53:53"},       {"192.0.2.53:5353", "192.0.2.53:5353"},
      {"2001:db8::53", "[2001:db8::53]:53"}, {"[2001:db8::53]", "[2001:db8::53]:53"},
      {"[::1]:65535", "[::1]:65535"},
  };
  for (const auto& [text, meant] : all) {
    const auto address = parseServerAddress(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(address->text(), meant);
  }
}

TEST(AServerAddress, IsNothingElse) {
  using namespace std::string_view_literals;
  for (const auto text : {""sv,
                          " "sv,
                          "dns.example.com"sv,
                          "dns.example.com:53"sv,
                          "localhost:53"sv,
                          ":53"sv,
                          "192.0.2.53:"sv,
                          "192.0.2.53:0"sv,
                          "192.0.2.53:65536"sv,
                          "192.0.2.53:+53"sv,
                          "192.0.2.53:dns"sv,
                          "192.0.2.53 "sv,
                          "192.0.2.53:53,192.0.2.54"sv,
                          "192.0.2.256"sv,
                          "192.0.2"sv,
                          "[192.0.2.53]:53"sv,
                          "[::1]53"sv,
                          "[::1]:"sv,
                          "[::1"sv,
                          "[]:53"sv,
                          "[::1]:53x"sv,
                          "fe80::1%eth0"sv,
                          "udp://192.0.2.53"sv,
                          "192.0.2.53\0:53"sv}) {
    const auto address = parseServerAddress(text);
    ASSERT_FALSE(address) << text;
    EXPECT_EQ(address.error().kind, base::ErrorKind::Stall);
    EXPECT_THAT(address.error().message, ::testing::HasSubstr("give its IP address"));
    splitdelivery::testing::expectStyle(address.error());
  }
}

}  // namespace
}  // namespace splitdelivery::dns
