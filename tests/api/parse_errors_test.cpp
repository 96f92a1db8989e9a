#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/document.h"
#include "api/parse.h"

namespace splitdelivery::api {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace): the words of document.h
using ::testing::HasSubstr;

/// One wrong document: the minimal one with `value` at `path` (without the field, when `value` is
/// null), and what its only error has to say.
struct Wrong {
  std::string path;
  Value value;
  std::string where;
  std::string says;
};

// NOLINTNEXTLINE(readability-identifier-naming): the name that gtest looks for
void PrintTo(const Wrong& wrong, std::ostream* out) {
  *out << wrong.path << " -> " << wrong.says;
}

class AWrongField : public ::testing::TestWithParam<Wrong> {};

TEST_P(AWrongField, IsNamedWithItsFix) {
  const auto& [path, value, where, says] = GetParam();
  const Value document = value.isNull() ? minimalWithout(path) : minimalWith(path, value);
  const auto parsed = parseSplitDeliveryDomain(document);
  ASSERT_FALSE(parsed) << "was accepted";
  ASSERT_EQ(parsed.error().size(), 1U) << parsed.error()[1].text();
  EXPECT_EQ(parsed.error().front().path, where);
  EXPECT_THAT(parsed.error().front().message, HasSubstr(says));
}

INSTANTIATE_TEST_SUITE_P(
    OfTheEnvelope, AWrongField,
    ::testing::Values(Wrong{"apiVersion", none(), "apiVersion", "must be splitdelivery.dev/v1alpha1"},
                      Wrong{"apiVersion", text("v1"), "apiVersion", "must be splitdelivery.dev/v1alpha1"},
                      Wrong{"apiVersion", number(1), "apiVersion", "must be a string"},
                      Wrong{"kind", text("splitdeliverydomain"), "kind", "must be SplitDeliveryDomain"},
                      Wrong{"metadata", none(), "metadata", "is required"},
                      Wrong{"metadata", text("x"), "metadata", "must be a map"},
                      Wrong{"metadata>name", none(), "metadata.name", "is required"},
                      Wrong{"metadata>name", text(""), "metadata.name", "is required"},
                      Wrong{"metadata>name", text("Example"), "metadata.name", "lower-case"},
                      Wrong{"metadata>name", text("a..b"), "metadata.name", "lower-case"},
                      Wrong{"metadata>name", text("../../etc"), "metadata.name", "lower-case"},
                      Wrong{"metadata>name", text(std::string(254, 'a')), "metadata.name", "at most 253"},
                      Wrong{"metadata>name", number(7), "metadata.name", "put it in quotes"},
                      Wrong{"metadata>namespace", text("a.b"), "metadata.namespace", "at most 63"},
                      Wrong{"metadata>namespace", text(std::string(64, 'a')), "metadata.namespace", "at most 63"},
                      Wrong{"metadata>nmespace", text("mail"), "metadata.nmespace", "did you mean \"namespace\"?"},
                      Wrong{"metadata>labels", texts({"a"}), "metadata.labels",
                            "must be a map of strings, but is a list"},
                      Wrong{"metadata>labels>on", flag(true), "metadata.labels.on", "put it in quotes"},
                      Wrong{"metadata>generation", text("1"), "metadata.generation", "whole number"},
                      Wrong{"metadata>annotations>splitdelivery.dev/adopt", flag(true),
                            "metadata.annotations[\"splitdelivery.dev/adopt\"]", "put it in quotes"},
                      Wrong{"metadata>annotations>splitdelivery.dev/adopt", text("yes"),
                            "metadata.annotations[\"splitdelivery.dev/adopt\"]", "\"true\" or \"false\""},
                      Wrong{"metadata>annotations>splitdelivery.dev/adpot", text("true"),
                            "metadata.annotations[\"splitdelivery.dev/adpot\"]", "did you mean"},
                      Wrong{"metadata>annotations>splitdelivery.dev/delete", text("yes"),
                            "metadata.annotations[\"splitdelivery.dev/delete\"]", "\"true\" or \"false\""},
                      Wrong{"spce", map({}), "spce", "did you mean \"spec\"?"},
                      Wrong{"spec", none(), "spec", "is required"}, Wrong{"spec", text("x"), "spec", "must be a map"}));

INSTANTIATE_TEST_SUITE_P(
    OfTheSpec, AWrongField,
    ::testing::Values(
        Wrong{"spec>domain", none(), "spec.domain", "is required"},
        Wrong{"spec>domain", text(""), "spec.domain", "is required"},
        Wrong{"spec>domain", text("example"), "spec.domain", "at least two parts"},
        Wrong{"spec>domain", number(5), "spec.domain", "put it in quotes"},
        Wrong{"spec>policy", none(), "spec.policy", "Observe reports and changes nothing; CreateOnly"},
        Wrong{"spec>policy", text("sync"), "spec.policy", "did you mean \"Sync\"?"},
        Wrong{"spec>policy", text("Everything"), "spec.policy", "Observe, CreateOnly, UpsertOnly or Sync"},
        Wrong{"spec>policy", flag(true), "spec.policy", "put it in quotes"},
        Wrong{"spec>routingHost", text("EXAMPLE.com."), "spec.routingHost", "must not be the domain itself"},
        Wrong{"spec>routingHost", text("zoho"), "spec.routingHost", "at least two parts"},
        Wrong{"spec>routingHost", text("192.0.2.1"), "spec.routingHost", "not an IP address"},
        Wrong{"spec>delivery", text("Both"), "spec.delivery", "must be Split or Dual"},
        Wrong{"spec>maxDeletions", number(-1), "spec.maxDeletions", "or a percentage such as \"30%\""},
        Wrong{"spec>maxDeletions", number(1'000'001), "spec.maxDeletions", "0 to 1000000"},
        Wrong{"spec>maxDeletions", text("30"), "spec.maxDeletions", "without quotes"},
        Wrong{"spec>maxDeletions", text("101%"), "spec.maxDeletions", "percentage"},
        Wrong{"spec>maxDeletions", text("-1%"), "spec.maxDeletions", "percentage"},
        Wrong{"spec>maxDeletions", text("1.5%"), "spec.maxDeletions", "percentage"},
        Wrong{"spec>maxDeletions", text("%"), "spec.maxDeletions", "percentage"},
        Wrong{"spec>maxDeletions", Value{0.5}, "spec.maxDeletions", "percentage"},
        Wrong{"spec>approval", text("manual"), "spec.approval", "did you mean \"Manual\"?"},
        Wrong{"spec>deletionPolicy", text("Orphan"), "spec.deletionPolicy", "must be Retain or Delete"},
        Wrong{"spec>interval", number(300), "spec.interval", "such as 5m"},
        Wrong{"spec>interval", text("29s"), "spec.interval", "from 30s to 24h"},
        Wrong{"spec>interval", text("25h"), "spec.interval", "from 30s to 24h"},
        Wrong{"spec>interval", text("30.5s"), "spec.interval", "whole seconds"},
        Wrong{"spec>interval", text("often"), "spec.interval", "such as 5m"},
        Wrong{"spec>suspend", text("true"), "spec.suspend", "must be true or false, without quotes"},
        Wrong{"spec>polices", text("x"), "spec.polices", "did you mean \"policy\"?"},
        Wrong{"spec>gateway", map({}), "spec.gateway", "is no field of this version"},
        Wrong{"spec>dns>check", text("no"), "spec.dns.check", "must be true or false"},
        Wrong{"spec>dns>routingMX", text("x.example"), "spec.dns.routingMX", "must be a list, but is a string"},
        Wrong{"spec>dns>routingMX", texts({"ok.example", "zoho"}), "spec.dns.routingMX[1]", "at least two parts"},
        Wrong{"spec>dns>routingmx", texts({}), "spec.dns.routingmx", "did you mean \"routingMX\"?"}));

INSTANTIATE_TEST_SUITE_P(
    OfTheTwoSystems, AWrongField,
    ::testing::Values(
        Wrong{"spec>zoho", none(), "spec.zoho", "is required"}, Wrong{"spec>zoho", text("x"), "spec.zoho", "a map"},
        Wrong{"spec>zoho>organizationId", none(), "spec.zoho.organizationId", "is required"},
        Wrong{"spec>zoho>organizationId", number(60012345), "spec.zoho.organizationId",
              "reads this as a whole number: put it in quotes"},
        Wrong{"spec>zoho>organizationId", text("600 123"), "spec.zoho.organizationId", "digits alone"},
        Wrong{"spec>zoho>organizationId", text(std::string(21, '1')), "spec.zoho.organizationId", "digits alone"},
        Wrong{"spec>zoho>dataCenter", none(), "spec.zoho.dataCenter", "one of us eu in au jp ca cn sa uk ae"},
        Wrong{"spec>zoho>dataCenter", none(), "spec.zoho.dataCenter", "mail.zoho.eu is eu"},
        Wrong{"spec>zoho>dataCenter", text("EU"), "spec.zoho.dataCenter", "did you mean \"eu\"?"},
        Wrong{"spec>zoho>dataCenter", text("mars"), "spec.zoho.dataCenter", "must be one of us eu"},
        Wrong{"spec>zoho>accountsURL", text("accounts.zoho.com"), "spec.zoho.accountsURL", "start with https://"},
        Wrong{"spec>zoho>mailURL", text("http://mail.zoho.com"), "spec.zoho.mailURL", "must be https"},
        Wrong{"spec>zoho>accountsUrl", text("https://x.example"), "spec.zoho.accountsUrl", "mean \"accountsURL\"?"},
        Wrong{"spec>zoho>credentialsSecretRef", none(), "spec.zoho.credentialsSecretRef", "clientId and clientSecret"},
        Wrong{"spec>zoho>credentialsSecretRef", text("zoho"), "spec.zoho.credentialsSecretRef", "must be a map"},
        Wrong{"spec>zoho>credentialsSecretRef>name", none(), "spec.zoho.credentialsSecretRef.name", "is required"},
        Wrong{"spec>zoho>credentialsSecretRef>name", text("A b"), "spec.zoho.credentialsSecretRef.name", "lower-case"},
        Wrong{"spec>zoho>credentialsSecretRef>namespace", text("other"), "spec.zoho.credentialsSecretRef.namespace",
              "from the resource's own namespace"},
        Wrong{"spec>directAdmin", none(), "spec.directAdmin", "is required"},
        Wrong{"spec>directAdmin", texts({}), "spec.directAdmin", "must be a map"},
        Wrong{"spec>mxroute", map({{"server", text("eagle.mxlogin.com")}}), "spec.mxroute", "use directAdmin instead"},
        Wrong{"spec>directAdmin>server", none(), "spec.directAdmin.server", "is required"},
        Wrong{"spec>directAdmin>server", text("eagle.mxlogin.com:2222"), "spec.directAdmin.server", "with https://"},
        Wrong{"spec>directAdmin>server", text("http://eagle.mxlogin.com:2222"), "spec.directAdmin.server", "https"},
        Wrong{"spec>directAdmin>server", text("https://a:b@eagle.mxlogin.com"), "spec.directAdmin.server", "Secret"},
        Wrong{"spec>directAdmin>credentialsSecretRef", none(), "spec.directAdmin.credentialsSecretRef",
              "username and loginKey"},
        Wrong{"spec>directAdmin>loginKey", text("x"), "spec.directAdmin.loginKey", "is no field of this version"},
        Wrong{"spec>directAdmin>caBundle", text("LS0tLS1CRUdJTg=="), "spec.directAdmin.caBundle", "must be PEM"},
        Wrong{"spec>directAdmin>localDelivery", text("On"), "spec.directAdmin.localDelivery",
              "must be Ignore, Check or Ensure"}));

INSTANTIATE_TEST_SUITE_P(
    OfTheAddresses, AWrongField,
    ::testing::Values(
        Wrong{"spec>addresses", texts({"anna"}), "spec.addresses", "must be a map"},
        Wrong{"spec>addresses>extra", text("anna"), "spec.addresses.extra", "must be a list"},
        Wrong{"spec>addresses>extra", list({flag(false)}), "spec.addresses.extra[0]",
              "true or false (as are yes, no, on and off): put it in quotes"},
        Wrong{"spec>addresses>extra", list({none()}), "spec.addresses.extra[0]", "give it its value"},
        Wrong{"spec>addresses>extra", list({number(42)}), "spec.addresses.extra[0]", "put it in quotes"},
        Wrong{"spec>addresses>extra", list({map({})}), "spec.addresses.extra[0]", "must be a string, but is a map"},
        Wrong{"spec>addresses>extra", texts({"anna@other.example"}), "spec.addresses.extra[0]",
              "must be an address of example.com"},
        Wrong{"spec>addresses>extra", texts({"*"}), "spec.addresses.extra[0]", "patterns are not supported"},
        Wrong{"spec>addresses>extra", texts({"|/bin/sh"}), "spec.addresses.extra[0]", "letters, digits"},
        Wrong{"spec>addresses>extra", texts({""}), "spec.addresses.extra[0]", "letters, digits"},
        Wrong{"spec>addresses>only", texts({"a", "b", "a b@example.com"}), "spec.addresses.only[2]", "no blanks"},
        Wrong{"spec>addresses>exclude", texts({"-a"}), "spec.addresses.exclude[0]", "letters, digits"},
        Wrong{"spec>addresses>mirrorMainDomain", text("main.example"), "spec.addresses.mirrorMainDomain",
              "must be true or false"},
        Wrong{"spec>addresses>blocked", text("drop"), "spec.addresses.blocked", "did you mean \"Drop\"?"},
        Wrong{"spec>addresses>group", flag(true), "spec.addresses.group", "did you mean \"groups\"?"}));

TEST(AnAddressThatIsExtraAndExcluded, IsAnErrorHoweverItIsWritten) {
  Value document = minimalWith("spec>addresses>extra", texts({"support", "info"}));
  put(document, "spec>addresses>exclude", texts({"bob", "Info@example.com"}));
  const auto parsed = parseSplitDeliveryDomain(document);
  ASSERT_FALSE(parsed);
  ASSERT_EQ(parsed.error().size(), 1U);
  EXPECT_EQ(parsed.error().front().text(),
            "spec.addresses.exclude[1]: is in addresses.extra too: keep it in one of the two");
}

TEST(WithoutAValidDomain, TheAddressesAreStillChecked) {
  Value document = minimalWith("spec>domain", text("example"));
  put(document, "spec>addresses>extra", texts({"anna@anywhere.example", "a b"}));
  const auto parsed = parseSplitDeliveryDomain(document);
  ASSERT_FALSE(parsed);
  ASSERT_EQ(parsed.error().size(), 2U);
  EXPECT_EQ(parsed.error()[1].path, "spec.addresses.extra[1]");
}

}  // namespace
}  // namespace splitdelivery::api
