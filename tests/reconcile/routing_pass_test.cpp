// S13 in whole passes: nothing is created or changed towards a routing host that mail cannot reach Zoho by.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reconcile/universe.h"

namespace splitdelivery::reconcile {
namespace {

using namespace std::chrono_literals;
using api::ConditionStatus;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr const char* kRoutingHost = "zoho.example.com";

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

TEST(S13, AWayThatIsThereIsSaidToBeThere) {
  Universe u;
  u.addUser("anna");
  const PassReport report = u.pass();
  const api::Condition& way = condition(report.status, api::condition::kRoutingReady);
  EXPECT_EQ(way.status, ConditionStatus::True);
  EXPECT_EQ(way.reason, "LeadsToZoho");
  EXPECT_THAT(way.message, HasSubstr("mx.zoho.com"));
  EXPECT_EQ(report.status.firstReceiver, "Other") << "mx1.mailserver.example is not the server's own name";
}

TEST(S13, WithoutAnMXNothingIsCreatedAndDeletesGoOn) {
  Universe u;
  for (const char* name : {"anna", "bob", "carol", "dave"}) u.addUser(name);
  u.pass();
  u.world.dns.remove(kRoutingHost);
  u.removeUser("bob");
  u.addUser("erin");
  const PassReport report = u.passAfter(11min);
  EXPECT_THAT(u.forwarders(), Not(::testing::Contains(::testing::Key("erin"))));
  EXPECT_EQ(report.changes, (api::ChangeCounts{.deleted = 1}));
  EXPECT_EQ(readyReason(report), "RoutingNotReady");
  EXPECT_THAT(readyMessage(report), HasSubstr("mx.zoho.com")) << "the record to add";
  EXPECT_EQ(report.outcome, Outcome::NeedsApproval);
  EXPECT_EQ(condition(report.status, api::condition::kRoutingReady).status, ConditionStatus::False);
  EXPECT_EQ(condition(report.status, api::condition::kInSync).status, ConditionStatus::False);
  EXPECT_FALSE(report.retryAfter.has_value());
}

TEST(S13, TheNextPassAfterTheRecordIsMendedCreates) {
  Universe u;
  u.addUser("anna");
  u.world.dns.remove(kRoutingHost);
  EXPECT_EQ(readyReason(u.pass()), "RoutingNotReady");
  EXPECT_THAT(u.forwarders(), IsEmpty());
  simulators::addMailRecords(u.world.dns, Universe::kDomain);
  EXPECT_EQ(readyReason(u.passAfter(5min)), "Synced");
  EXPECT_THAT(u.forwarders(), SizeIs(1));
}

TEST(S13, AnOutageOfDNSKeepsTheLastVerdict) {
  Universe u;
  u.addUser("anna");
  u.pass();
  u.dns.fail(u.executor.now(), u.executor.now() + 48h);
  u.addUser("bob");
  PassReport report = u.passAfter(24h);
  EXPECT_EQ(readyReason(report), "Synced");
  EXPECT_THAT(u.forwarders(), SizeIs(2));
  EXPECT_EQ(condition(report.status, api::condition::kRoutingReady).status, ConditionStatus::True);
}

TEST(S13, AnOutageFromTheBeginningHoldsAndSaysSo) {
  Universe u;
  u.addUser("anna");
  u.dns.fail(u.executor.now(), u.executor.now() + 1h);
  const PassReport report = u.pass();
  EXPECT_EQ(readyReason(report), "RoutingNotReady");
  EXPECT_EQ(condition(report.status, api::condition::kRoutingReady).reason, "NoDNSAnswer");
  EXPECT_EQ(u.writesSent(), 0U);
}

TEST(S13, AStopWhileDNSIsAskedIsNoAnswer) {
  Universe u;
  u.addUser("anna");
  u.pass();
  u.resource.spec.routingHost = "z.example.com";  // of which nothing is remembered
  u.world.dns.setFaultOfAll(simulators::DnsFault::Silent);
  u.executor.runAt(u.executor.now() + 2s, [&u] { u.stop.request_stop(); });
  const PassReport report = u.pass();
  EXPECT_EQ(readyReason(report), "Interrupted");
  EXPECT_EQ(condition(report.status, api::condition::kRoutingReady).reason, "LeadsToZoho") << "as it was";
  EXPECT_EQ(condition(u.statuses.statuses[u.resource.key], "Ready").reason, "Synced") << "nothing was found out";
}

TEST(S13, ANewRoutingHostIsJudgedOnItsOwn) {
  Universe u;
  u.addUser("anna");
  u.pass();
  u.resource.spec.routingHost = "nowhere.example.com";
  u.resource.spec.maxDeletions = {.amount = 100, .percent = true};
  const auto writes = u.writesSent();
  EXPECT_EQ(readyReason(u.passAfter(1min)), "RoutingNotReady");
  EXPECT_EQ(u.writesSent(), writes);
  EXPECT_EQ(u.forwarders().at("anna"), "anna@zoho.example.com") << "the old way stays until the new one is there";
}

TEST(S13, ZohosRefusalHoldsToo) {
  Universe u;
  u.addUser("anna");
  u.world.zoho.organization(Universe::kOrganization).domains.front().subDomainStripping = false;
  const PassReport report = u.pass();
  EXPECT_EQ(readyReason(report), "RoutingNotReady");
  EXPECT_EQ(condition(report.status, api::condition::kRoutingReady).reason, "SubDomainStrippingOff");
  EXPECT_EQ(u.writesSent(), 0U);
}

TEST(S13, WithHoldOffItWarnsAndGoesOn) {
  Universe u;
  u.addUser("anna");
  u.world.dns.remove(kRoutingHost);
  u.resource.spec.dns.holdWithoutRoutingMx = false;
  const PassReport report = u.pass();
  EXPECT_EQ(readyReason(report), "Synced");
  EXPECT_THAT(u.forwarders(), SizeIs(1));
  EXPECT_EQ(condition(report.status, api::condition::kRoutingReady).status, ConditionStatus::False);
  EXPECT_THAT(joined(report.notes), HasSubstr(kRoutingHost));
}

TEST(S13, WithoutTheCheckDNSIsNotAsked) {
  Universe u;
  u.addUser("anna");
  u.resource.spec.dns.check = false;
  const PassReport report = u.pass();
  EXPECT_EQ(readyReason(report), "Synced");
  EXPECT_EQ(condition(report.status, api::condition::kRoutingReady).reason, "NotChecked");
  EXPECT_EQ(u.world.dns.questions(), 0U);
}

TEST(S13, PlanShowsWhatWaitsForTheWay) {
  Universe u;
  u.addUser("anna");
  u.world.dns.remove(kRoutingHost);
  const PassReport report = u.pass(Mode::Plan);
  ASSERT_TRUE(report.plan);
  ASSERT_THAT(report.plan->left, SizeIs(1));
  EXPECT_EQ(report.plan->left.front().why, plan::LeftBecause::RoutingNotReady);
  EXPECT_EQ(report.outcome, Outcome::NeedsApproval);
}

TEST(S13, AListThatFailsIsToldBeforeTheWay) {
  Universe u;
  u.addUser("anna");
  u.world.dns.remove(kRoutingHost);
  u.pass();
  u.network.setDown(simulators::VirtualNetwork::kDirectAdmin, true);
  const PassReport report = u.passAfter(5min);
  EXPECT_EQ(readyReason(report), "ConnectFailed");
  EXPECT_EQ(condition(report.status, api::condition::kRoutingReady).reason, "RoutingHostNotFound") << "as it was";
}

TEST(S13, AnAliasDomainMirrorsItsMainDomain) {
  Universe u;
  u.addUser("anna");
  u.world.zoho.addDomain(Universe::kOrganization, {.name = "third.example", .aliasOf = Universe::kDomain});
  u.world.da.addDomain("user", "third.example");
  u.resource.spec.domain = "third.example";
  u.resource.spec.routingHost = "zoho.third.example";
  EXPECT_EQ(readyReason(u.pass()), "NoAddresses");
  u.resource.spec.addresses.mirrorMainDomain = true;
  const PassReport report = u.passAfter(5min);
  EXPECT_EQ(readyReason(report), "Synced") << readyMessage(report);
  EXPECT_EQ(u.world.da.forwarders("third.example").at("anna"), "anna@zoho.third.example");
}

TEST(S13, AMirrorOfNothingIsToldAndDeletesNothing) {
  Universe u;
  u.addUser("anna");
  u.pass();
  u.resource.spec.addresses.mirrorMainDomain = true;
  const PassReport report = u.passAfter(5min);
  EXPECT_EQ(readyReason(report), "NotAnAliasDomain");
  EXPECT_EQ(report.status.zoho.users, 1U) << "what was counted last";
  EXPECT_THAT(u.forwarders(), SizeIs(1));
}

}  // namespace
}  // namespace splitdelivery::reconcile
