// S17: the mail server's local-delivery switch.

#include "reconcile/local_delivery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reconcile/universe.h"

namespace splitdelivery::reconcile {
namespace {

using namespace std::chrono_literals;
using api::LocalDelivery;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using Setting = simulators::DaBehavior::Setting;

/// Two users, the switch off, and what the spec says of it.
class ASwitchThatIsOff : public ::testing::Test {
 protected:
  ASwitchThatIsOff() {
    u.addUser("anna");
    u.addUser("bob");
    domain().internal = false;
    u.resource.spec.directAdmin.localDelivery = LocalDelivery::Ensure;
  }
  simulators::DaDomain& domain() { return u.world.da.domain(Universe::kDomain); }
  const std::optional<api::SwitchRecord>& record() { return u.books.books[u.resource.key].localDelivery; }
  static std::string way(const PassReport& report) {
    return condition(report.status, api::condition::kRoutingReady).message;
  }

  Universe u;
};

TEST_F(ASwitchThatIsOff, IsTurnedOnAfterTheForwardersAreThere) {
  const PassReport report = u.pass();
  EXPECT_TRUE(domain().internal);
  EXPECT_EQ(readyReason(report), "Synced");
  ASSERT_TRUE(record());
  EXPECT_FALSE(record()->before);
  EXPECT_THAT(way(report), HasSubstr("is now on"));
  const auto writes = u.writesSent();
  u.passAfter(15min);
  EXPECT_EQ(u.writesSent(), writes);
}

TEST_F(ASwitchThatIsOff, IsToldUnderCheckAndNotTouched) {
  u.resource.spec.directAdmin.localDelivery = LocalDelivery::Check;
  const PassReport report = u.pass();
  EXPECT_FALSE(domain().internal);
  EXPECT_THAT(way(report), HasSubstr("Use this server to handle my e-mails"));
}

TEST_F(ASwitchThatIsOff, IsNotAskedForUnderIgnore) {
  u.resource.spec.directAdmin.localDelivery = LocalDelivery::Ignore;
  const PassReport report = u.pass();
  EXPECT_EQ(u.world.journal.requests("da", "GET CMD_API_DNS_MX"), 0U);
  EXPECT_THAT(way(report), ::testing::Not(HasSubstr("local delivery")));
}

TEST_F(ASwitchThatIsOff, StaysOffWhileAnythingIsNotInPlace) {
  const struct {
    const char* story;
    void (*spoil)(Universe&);
    const char* because;
  } table[] = {
      {"a conflict", [](Universe& u) { u.forward("anna", "x@elsewhere.example"); }, "there are conflicts"},
      {"an address left out", [](Universe& u) { u.resource.spec.addresses.exclude = {"anna"}; },
       "anna@example.com has no forwarder"},
      {"a policy that writes too little", [](Universe& u) { u.resource.spec.policy = api::Policy::CreateOnly; },
       "the policy CreateOnly forbids it"},
      {"no way to Zoho", [](Universe& u) { u.world.dns.remove("zoho.example.com"); }, "the routing host is not ready"},
      {"a refused address", [](Universe& u) { u.world.da.behavior.refusedAddresses.insert("anna@example.com"); },
       "not every change has been made"},
  };
  for (const auto& row : table) {
    SCOPED_TRACE(row.story);
    Universe fresh;
    fresh.addUser("anna");
    fresh.addUser("bob");
    fresh.world.da.domain(Universe::kDomain).internal = false;
    fresh.resource.spec.directAdmin.localDelivery = LocalDelivery::Ensure;
    row.spoil(fresh);
    const PassReport report = fresh.pass();
    EXPECT_FALSE(fresh.world.da.domain(Universe::kDomain).internal);
    EXPECT_THAT(way(report), HasSubstr(row.because));
    EXPECT_FALSE(fresh.books.books[fresh.resource.key].localDelivery.has_value());
  }
}

TEST_F(ASwitchThatIsOff, IsNotTurnedByAPlan) {
  u.pass();
  domain().internal = false;
  const PassReport report = u.passAfter(15min, Mode::Plan);
  EXPECT_FALSE(domain().internal);
  EXPECT_THAT(report.notes, ::testing::Contains(HasSubstr("sync turns it on")));
}

TEST_F(ASwitchThatIsOff, IsTurnedOnAgainAfterSomebodyTurnedItOff) {
  u.pass();
  domain().internal = false;
  u.passAfter(15min);
  EXPECT_TRUE(domain().internal);
  EXPECT_FALSE(record()->before) << "what it was at first";
}

TEST_F(ASwitchThatIsOff, ThatTheServerDoesNotTurnIsAFailure) {
  for (const Setting behavior : {Setting::Refused, Setting::Ignored}) {
    u.world.da.behavior.turnInternal = behavior;
    const PassReport report = u.passAfter(15min);
    EXPECT_FALSE(domain().internal);
    EXPECT_EQ(condition(report.status, api::condition::kReady).status, api::ConditionStatus::False);
    EXPECT_THAT(readyMessage(report), HasSubstr("could not be turned on"));
    EXPECT_THAT(u.forwarders(), SizeIs(2));
    EXPECT_FALSE(record()) << "it was not us who turned it on";
  }
  u.world.da.behavior.turnInternal = Setting::Works;
  EXPECT_EQ(readyReason(u.passAfter(15min)), "Synced");
  EXPECT_TRUE(domain().internal);
}

TEST_F(ASwitchThatIsOff, IsNotTurnedBeforeItsRecordIsOnDisk) {
  u.pass(Mode::Plan);
  u.addUser("carol");
  u.books.savesUntilFull = 1;
  u.pass();
  EXPECT_FALSE(domain().internal);
}

TEST_F(ASwitchThatIsOff, IsTurnedOffAgainBeforeADepartureDeletes) {
  u.pass();
  u.resource.spec.deletionPolicy = api::DeletionPolicy::Delete;
  u.resource.annotations[std::string(api::annotation::kDelete)] = "true";
  EXPECT_EQ(readyReason(u.passAfter(5min)), "Deleted");
  EXPECT_FALSE(domain().internal);
  EXPECT_FALSE(record());
  EXPECT_THAT(u.forwarders(), SizeIs(0));
}

TEST_F(ASwitchThatIsOff, ThatCannotBeRestoredRetainsEverything) {
  u.pass();
  u.resource.spec.deletionPolicy = api::DeletionPolicy::Delete;
  u.resource.annotations[std::string(api::annotation::kDelete)] = "true";
  u.world.da.behavior.turnInternal = Setting::Ignored;
  const PassReport report = u.passAfter(5min);
  EXPECT_THAT(readyMessage(report), HasSubstr("so nothing is deleted"));
  EXPECT_THAT(u.forwarders(), SizeIs(2));
  EXPECT_TRUE(record());
}

TEST_F(ASwitchThatIsOff, ThatSomebodyElseTurnedOnStaysOnAtADeparture) {
  domain().internal = true;
  u.pass();
  u.resource.spec.deletionPolicy = api::DeletionPolicy::Delete;
  u.resource.annotations[std::string(api::annotation::kDelete)] = "true";
  EXPECT_EQ(readyReason(u.passAfter(5min)), "Deleted");
  EXPECT_TRUE(domain().internal);
}

TEST_F(ASwitchThatIsOff, LeavesDeletingAloneWhereItIsNotEnsuredAnyMore) {
  u.pass();
  u.resource.spec.directAdmin.localDelivery = LocalDelivery::Check;
  u.resource.spec.deletionPolicy = api::DeletionPolicy::Delete;
  u.resource.annotations[std::string(api::annotation::kDelete)] = "true";
  EXPECT_EQ(readyReason(u.passAfter(5min)), "Deleted");
  EXPECT_TRUE(domain().internal);
}

TEST_F(ASwitchThatIsOff, IsNotOursAnyMoreAtAnotherUser) {
  u.pass();
  ASSERT_TRUE(record());
  u.world.da.addAccount({.user = "second", .keys = {{.key = "key"}}});
  domain().owner = "second";
  u.secrets.at({"default", "directadmin"}).values.insert_or_assign("username", base::Secret("second"));
  u.passAfter(5min);
  EXPECT_FALSE(record());
  u.resource.spec.deletionPolicy = api::DeletionPolicy::Delete;
  u.resource.annotations[std::string(api::annotation::kDelete)] = "true";
  EXPECT_EQ(readyReason(u.passAfter(5min)), "Deleted");
  EXPECT_TRUE(domain().internal) << "the second user has it on, whoever turned it";
}

TEST_F(ASwitchThatIsOff, StaysOursWithAnotherOrganisation) {
  u.pass();
  u.world.zoho.addOrganization({.id = "60099999", .domains = {{.name = "example.com", .primary = true}}});
  u.world.zoho.addUser("60099999", {.email = "anna@example.com"});
  u.resource.spec.zoho.organizationId = "60099999";
  u.passAfter(5min);
  EXPECT_TRUE(record());
}

TEST_F(ASwitchThatIsOff, ThatTheKeyMayNotSeeIsToldWithTheCommand) {
  u.world.da.addAccount(
      {.user = "narrow",
       .keys = {{.key = "key", .commands = {"CMD_API_SHOW_DOMAINS", "CMD_API_EMAIL_FORWARDERS", "CMD_API_POP"}}}});
  u.world.da.domain(Universe::kDomain).owner = "narrow";
  u.secrets.at({"default", "directadmin"}).values.insert_or_assign("username", base::Secret("narrow"));
  const PassReport report = u.pass();
  EXPECT_EQ(readyReason(report), "Synced") << readyMessage(report);
  EXPECT_THAT(report.notes, ::testing::Contains(HasSubstr("CMD_API_DNS_MX")));
}

}  // namespace
}  // namespace splitdelivery::reconcile
