// S13, "checked besides": who receives first, and what the settings of either side do to mail.

#include "reconcile/routing_warnings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reconcile/routing_receiver.h"
#include "reconcile/routing_world.h"

namespace splitdelivery::reconcile {
namespace {

using dns::Outcome;
using mailserver::CatchAll;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

FirstReceiver receiver(const std::vector<dns::MxRecord>& records,
                       const std::string& server = "https://eagle.mxlogin.com:2222") {
  api::Spec spec = RoutingWorld::defaultSpec();
  spec.directAdmin.server = server;
  return judgeFirstReceiver(spec, RoutingWorld::mx(records));
}

TEST(TheFirstReceiver, IsWhomTheBestMXBelongsTo) {
  EXPECT_EQ(receiver({{10, "mx.zoho.com"}}).who, "Zoho");
  EXPECT_EQ(receiver({{10, "mx.zoho.eu"}}).who, "Zoho") << "of whatever data centre";
  EXPECT_EQ(receiver({{10, "eagle.mxlogin.com"}}).who, "MailServer");
  EXPECT_EQ(receiver({{20, "mx.zoho.com"}, {10, "in.filter.example"}}).who, "Other");
  EXPECT_EQ(receiver({{10, "mx.zoho.com"}, {20, "spool.example"}}).who, "Zoho");
  EXPECT_EQ(receiver({{10, "mx.zoho.com"}, {10, "spool.example"}}).who, "Other");
}

TEST(TheFirstReceiver, IsTheMailServerUnderEitherOfMXroutesNames) {
  for (const char* host : {"eagle.mxrouting.net", "eagle-relay.mxrouting.net", "eagle.mxlogin.com"}) {
    EXPECT_EQ(receiver({{10, host}}).who, "MailServer") << host;
    EXPECT_EQ(receiver({{10, host}}, "https://eagle.mxrouting.net:2222").who, "MailServer") << host;
    EXPECT_EQ(receiver({{10, host}}, "https://srv1.hoster.example:2222").who, "Other") << host;
  }
}

TEST(TheFirstReceiver, IsTheMailServerUnderAHostOfItsDomain) {
  EXPECT_EQ(receiver({{10, "srv1.hoster.example"}}, "https://srv1.hoster.example:2222").who, "MailServer");
  EXPECT_EQ(receiver({{10, "mx.srv1.hoster.example"}}, "https://srv1.hoster.example:2222").who, "MailServer");
  EXPECT_EQ(receiver({{10, "mx7.hoster.example"}}, "https://srv1.hoster.example:2222").who, "MailServer");
  EXPECT_EQ(receiver({{10, "mx7.other.example"}}, "https://srv1.hoster.example:2222").who, "Other");
}

TEST(TheFirstReceiver, IsNoStrangerUnderTheSameRegistry) {
  EXPECT_EQ(receiver({{10, "mx.stranger.co.uk"}}, "https://hoster.co.uk:2222").who, "Other");
  EXPECT_EQ(receiver({{10, "mx.stranger.com.au"}}, "https://hoster.com.au:2222").who, "Other");
  EXPECT_EQ(receiver({{10, "mx.stranger.example"}}, "https://hoster.example:2222").who, "Other");
  EXPECT_EQ(receiver({{10, "hoster.co.uk"}}, "https://hoster.co.uk:2222").who, "MailServer");
}

TEST(TheFirstReceiver, IsNotGuessedFromAnAddress) {
  EXPECT_EQ(receiver({{10, "mx.0.2.1"}}, "https://192.0.2.1:2222").who, "Other");
  EXPECT_EQ(receiver({{10, "mx.example"}}, "https://[2001:db8::1]:2222").who, "Other");
}

TEST(TheFirstReceiver, IsUnknownWithoutAnAnswerAndNobodyIsBlamed) {
  const auto failed =
      judgeFirstReceiver(RoutingWorld::defaultSpec(), RoutingWorld::without<dns::MxRecord>(Outcome::Failed));
  EXPECT_EQ(failed.who, "Unknown");
  EXPECT_FALSE(failed.warning);
}

TEST(S13, ADomainThatNobodyReceivesForIsAWarning) {
  for (const auto outcome : {Outcome::NoData, Outcome::NoSuchName}) {
    RoutingWorld world;
    world.dns.domain = RoutingWorld::without<dns::MxRecord>(outcome);
    EXPECT_EQ(world.judge().firstReceiver, "Other");
    EXPECT_THAT(reasons(world.judge()), ElementsAre("DomainWithoutMX"));
    EXPECT_FALSE(world.judge().holds);
  }
  RoutingWorld null;
  null.dns.domain = RoutingWorld::mx({{0, ""}});
  EXPECT_THAT(reasons(null.judge()), ElementsAre("DomainWithoutMX"));
  EXPECT_EQ(null.judge().firstReceiver, "Other");
}

TEST(S13, ADomainThatBothSystemsReceiveForIsAWarning) {
  RoutingWorld world;
  world.dns.domain = RoutingWorld::mx({{10, "mx.zoho.com"}, {20, "eagle.mxlogin.com"}});
  EXPECT_EQ(world.judge().firstReceiver, "Zoho");
  EXPECT_THAT(reasons(world.judge()), ElementsAre("DomainMXMixed"));
}

TEST(S13, LocalDeliveryOffIsAWarningUnderCheckAlone) {
  RoutingWorld world;
  world.server.localDelivery = false;
  EXPECT_THAT(reasons(world.judge()), ElementsAre("LocalDeliveryOff"));
  EXPECT_THAT(world.judge().warnings.front().message,
              AllOf(HasSubstr("Relay not permitted"), HasSubstr("Use this server to handle my e-mails"),
                    HasSubstr("CMD_API_DNS_MX"), HasSubstr("spec.directAdmin.localDelivery to Ensure")));
  EXPECT_FALSE(world.judge().holds);
  for (const auto how : {api::LocalDelivery::Ensure, api::LocalDelivery::Ignore}) {
    world.spec.directAdmin.localDelivery = how;
    EXPECT_THAT(world.judge().warnings, IsEmpty());
  }
}

TEST(S13, AServersCatchAllThatLeadsToTheRoutingHostIsAWarning) {
  RoutingWorld world;
  for (const char* to : {"all@zoho.example.com", "all@deep.zoho.example.com", "a@b@zoho.example.com"}) {
    world.server.catchAll = CatchAll{CatchAll::Kind::Address, to};
    EXPECT_THAT(reasons(world.judge()), ElementsAre("CatchAllLoops")) << to;
  }
  for (const char* to : {"bob@example.com", "bob", "", "all@elsewhere.example", "x@notzoho.example.com"}) {
    world.server.catchAll = CatchAll{CatchAll::Kind::Address, to};
    EXPECT_THAT(world.judge().warnings, IsEmpty()) << to;
  }
  world.server.catchAll = CatchAll{CatchAll::Kind::Blackhole, "all@zoho.example.com"};
  EXPECT_THAT(world.judge().warnings, IsEmpty());
}

TEST(S13, ACatchAllAtZohoIsAWarning) {
  RoutingWorld world;
  world.zohoDomain("other.example").catchAll = "x@other.example";
  EXPECT_THAT(world.judge().warnings, IsEmpty()) << "another domain's";
  world.zohoDomain().catchAll = "anna@example.com";
  EXPECT_THAT(reasons(world.judge()), ElementsAre("CatchAllAtZoho"));
  EXPECT_THAT(messageOf(world.judge(), "CatchAllAtZoho"), HasSubstr("example.com (anna@example.com)"));
}

TEST(S13, ForAnAliasDomainTheMainDomainsCatchAllCounts) {
  RoutingWorld world;
  world.zohoDomain("main.example").catchAll = "boss@main.example";
  world.zohoDomain("main.example").subDomainStripping = true;
  world.zohoDomain().alias = true;
  world.zohoDomain().aliasOf = "main.example";
  EXPECT_THAT(messageOf(world.judge(), "CatchAllAtZoho"), HasSubstr("main.example (boss@main.example)"));
}

TEST(S13, StaleForwardersAreALoopOnlyWhereZohoReceivesFirst) {
  RoutingWorld world;
  world.staleForwarders = 1;
  EXPECT_THAT(reasons(world.judge()), ElementsAre("StaleForwarders"));
  EXPECT_THAT(world.judge().warnings.front().message, HasSubstr("1 forwarder leads to zoho.example.com"));
  world.staleForwarders = 2;
  EXPECT_THAT(world.judge().warnings.front().message, HasSubstr("2 forwarders lead to zoho.example.com"));
  world.dns.domain = RoutingWorld::mx({{10, "eagle.mxlogin.com"}});
  EXPECT_EQ(world.judge().firstReceiver, "MailServer");
  EXPECT_THAT(world.judge().warnings, IsEmpty());
}

}  // namespace
}  // namespace splitdelivery::reconcile
