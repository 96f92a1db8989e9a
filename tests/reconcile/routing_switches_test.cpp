// S13: what holds, what warns, and what the two switches of spec.dns change.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reconcile/routing_world.h"

namespace splitdelivery::reconcile {
namespace {

using api::ConditionStatus;
using dns::Outcome;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(S13, WithoutDNSChecksNothingIsAskedAndNothingHolds) {
  RoutingWorld world;
  world.spec.dns.check = false;
  for (const auto outcome : {Outcome::NoSuchName, Outcome::NoData, Outcome::Failed}) {
    world.routes(outcome);
    world.dns.domain = RoutingWorld::without<dns::MxRecord>(outcome);
    world.dns.texts = RoutingWorld::without<std::string>(outcome);
    const Routing routing = world.judge();
    EXPECT_EQ(routing.ready, ConditionStatus::Unknown);
    EXPECT_EQ(routing.reason, "NotChecked");
    EXPECT_FALSE(routing.holds);
    EXPECT_FALSE(routing.mxGood);
    EXPECT_EQ(routing.firstReceiver, "Unknown");
    EXPECT_THAT(routing.warnings, IsEmpty());
  }
}

TEST(S13, WithoutDNSChecksZohosSettingsStillHold) {
  RoutingWorld world;
  world.spec.dns.check = false;
  world.asked = false;
  world.zohoDomain().subDomainStripping = false;
  EXPECT_EQ(world.judge().ready, ConditionStatus::False);
  EXPECT_EQ(world.judge().reason, "SubDomainStrippingOff");
  EXPECT_TRUE(world.judge().holds);
}

TEST(S13, WarningInsteadOfHoldingGoesForEverything) {
  const std::vector<std::pair<std::string, void (*)(RoutingWorld&)>> troubles{
      {"NoRoutingMX", [](RoutingWorld& world) { world.routes(Outcome::NoData); }},
      {"RoutingMXElsewhere",
       [](RoutingWorld& world) {
         world.routes({{10, "x.example"}});
       }},
      {"NoDNSAnswer", [](RoutingWorld& world) { world.routes(Outcome::Failed); }},
      {"SubDomainStrippingOff", [](RoutingWorld& world) { world.zohoDomain().subDomainStripping = false; }},
      {"RoutingHostIsLocal", [](RoutingWorld& world) { world.server.hostedDomains = {"zoho.example.com"}; }},
  };
  for (const auto& [reason, make] : troubles) {
    RoutingWorld world;
    make(world);
    EXPECT_TRUE(world.judge().holds) << reason;
    EXPECT_THAT(world.judge().warnings, IsEmpty()) << reason;
    world.spec.dns.holdWithoutRoutingMx = false;
    const Routing routing = world.judge();
    EXPECT_FALSE(routing.holds) << reason;
    EXPECT_NE(routing.ready, ConditionStatus::True) << "the condition tells the truth: " << reason;
    EXPECT_EQ(routing.reason, reason);
    EXPECT_THAT(reasons(routing), ElementsAre(reason));
    EXPECT_EQ(messageOf(routing, reason), routing.message);
  }
}

TEST(S13, OfSeveralFaultsTheFirstGivesTheReasonAndAllAreTold) {
  RoutingWorld world;
  world.zohoDomain().subDomainStripping = false;
  world.routes(Outcome::NoSuchName);
  world.server.hostedDomains = {"example.com", "zoho.example.com"};
  const Routing routing = world.judge();
  EXPECT_EQ(routing.reason, "RoutingHostIsLocal");
  EXPECT_THAT(routing.message, AllOf(HasSubstr("does not exist in DNS"), HasSubstr("; besides, Zoho does not take")));
}

TEST(S13, WhatIsKnownToBeWrongComesBeforeWhatIsNotKnown) {
  RoutingWorld world;
  world.zohoDomain().subDomainStripping = false;
  world.routes(Outcome::Failed);
  EXPECT_EQ(world.judge().ready, ConditionStatus::False);
  EXPECT_EQ(world.judge().reason, "SubDomainStrippingOff");
}

TEST(S13, ARoutingHostThatIsLocalOnTheMailServerHolds) {
  RoutingWorld hosted;
  hosted.server.hostedDomains = {"example.com", "zoho.example.com"};
  EXPECT_EQ(hosted.judge().reason, "RoutingHostIsLocal");
  EXPECT_THAT(hosted.judge().message, HasSubstr("a domain on the mail server, which delivers its mail itself"));
  RoutingWorld pointer;
  pointer.server.pointers = {{.name = "zoho.example.com", .alias = true}};
  EXPECT_EQ(pointer.judge().reason, "RoutingHostIsLocal");
  EXPECT_THAT(pointer.judge().message, HasSubstr("delete that pointer there"));
  RoutingWorld server;
  server.spec.directAdmin.server = "https://zoho.example.com:2222";
  server.spec.zoho.dataCenter = "us";
  EXPECT_EQ(server.judge().reason, "RoutingHostIsLocal");
  for (const auto& world : {hosted, pointer, server}) EXPECT_TRUE(world.judge().holds);
}

TEST(S13, OtherDomainsAndPointersOfTheServerAreNoMatter) {
  RoutingWorld world;
  world.server.hostedDomains = {"a.zoho.example.com", "example.com", "oho.example.com"};
  world.server.pointers = {{.name = "example.net", .alias = true}};
  EXPECT_EQ(world.judge().ready, ConditionStatus::True);
  EXPECT_THAT(world.judge().warnings, IsEmpty());
}

TEST(S13, SettingsThatNobodyCouldReadAreNoFault) {
  RoutingWorld world;
  world.server = {};
  EXPECT_EQ(world.judge().ready, ConditionStatus::True);
  EXPECT_THAT(world.judge().warnings, IsEmpty());
}

TEST(S13, AnUnknownDataCentreOrServerBreaksNothing) {
  RoutingWorld world;
  world.spec.zoho.dataCenter = "mars";
  world.spec.directAdmin.server = "";
  EXPECT_EQ(world.judge().reason, "OtherDataCenter");
  EXPECT_THAT(world.judge().message, HasSubstr("add the MX records that Zoho's admin console shows"));
}

}  // namespace
}  // namespace splitdelivery::reconcile
