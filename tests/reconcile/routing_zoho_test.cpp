// S13: Zoho accepts the routing host. The table of routing_zoho.h, row by row.

#include "reconcile/routing_zoho.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reconcile/routing_world.h"

namespace splitdelivery::reconcile {
namespace {

using api::ConditionStatus;
using Result = RoutingCheck::Result;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

RoutingCheck judged(const RoutingWorld& world) {
  return judgeAcceptance(world.spec, world.listing);
}

TEST(S13, SubDomainStrippingOffHoldsAndSaysWhereItIsTurnedOn) {
  RoutingWorld world;
  world.zohoDomain().subDomainStripping = false;
  const Routing routing = world.judge();
  EXPECT_EQ(routing.ready, ConditionStatus::False);
  EXPECT_EQ(routing.reason, "SubDomainStrippingOff");
  EXPECT_TRUE(routing.holds);
  EXPECT_TRUE(routing.mxGood) << "the MX is another question";
  EXPECT_EQ(
      routing.message,
      "Zoho does not take mail for zoho.example.com, because sub-domain stripping is off for example.com: turn on "
      "sub-domain stripping for example.com in Zoho's admin console under Domains, or add zoho.example.com there "
      "as a domain alias");
}

TEST(S13, AnUnsaidFlagWarns) {
  RoutingWorld world;
  world.zohoDomain().subDomainStripping.reset();
  const Routing routing = world.judge();
  EXPECT_EQ(routing.ready, ConditionStatus::True);
  EXPECT_FALSE(routing.holds);
  EXPECT_THAT(reasons(routing), ElementsAre("ZohoSettingsUnknown"));
}

TEST(S13, UnreadableDomainSettingsWarnWhateverTheRestSays) {
  for (const auto completeness : {api::Completeness::Failed, api::Completeness::Stagnant}) {
    RoutingWorld world;
    world.listing.domainList.completeness = completeness;
    world.zohoDomain().subDomainStripping = false;
    const Routing routing = world.judge();
    EXPECT_FALSE(routing.holds);
    EXPECT_EQ(routing.ready, ConditionStatus::True);
    EXPECT_THAT(reasons(routing), ElementsAre("ZohoSettingsUnreadable"));
  }
}

TEST(S13, TheRoutingHostAsADomainAliasNeedsNoStripping) {
  RoutingWorld world;
  world.zohoDomain().subDomainStripping = false;
  world.zohoDomain("zoho.example.com") = {.name = "zoho.example.com", .alias = true, .aliasOf = "example.com"};
  const Routing routing = world.judge();
  EXPECT_EQ(routing.ready, ConditionStatus::True) << routing.message;
  EXPECT_THAT(routing.message, HasSubstr("Zoho has zoho.example.com as a domain alias"));
  EXPECT_THAT(routing.warnings, IsEmpty());
}

TEST(S13, AnAliasWithoutALinkOrVerificationWarns) {
  RoutingWorld world;
  world.zohoDomain("zoho.example.com").alias = true;
  EXPECT_THAT(reasons(world.judge()), ElementsAre("ZohoSettingsUnknown"));
  world.zohoDomain("zoho.example.com").verified = false;
  EXPECT_THAT(reasons(world.judge()), ElementsAre("RoutingHostNotVerified"));
  world.zohoDomain("zoho.example.com").alias.reset();
  EXPECT_THAT(reasons(world.judge()), ElementsAre("ZohoSettingsUnknown"));
  EXPECT_FALSE(world.judge().holds);
}

TEST(S13, AnAliasOfAnotherDomainHolds) {
  RoutingWorld world;
  world.zohoDomain("other.example") = {.name = "other.example", .alias = false, .subDomainStripping = true};
  world.zohoDomain("zoho.example.com") = {.name = "zoho.example.com", .alias = true, .aliasOf = "other.example"};
  EXPECT_EQ(world.judge().reason, "RoutingHostOfAnotherDomain");
  EXPECT_TRUE(world.judge().holds);
  EXPECT_THAT(world.judge().message, HasSubstr("would go to other people"));
}

TEST(S13, ADomainOfItsOwnHoldsEvenWithStripping) {
  RoutingWorld world;
  world.zohoDomain("zoho.example.com") = {.name = "zoho.example.com", .alias = false, .subDomainStripping = true};
  EXPECT_EQ(world.judge().reason, "RoutingHostNotAnAlias");
  EXPECT_TRUE(world.judge().holds);
}

TEST(S13, TheLongestListedDomainCounts) {
  RoutingWorld world;
  world.spec.routingHost = "z.mail.example.com";
  world.remembered.routingHost = "";
  world.zohoDomain("mail.example.com") = {.name = "mail.example.com", .alias = true, .aliasOf = "example.com"};
  EXPECT_EQ(judged(world).result, Result::Good) << "its main domain's flag";
  world.zohoDomain("mail.example.com") = {.name = "mail.example.com", .alias = false, .subDomainStripping = true};
  EXPECT_EQ(judged(world).reason, "RoutingHostOfAnotherDomain") << "anna@mail.example.com is somebody else";
}

TEST(S13, UnderAnAliasTheMainDomainsFlagOffIsWarnedOnly) {
  RoutingWorld world;
  world.zohoDomain("main.example") = {.name = "main.example", .alias = false, .subDomainStripping = true};
  world.zohoDomain() = {.name = "example.com", .alias = true, .subDomainStripping = false, .aliasOf = "main.example"};
  EXPECT_EQ(judged(world).result, Result::Good);
  world.zohoDomain("main.example").subDomainStripping = false;
  EXPECT_EQ(judged(world).result, Result::Unknown);
  EXPECT_FALSE(world.judge().holds);
  EXPECT_THAT(messageOf(world.judge(), "SubDomainStrippingOff"),
              AllOf(HasSubstr("turn on sub-domain stripping for main.example"), HasSubstr("may not take")));
  world.zohoDomain().aliasOf.clear();
  EXPECT_EQ(judged(world).reason, "ZohoSettingsUnknown");
  world.zohoDomain().aliasOf = "vanished.example";
  EXPECT_EQ(judged(world).reason, "ZohoSettingsUnknown");
}

TEST(S13, UnderAnotherDomainItHolds) {
  RoutingWorld world;
  world.zohoDomain("other.example") = {.name = "other.example", .alias = false, .subDomainStripping = true};
  world.spec.routingHost = "zoho.other.example";
  EXPECT_EQ(world.judge().reason, "RoutingHostOfAnotherDomain");
  EXPECT_THAT(world.judge().message, HasSubstr("use a routing host under example.com"));
  world.spec.routingHost = "zoho.nobody.example";
  EXPECT_EQ(world.judge().reason, "RoutingHostNotAccepted");
  EXPECT_TRUE(world.judge().holds);
  world.spec.routingHost = "zohoexample.com";
  EXPECT_EQ(judged(world).reason, "RoutingHostNotAccepted") << "no part of example.com";
}

TEST(S13, UnderTheMainDomainOfAnAliasItIsAccepted) {
  RoutingWorld world;
  world.zohoDomain("main.example") = {.name = "main.example", .alias = false, .subDomainStripping = true};
  world.zohoDomain() = {.name = "example.com", .alias = true, .aliasOf = "main.example"};
  world.spec.routingHost = "zoho.main.example";
  EXPECT_EQ(judged(world).result, Result::Good);
}

TEST(S13, ADomainThatTheOrganisationLacksIsNotForThisRuleToHold) {
  RoutingWorld world;
  world.listing.domains = {{.name = "other.example"}};
  EXPECT_FALSE(world.judge().holds);
  EXPECT_THAT(reasons(world.judge()), Contains("DomainNotListed"));
}

}  // namespace
}  // namespace splitdelivery::reconcile
