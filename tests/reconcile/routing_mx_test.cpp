// S13: before any create or update, the routing host's MX exists and leads to Zoho.

#include "reconcile/routing_mx.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reconcile/routing_world.h"

namespace splitdelivery::reconcile {
namespace {

using api::ConditionStatus;
using dns::Outcome;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const std::string kRecords = "add MX records for zoho.example.com: 10 mx.zoho.com, 20 mx2.zoho.com, 50 mx3.zoho.com";

void expectHeld(const RoutingWorld& world, const std::string& reason) {
  const Routing routing = world.judge();
  EXPECT_EQ(routing.ready, ConditionStatus::False) << routing.message;
  EXPECT_EQ(routing.reason, reason);
  EXPECT_TRUE(routing.holds);
  EXPECT_FALSE(routing.mxGood);
}

TEST(S13, ARoutingHostWhoseMXLeadsToZohoIsReady) {
  const Routing routing = RoutingWorld().judge();
  EXPECT_EQ(routing.ready, ConditionStatus::True);
  EXPECT_EQ(routing.reason, "LeadsToZoho");
  EXPECT_EQ(routing.message, "zoho.example.com leads to mx.zoho.com, and Zoho strips the sub-domains of example.com");
  EXPECT_FALSE(routing.holds);
  EXPECT_TRUE(routing.mxGood);
  EXPECT_EQ(routing.firstReceiver, "Zoho");
  EXPECT_THAT(routing.warnings, IsEmpty());
}

TEST(S13, WithoutTheNameItHoldsAndNamesTheRecords) {
  RoutingWorld world;
  world.routes(Outcome::NoSuchName);
  expectHeld(world, "RoutingHostNotFound");
  EXPECT_EQ(world.judge().message, "zoho.example.com does not exist in DNS: " + kRecords);
}

TEST(S13, WithoutAnMXItHoldsAndNamesTheRecords) {
  RoutingWorld world;
  world.routes(Outcome::NoData);
  expectHeld(world, "NoRoutingMX");
  EXPECT_EQ(world.judge().message, "zoho.example.com has no MX record: " + kRecords);
}

TEST(S13, TheRecordsAreThoseOfTheDataCentre) {
  RoutingWorld world;
  world.routes(Outcome::NoData);
  world.spec.zoho.dataCenter = "ca";
  EXPECT_THAT(world.judge().message, HasSubstr("10 mx.zohocloud.ca, 20 mx2.zohocloud.ca, 50 mx3.zohocloud.ca"));
  world.spec.zoho.dataCenter = "ae";
  EXPECT_THAT(world.judge().message, HasSubstr("that Zoho's admin console shows for example.com")) << "not known";
}

TEST(S13, TheNullMXHolds) {
  RoutingWorld world;
  world.routes({{0, ""}});
  expectHeld(world, "NullRoutingMX");
  EXPECT_THAT(world.judge().message, HasSubstr(kRecords));
}

TEST(S13, AnMXElsewhereHolds) {
  RoutingWorld world;
  world.routes({{10, "mail.elsewhere.example"}});
  expectHeld(world, "RoutingMXElsewhere");
  EXPECT_THAT(world.judge().message, AllOf(HasSubstr("leads to mail.elsewhere.example"), HasSubstr(kRecords),
                                           HasSubstr("list it in spec.dns.routingMX")));
}

TEST(S13, AHostThatOnlyEndsLikeZohosIsNotZohos) {
  for (const char* host : {"mx.evilzoho.com", "zoho.com.evil.example", "mx.zoho.com.example", "com"}) {
    RoutingWorld world;
    world.routes({{10, host}});
    expectHeld(world, "RoutingMXElsewhere");
  }
}

TEST(S13, AnotherDataCentresMXHoldsAndSaysWhichItIs) {
  RoutingWorld world;
  world.routes({{10, "mx.zoho.eu"}});
  expectHeld(world, "OtherDataCenter");
  EXPECT_THAT(world.judge().message,
              AllOf(HasSubstr("Zoho's data centre eu, but spec.zoho.dataCenter is us"), HasSubstr(kRecords)));
}

TEST(S13, WhereTheDataCentresMXIsNotKnownAnyOfZohosWillDo) {
  for (const char* center : {"uk", "ae"}) {
    RoutingWorld world;
    world.spec.zoho.dataCenter = center;
    EXPECT_TRUE(world.judge().mxGood) << center;
  }
}

TEST(S13, AFilterInFrontIsAcceptedByItsSuffix) {
  RoutingWorld world;
  world.routes({{10, "in.filter.example"}});
  expectHeld(world, "RoutingMXElsewhere");
  world.spec.dns.routingMx = {"filter.example"};
  EXPECT_EQ(world.judge().ready, ConditionStatus::True);
}

TEST(S13, TheMailServerAmongTheMXHoldsWhateverElseThereIs) {
  for (const char* host : {"eagle.mxlogin.com", "eagle.mxrouting.net", "eagle-relay.mxrouting.net"}) {
    RoutingWorld world;
    world.routes({{10, "mx.zoho.com"}, {90, host}});
    world.spec.dns.routingMx = {"mxrouting.net"};
    expectHeld(world, "RoutingLoops");
    EXPECT_THAT(world.judge().message, AllOf(HasSubstr(host), HasSubstr("in a circle"), HasSubstr(kRecords)));
  }
}

TEST(S13, AnotherHostOfTheProviderIsNoLoop) {
  RoutingWorld world;
  world.spec.directAdmin.server = "https://srv1.hoster.example:2222";
  world.spec.dns.routingMx = {"filter.hoster.example"};
  world.routes({{10, "filter.hoster.example"}});
  EXPECT_EQ(world.judge().ready, ConditionStatus::True);
}

TEST(S13, AWorseMXElsewhereIsAWarning) {
  RoutingWorld world;
  world.routes({{10, "mx.zoho.com"}, {30, "spool.example"}, {40, "other.example"}});
  const Routing routing = world.judge();
  EXPECT_EQ(routing.ready, ConditionStatus::True);
  EXPECT_THAT(reasons(routing), ElementsAre("RoutingMXMixed"));
  EXPECT_THAT(routing.warnings.front().message, HasSubstr("also leads to spool.example and other.example"));
  world.spec.dns.routingMx = {"spool.example", "other.example"};
  EXPECT_THAT(world.judge().warnings, IsEmpty());
}

TEST(S13, AnEqualMXElsewhereHoldsInWhateverOrderTheAnswerHasIt) {
  for (const auto& records :
       std::vector<std::vector<dns::MxRecord>>{{{10, "mx.zoho.com"}, {10, "z.example"}},
                                               {{10, "z.example"}, {10, "mx.zoho.com"}},
                                               {{20, "mx2.zoho.com"}, {10, "mx.zoho.com"}, {10, "a.example"}}}) {
    RoutingWorld world;
    world.routes(records);
    expectHeld(world, "RoutingMXElsewhere");
  }
}

TEST(S13, AFailedAnswerKeepsTheLastVerdict) {
  for (const bool good : {true, false}) {
    RoutingWorld world;
    if (!good) world.routes({{10, "mx.zoho.com"}, {10, "z.example"}});
    world.remembered = world.judge().record;
    world.routes(Outcome::Failed);
    const Routing routing = world.judge();
    EXPECT_EQ(routing.ready, good ? ConditionStatus::True : ConditionStatus::False);
    EXPECT_EQ(routing.holds, !good);
    EXPECT_FALSE(routing.mxGood) << "it is not to be kept as good news";
    EXPECT_EQ(routing.record, world.remembered);
    EXPECT_THAT(routing.message, HasSubstr("what DNS said last, for now the resolvers did not answer in time"));
  }
}

TEST(S13, WithoutAnyVerdictItHolds) {
  RoutingWorld world;
  world.routes(Outcome::Failed);
  for (const bool asked : {true, false}) {
    world.asked = asked;
    const Routing routing = world.judge();
    EXPECT_EQ(routing.ready, ConditionStatus::Unknown);
    EXPECT_EQ(routing.reason, "NoDNSAnswer");
    EXPECT_TRUE(routing.holds);
  }
}

TEST(S13, AfterAChangeOfRoutingHostTheOldVerdictIsNone) {
  RoutingWorld world;
  world.remembered = world.judge().record;
  world.spec.routingHost = "z.example.com";
  world.routes(Outcome::Failed);
  EXPECT_EQ(world.judge().reason, "NoDNSAnswer");
  EXPECT_TRUE(world.judge().holds);
  EXPECT_EQ(world.judge().record, world.remembered);
}

TEST(S13, WhatIsRememberedIsJudgedByTheSpecOfNow) {
  RoutingWorld world;
  world.remembered = world.judge().record;
  world.routes(Outcome::Failed);
  world.spec.zoho.dataCenter = "eu";
  EXPECT_EQ(world.judge().reason, "OtherDataCenter");
}

TEST(TheRoutingRecord, ChangesOnlyWithWhatDNSSays) {
  RoutingWorld world;
  world.remembered = world.judge().record;
  EXPECT_EQ(world.remembered.routingHost, "zoho.example.com");
  EXPECT_TRUE(world.remembered.exists);
  EXPECT_THAT(world.remembered.mx, ElementsAre("mx.zoho.com", "mx2.zoho.com", "mx3.zoho.com"));
  EXPECT_EQ(world.remembered.seenAt, world.now);

  world.now += std::chrono::hours(1);
  EXPECT_EQ(world.judge().record, world.remembered) << "a quiet pass writes nothing down";
  world.routes(Outcome::NoSuchName);
  const auto gone = world.judge().record;
  EXPECT_FALSE(gone.exists);
  EXPECT_THAT(gone.mx, IsEmpty());
  EXPECT_EQ(gone.seenAt, world.now);
}

TEST(TheRoutingRecord, OfAnUncheckedHostIsLeftAsItIs) {
  RoutingWorld world;
  world.remembered = world.judge().record;
  world.spec.dns.check = false;
  world.routes(Outcome::NoSuchName);
  EXPECT_EQ(world.judge().record, world.remembered);
}

TEST(AnOddName, OutOfDNSIsNotRepeated) {
  RoutingWorld world;
  world.routes({{10, "mx\n\"<script>.example"}});
  EXPECT_THAT(world.judge().message, AllOf(HasSubstr("a host with an odd name"), Not(HasSubstr("script"))));
}

}  // namespace
}  // namespace splitdelivery::reconcile
