// S13: exactly one SPF record that names both systems, and no false alarm.

#include "reconcile/spf.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reconcile/routing_world.h"

namespace splitdelivery::reconcile {
namespace {

using dns::Outcome;
using ::testing::AllOf;
using ::testing::HasSubstr;

std::optional<Warning> judged(std::vector<std::string> texts, const std::string& dataCenter = "us") {
  api::Spec spec = RoutingWorld::defaultSpec();
  spec.zoho.dataCenter = dataCenter;
  auto warning = judgeSpf(spec, {.outcome = Outcome::Found, .records = std::move(texts)});
  if (warning) testing::expectStyle({base::ErrorKind::Stall, warning->reason, warning->message});
  return warning;
}

std::string reason(const std::string& record, const std::string& dataCenter = "us") {
  const auto warning = judged({"google-site-verification=x", record}, dataCenter);
  return warning ? warning->reason : "";
}

TEST(S13SPF, ThatNamesBothSystemsIsGood) {
  for (const char* record :
       {"v=spf1 include:zohomail.com include:mxlogin.com -all", "v=spf1 include:zoho.com a ~all",
        "V=SPF1 INCLUDE:ZohoMail.com. MX ?ALL", "v=spf1  +include:one.zoho.com  ip4:192.0.2.0/24  ~all",
        "v=spf1 mx include:zohomail.com", "v=spf1 include:zohomail.com ip6:2001:db8::1 -all exp=why.example"}) {
    EXPECT_EQ(reason(record), "") << record;
  }
}

TEST(S13SPF, MissingIsToldWithTheRecordToAdd) {
  const auto warning = judged({"v=spf10 include:zohomail.com", "v=spf1a", "spf1", "", " v=spf1 -all"});
  ASSERT_TRUE(warning);
  EXPECT_EQ(warning->reason, "SPFMissing");
  EXPECT_THAT(warning->message, AllOf(HasSubstr("begins with v=spf1"), HasSubstr("include:zohomail.com")));
  const auto spec = RoutingWorld::defaultSpec();
  EXPECT_EQ(judgeSpf(spec, {.outcome = Outcome::NoData})->reason, "SPFMissing");
  EXPECT_EQ(judgeSpf(spec, {.outcome = Outcome::NoSuchName})->reason, "SPFMissing");
}

TEST(S13SPF, TwoRecordsAreAsGoodAsNone) {
  const auto warning = judged({"v=spf1 include:zohomail.com ~all", "v=spf1 include:mxlogin.com ~all"});
  ASSERT_TRUE(warning);
  EXPECT_EQ(warning->reason, "SPFRepeated");
  EXPECT_THAT(warning->message, HasSubstr("has 2 SPF records"));
}

TEST(S13SPF, WithoutZohoIsToldWhichIncludeIsMissing) {
  EXPECT_EQ(reason("v=spf1 include:mxlogin.com -all"), "SPFWithoutZoho");
  EXPECT_EQ(reason("v=spf1 -include:zohomail.com include:mxlogin.com -all"), "SPFWithoutZoho") << "refuses it";
  EXPECT_EQ(reason("v=spf1 include:notzohomail.com -all"), "SPFWithoutZoho");
  EXPECT_EQ(reason("v=spf1 -all"), "SPFWithoutZoho");
  EXPECT_EQ(reason("v=spf1"), "SPFWithoutZoho");
  EXPECT_THAT(judged({"v=spf1 mx -all"}, "eu")->message, HasSubstr("add include:zohomail.eu to it"));
  EXPECT_THAT(judged({"v=spf1 mx -all"}, "cn")->message, HasSubstr("that Zoho's admin console shows"));
}

TEST(S13SPF, OfAnotherDataCentreIsSaidToBeSo) {
  EXPECT_THAT(judged({"v=spf1 mx include:zoho.eu -all"})->message,
              HasSubstr("names another data centre of Zoho than us"));
  EXPECT_EQ(reason("v=spf1 mx include:zoho.eu include:zohomail.com -all"), "");
}

TEST(S13SPF, WhereTheDataCentresNameIsNotKnownAnyOfZohosWillDo) {
  for (const char* center : {"cn", "sa", "uk", "ae"}) {
    EXPECT_EQ(reason("v=spf1 mx include:zohomail.com -all", center), "") << center;
  }
}

TEST(S13SPF, WithZohoAloneMissesTheMailServer) {
  for (const char* record :
       {"v=spf1 include:zohomail.com -all", "v=spf1 include:zoho.com include:zohomail.com ~all",
        "v=spf1 include:zohomail.com ~mx -a ?ip4:192.0.2.1 -all", "v=spf1 include:zohomail.com exp=a.example -all",
        "v=spf1 include:zohomail.com include:zoho.eu -all"}) {
    EXPECT_EQ(reason(record), "SPFWithoutMailServer") << record;
  }
  EXPECT_THAT(judged({"v=spf1 include:zohomail.com -all"})->message, HasSubstr("(eagle.mxlogin.com)"));
}

TEST(S13SPF, ThatPointsElsewhereIsLeftAlone) {
  for (const char* record :
       {"v=spf1 redirect=_spf.example.com", "v=spf1 include:_spf.example.com -all",
        "v=spf1 include:%{i}._ip.%{h}.spf.vendor.example -all", "v=spf1 exists:%{i}.spf.vendor.example -all",
        "v=spf1 +all", "v=spf1 all", "v=spf1 redirect=other.example include:zohomail.com"}) {
    EXPECT_EQ(reason(record), "") << record;
  }
}

TEST(S13SPF, WithoutAnAnswerThereIsNothingToSay) {
  EXPECT_FALSE(judgeSpf(RoutingWorld::defaultSpec(), {.outcome = Outcome::Failed}));
}

TEST(S13SPF, OfGarbageIsReadWithoutHarm) {
  for (const std::string& record :
       {std::string("v=spf1 "), std::string("v=spf1     "), std::string("v=spf1 include: + - = :"),
        "v=spf1 " + std::string(5000, '+'), std::string("v=spf1 \xff\xfe\0 include:", 20)}) {
    EXPECT_TRUE(isSpf(record));
    EXPECT_FALSE(readSpf(record, RoutingWorld::defaultSpec()).zoho);
  }
  EXPECT_FALSE(isSpf("v=spf"));
  EXPECT_FALSE(readSpf("", RoutingWorld::defaultSpec()).others);
}

TEST(S13, TheSPFWarningIsAmongTheOthers) {
  RoutingWorld world;
  world.dns.texts.records.clear();
  world.dns.texts.outcome = Outcome::NoData;
  EXPECT_THAT(reasons(world.judge()), ::testing::ElementsAre("SPFMissing"));
  EXPECT_FALSE(world.judge().holds);
}

}  // namespace
}  // namespace splitdelivery::reconcile
