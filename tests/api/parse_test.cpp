#include "api/parse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/document.h"

namespace splitdelivery::api {
namespace {

using namespace std::chrono_literals;
using namespace testing;  // NOLINT(google-build-using-namespace): the words of document.h
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

const std::string kPem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

SplitDeliveryDomain good(const Value& document) {
  auto parsed = parseSplitDeliveryDomain(document);
  if (parsed) return *parsed;
  for (const auto& error : parsed.error()) ADD_FAILURE() << error.text();
  return {};
}

TEST(AMinimalResource, GetsEveryDefault) {
  const auto resource = good(minimal());
  EXPECT_EQ(resource.key, (ObjectKey{"default", "example-com"}));
  EXPECT_EQ(resource.generation, 0);
  const Spec& spec = resource.spec;
  EXPECT_EQ(spec.domain, "example.com");
  EXPECT_EQ(spec.policy, Policy::Sync);
  EXPECT_EQ(spec.routingHost, "zoho.example.com");
  EXPECT_EQ(spec.delivery, Delivery::Split);
  EXPECT_EQ(spec.zoho.organizationId, "60012345");
  EXPECT_EQ(spec.zoho.dataCenter, "us");
  EXPECT_EQ(spec.zoho.accountsUrl, "https://accounts.zoho.com");
  EXPECT_EQ(spec.zoho.mailUrl, "https://mail.zoho.com");
  EXPECT_EQ(spec.zoho.credentialsSecret, "zoho");
  EXPECT_EQ(spec.directAdmin.server, "https://eagle.mxlogin.com:2222");
  EXPECT_EQ(spec.directAdmin.credentialsSecret, "directadmin");
  EXPECT_EQ(spec.directAdmin.caBundle, "");
  EXPECT_EQ(spec.directAdmin.localDelivery, LocalDelivery::Check);
  EXPECT_THAT(spec.addresses.only, IsEmpty());
  EXPECT_TRUE(spec.addresses.aliases);
  EXPECT_TRUE(spec.addresses.groups);
  EXPECT_EQ(spec.addresses.blocked, BlockedUsers::Drop);
  EXPECT_FALSE(spec.addresses.mirrorMainDomain);
  EXPECT_EQ(spec.maxDeletions, (MaxDeletions{30, true}));
  EXPECT_EQ(spec.approval, Approval::Automatic);
  EXPECT_EQ(spec.deletionPolicy, DeletionPolicy::Retain);
  EXPECT_TRUE(spec.dns.check);
  EXPECT_TRUE(spec.dns.holdWithoutRoutingMx);
  EXPECT_EQ(spec.interval, 5min);
  EXPECT_FALSE(spec.suspend);
}

TEST(AResource, WithEveryFieldIsReadWhole) {
  Value document = minimal();
  put(document, "metadata>namespace", text("mail"));
  put(document, "metadata>generation", number(7));
  put(document, "metadata>annotations>splitdelivery.dev/adopt", text("true"));
  put(document, "metadata>annotations>splitdelivery.dev/approved-plan", text("9f3c"));
  put(document, "metadata>labels>app", text("mail"));
  put(document, "spec>domain", text("Bücher.example."));
  put(document, "spec>policy", text("UpsertOnly"));
  put(document, "spec>routingHost", text("Z.Bücher.example"));
  put(document, "spec>delivery", text("Dual"));
  put(document, "spec>zoho>dataCenter", text("eu"));
  put(document, "spec>zoho>accountsURL", text("http://127.0.0.1:9001/"));
  put(document, "spec>zoho>mailURL", text("https://Mail.proxy.example:443"));
  put(document, "spec>directAdmin>server", text("https://Host.example"));
  put(document, "spec>directAdmin>caBundle", text(kPem));
  put(document, "spec>directAdmin>localDelivery", text("Ignore"));
  put(document, "spec>addresses>only", texts({"Zoe", "anna@BÜCHER.example", "zoe"}));
  put(document, "spec>addresses>aliases", flag(false));
  put(document, "spec>addresses>groups", flag(false));
  put(document, "spec>addresses>blocked", text("Keep"));
  put(document, "spec>addresses>extra", texts({"support", "info@bücher.example"}));
  put(document, "spec>addresses>exclude", texts({"no-reply"}));
  put(document, "spec>addresses>mirrorMainDomain", flag(true));
  put(document, "spec>maxDeletions", number(4));
  put(document, "spec>approval", text("Manual"));
  put(document, "spec>deletionPolicy", text("Delete"));
  put(document, "spec>dns",
      map({{"check", flag(false)},
           {"holdWithoutRoutingMX", flag(false)},
           {"routingMX", texts({"mx.filter.example", ".Filter.example", "filter.example."})}}));
  put(document, "spec>interval", text("1h30m"));
  put(document, "spec>suspend", flag(true));

  const auto resource = good(document);
  EXPECT_EQ(resource.key, (ObjectKey{"mail", "example-com"}));
  EXPECT_EQ(resource.generation, 7);
  EXPECT_TRUE(resource.annotated(annotation::kAdopt, "true"));
  EXPECT_TRUE(resource.annotated(annotation::kApprovedPlan, "9f3c"));
  const Spec& spec = resource.spec;
  EXPECT_EQ(spec.domain, "xn--bcher-kva.example");
  EXPECT_EQ(spec.policy, Policy::UpsertOnly);
  EXPECT_EQ(spec.routingHost, "z.xn--bcher-kva.example");
  EXPECT_EQ(spec.delivery, Delivery::Dual);
  EXPECT_EQ(spec.zoho.accountsUrl, "http://127.0.0.1:9001");
  EXPECT_EQ(spec.zoho.mailUrl, "https://mail.proxy.example");
  EXPECT_EQ(spec.directAdmin.server, "https://host.example:2222") << "what DirectAdmin listens on";
  EXPECT_EQ(spec.directAdmin.caBundle, kPem);
  EXPECT_EQ(spec.directAdmin.localDelivery, LocalDelivery::Ignore);
  EXPECT_THAT(spec.addresses.only, ElementsAre("anna", "zoe"));
  EXPECT_FALSE(spec.addresses.aliases);
  EXPECT_FALSE(spec.addresses.groups);
  EXPECT_EQ(spec.addresses.blocked, BlockedUsers::Keep);
  EXPECT_THAT(spec.addresses.extra, ElementsAre("info", "support"));
  EXPECT_THAT(spec.addresses.exclude, ElementsAre("no-reply"));
  EXPECT_TRUE(spec.addresses.mirrorMainDomain);
  EXPECT_EQ(spec.maxDeletions, (MaxDeletions{4, false}));
  EXPECT_EQ(spec.approval, Approval::Manual);
  EXPECT_EQ(spec.deletionPolicy, DeletionPolicy::Delete);
  EXPECT_FALSE(spec.dns.check);
  EXPECT_FALSE(spec.dns.holdWithoutRoutingMx);
  EXPECT_THAT(spec.dns.routingMx, ElementsAre("filter.example", "mx.filter.example"));
  EXPECT_EQ(spec.interval, 90min);
  EXPECT_TRUE(spec.suspend);
}

TEST(AResource, AsAClusterGivesItIsReadAllTheSame) {
  Value document = minimal();
  put(document, "metadata>uid", text("0000"));
  put(document, "metadata>resourceVersion", text("1"));
  put(document, "metadata>creationTimestamp", text("2026-01-01T00:00:00Z"));
  put(document, "metadata>managedFields", list({map({})}));
  put(document, "metadata>finalizers", texts({"splitdelivery.dev/x"}));
  put(document, "metadata>ownerReferences", list({}));
  put(document, "status", map({{"anything", list({number(1)})}}));
  EXPECT_EQ(good(document).spec.domain, "example.com");
}

TEST(AField, ThatIsNullIsAbsent) {
  Value document = minimal();
  for (const auto* path : {"metadata>namespace", "metadata>labels", "spec>routingHost", "spec>delivery",
                           "spec>zoho>mailURL", "spec>directAdmin>caBundle", "spec>addresses", "spec>maxDeletions",
                           "spec>dns", "spec>interval", "spec>suspend", "spec>mxroute", "status"}) {
    put(document, path, none());
  }
  EXPECT_EQ(good(document).spec.routingHost, "zoho.example.com");
  EXPECT_FALSE(parseSplitDeliveryDomain(minimalWith("spec>policy", none())));
}

TEST(MaxDeletions, AreANumberOrAPercentage) {
  EXPECT_EQ(good(minimalWith("spec>maxDeletions", text("0%"))).spec.maxDeletions, (MaxDeletions{0, true}));
  EXPECT_EQ(good(minimalWith("spec>maxDeletions", text("100%"))).spec.maxDeletions, (MaxDeletions{100, true}));
  EXPECT_EQ(good(minimalWith("spec>maxDeletions", number(0))).spec.maxDeletions, (MaxDeletions{0, false}));
}

TEST(EveryMistake, IsToldAtOnceInTheDocumentsOrder) {
  Value document = minimal();
  put(document, "apiVersion", text("splitdelivery.dev/v1"));
  put(document, "metadata>name", text("Example_com"));
  put(document, "spec>domain", text("example"));
  drop(document, "spec>policy");
  put(document, "spec>zoho>organizationId", number(60012345));
  put(document, "spec>zoho>datacenter", text("us"));
  drop(document, "spec>directAdmin>server");
  put(document, "spec>addresses>extra", list({text("ok"), flag(false), text("a b")}));
  put(document, "extra", text("x"));
  const auto parsed = parseSplitDeliveryDomain(document);
  ASSERT_FALSE(parsed);
  std::vector<std::string> paths;
  for (const auto& error : parsed.error()) paths.push_back(error.path);
  EXPECT_THAT(paths, ElementsAre("apiVersion", "metadata.name", "spec.policy", "spec.domain",
                                 "spec.zoho.organizationId", "spec.zoho.datacenter", "spec.directAdmin.server",
                                 "spec.addresses.extra[1]", "spec.addresses.extra[2]", "extra"));
}

TEST(ADocumentThatIsNoMap, IsOneError) {
  for (const Value& document : {text("hello"), list({}), number(1)}) {
    const auto parsed = parseSplitDeliveryDomain(document);
    ASSERT_FALSE(parsed);
    EXPECT_THAT(parsed.error().front().message, StartsWith("must be a map of fields"));
  }
}

TEST(ARepeatedKey, IsAnError) {
  Value document = minimal();
  auto& spec = std::get<Value::Map>(std::get<Value::Map>(document.data)[3].second.data);
  spec.emplace_back("policy", text("Observe"));
  const auto parsed = parseSplitDeliveryDomain(document);
  ASSERT_FALSE(parsed);
  EXPECT_THAT(parsed.error(), ElementsAre(FieldError{"spec.policy", "is there twice: keep one"}));
}

TEST(ALongList, IsRefusedAsAWhole) {
  Value::List many(10'001, text("anna"));
  const auto parsed = parseSplitDeliveryDomain(minimalWith("spec>addresses>extra", Value{many}));
  ASSERT_FALSE(parsed);
  EXPECT_THAT(parsed.error(), ElementsAre(FieldError{"spec.addresses.extra", "must have at most 10000 entries"}));
  many.pop_back();
  EXPECT_THAT(good(minimalWith("spec>addresses>extra", Value{many})).spec.addresses.extra, ElementsAre("anna"));
}

TEST(ADomainWithoutRoomForZohoBeforeIt, NeedsARoutingHost) {
  const std::string label(61, 'a');
  const std::string domain = label + "." + label + "." + label + "." + label + ".com";
  const auto parsed = parseSplitDeliveryDomain(minimalWith("spec>domain", text(domain)));
  ASSERT_FALSE(parsed);
  EXPECT_THAT(parsed.error(),
              ElementsAre(FieldError{"spec.routingHost", "is required: zoho.<domain> would be too long a name"}));
}

}  // namespace
}  // namespace splitdelivery::api
