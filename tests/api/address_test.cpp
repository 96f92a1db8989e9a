#include "api/address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace splitdelivery::api {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Good {
  std::string written;
  std::string canonical;
};

class AGoodDomain : public ::testing::TestWithParam<Good> {};

TEST_P(AGoodDomain, ComesOutInItsCanonicalForm) {
  const auto domain = canonicalDomain(GetParam().written);
  ASSERT_TRUE(domain) << domain.error().message;
  EXPECT_EQ(*domain, GetParam().canonical);
  EXPECT_EQ(canonicalDomain(*domain), *domain) << "once more changes nothing";
}

const std::string kLabelOf63(63, 'a');
const std::string kDomainOf253 = kLabelOf63 + "." + kLabelOf63 + "." + kLabelOf63 + "." + std::string(57, 'b') + ".com";

INSTANTIATE_TEST_SUITE_P(
    Domains, AGoodDomain,
    ::testing::Values(Good{"example.com", "example.com"}, Good{"EXAMPLE.Com", "example.com"},
                      Good{"example.com.", "example.com"}, Good{"a-b.c-d.example", "a-b.c-d.example"},
                      // Registered before hyphens in third and fourth place meant something.
                      Good{"r3---sn.example.com", "r3---sn.example.com"}, Good{"1.2.3.4.example", "1.2.3.4.example"},
                      Good{"9gag.com", "9gag.com"}, Good{"bücher.example", "xn--bcher-kva.example"},
                      Good{"BÜCHER.example.", "xn--bcher-kva.example"},
                      Good{"bu\u0308cher.example", "xn--bcher-kva.example"},
                      Good{"xn--bcher-kva.example", "xn--bcher-kva.example"},
                      Good{"XN--BCHER-KVA.example", "xn--bcher-kva.example"},
                      // Not strasse.de, which is somebody else's.
                      Good{"straße.de", "xn--strae-oqa.de"}, Good{"例え.テスト", "xn--r8jz45g.xn--zckzah"},
                      Good{"例え。テスト", "xn--r8jz45g.xn--zckzah"}, Good{kLabelOf63 + ".com", kLabelOf63 + ".com"},
                      Good{kDomainOf253, kDomainOf253}));

class ABadDomain : public ::testing::TestWithParam<Good> {};

TEST_P(ABadDomain, IsRefusedWithTheReason) {
  const auto domain = canonicalDomain(GetParam().written);
  ASSERT_FALSE(domain) << *domain;
  EXPECT_EQ(domain.error().kind, base::ErrorKind::Refuse);
  EXPECT_EQ(domain.error().reason, "InvalidDomain");
  EXPECT_THAT(domain.error().message, HasSubstr(GetParam().canonical));
}

INSTANTIATE_TEST_SUITE_P(
    Domains, ABadDomain,
    ::testing::Values(Good{"", "no empty part"}, Good{".", "no empty part"}, Good{"example", "at least two parts"},
                      Good{"localhost.", "at least two parts"}, Good{"a..b", "no empty part"},
                      Good{".example.com", "no empty part"}, Good{"example.com..", "no empty part"},
                      Good{"_dmarc.example.com", "letters, digits, hyphens"}, Good{"exa mple.com", "letters, digits"},
                      Good{"example.com ", "letters, digits"}, Good{"*.example.com", "letters, digits"},
                      Good{"user@example.com", "letters, digits"}, Good{"-a.example", "hyphen"},
                      Good{"a-.example", "hyphen"}, Good{"192.0.2.1", "not an IP address"},
                      Good{"[192.0.2.1]", "not an IP address"}, Good{"[IPv6:::1]", "not an IP address"},
                      Good{std::string("a.b\0.evil", 9), "letters, digits"}, Good{"xn--zz.com", "IDNA2008"},
                      Good{"\xFF\xFE.example", "IDNA2008"}, Good{"ä\u0007.example", "letters, digits"},
                      Good{"a\uFF3Fb.example", "letters, digits"}, Good{"☕\u2028.example", "IDNA2008"},
                      Good{std::string(64, 'a') + ".com", "63 characters"}, Good{kDomainOf253 + "x", "253 characters"},
                      Good{"x." + kDomainOf253, "253 characters"}, Good{std::string(70, '\xC3') + ".de", "IDNA2008"}));

TEST(AnAddress, IsSplitAtItsLastAtSign) {
  const auto address = parseAddress("\"odd@name\"@Example.COM");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->local, "\"odd@name\"");
  EXPECT_EQ(address->domain, "example.com");
}

TEST(AnAddress, ComesOutInLowerCaseWithALabels) {
  EXPECT_EQ(parseAddress("Anna.Berg@BÜCHER.example.")->text(), "anna.berg@xn--bcher-kva.example");
  EXPECT_EQ(parseAddress("ÄNNA@example.com")->local, "Änna") << "only ASCII letters have a lower case in a local part";
}

TEST(AnAddress, ThatIsNoneIsRefused) {
  for (const std::string text : {"", "anna", "@example.com", "anna@", "anna@example", "an na@example.com",
                                 "anna\n@example.com", "\x7F@example.com", "anna@exam ple.com", "anna@[192.0.2.1]"}) {
    const auto address = parseAddress(text);
    ASSERT_FALSE(address) << text;
    EXPECT_EQ(address.error().reason, "InvalidAddress") << text;
  }
}

TEST(ALocalPart, IsForwardableWhenEximCannotMisreadIt) {
  for (const std::string local :
       {"anna", "a", "a.b", "_a", "+a", "a+b", "a-b", "a=b", "a&b", "o'neil", "a~b", "1", "a_b", "a-", "a'"}) {
    EXPECT_TRUE(isForwardable(local)) << local;
  }
  EXPECT_TRUE(isForwardable(std::string(64, 'a')));
}

TEST(ALocalPart, IsNotForwardableOtherwise) {
  for (const std::string local : {"",    ".a",     "a.",    "a..b", "-a",   "=a",  "&a",  "'a",  "~a",     "|a",
                                  "/a",  ":fail:", "\"a\"", "*",    "a*",   "a,b", "a b", "a@b", "Anna",   "änna",
                                  "a\n", "a/b",    "a:b",   "a|b",  "a\\b", "a%b", "a!b", "#a",  "a\u00A0"}) {
    EXPECT_FALSE(isForwardable(local)) << local;
  }
  EXPECT_FALSE(isForwardable(std::string(65, 'a')));
}

TEST(Destinations, AreSortedInCanonicalFormAndEachThereOnce) {
  EXPECT_THAT(canonicalDestinations({" Zoe@Example.com", "anna@zoho.example.com.", "ANNA@zoho.example.com\r\n", ""}),
              ElementsAre("anna@zoho.example.com", "zoe@example.com"));
}

TEST(Destinations, ThatAreNoAddressesStandAsTheyAre) {
  EXPECT_THAT(canonicalDestinations({":fail: No Such User", "\"|/usr/bin/Vacation Anna@example.com\"",
                                     "|/Bin/Filter@Example.com", "AccountName", ":blackhole:", "odd @Example.com"}),
              ElementsAre("\"|/usr/bin/Vacation Anna@example.com\"", ":blackhole:", ":fail: No Such User",
                          "AccountName", "odd @Example.com", "|/Bin/Filter@Example.com"));
}

TEST(Destinations, OnceCanonicalStayAsTheyAre) {
  const auto once = canonicalDestinations({"B@x.example", "a@BÜ.example", ":fail:", "x"});
  EXPECT_EQ(canonicalDestinations(once), once);
}

TEST(ADomain, LiesWithinItselfAndWhatIsAboveIt) {
  EXPECT_TRUE(liesWithin("example.com", "example.com"));
  EXPECT_TRUE(liesWithin("zoho.example.com", "example.com"));
  EXPECT_FALSE(liesWithin("notexample.com", "example.com"));
  EXPECT_FALSE(liesWithin("example.com", "zoho.example.com"));
  EXPECT_FALSE(liesWithin("example.com.", "example.com"));
  EXPECT_FALSE(liesWithin("", "example.com"));
}

}  // namespace
}  // namespace splitdelivery::api
