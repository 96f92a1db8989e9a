// Credentials that stop being right: the server sees a few logins, not one for each interval (S9).

#include <gtest/gtest.h>

#include "reconcile/days.h"

namespace splitdelivery::reconcile {
namespace {

using namespace std::chrono_literals;
using simulators::DaBehavior;

/// The refused command and its check, then probes after 5, 10, 20, 40 and each 60 minutes, jitter aside.
constexpr std::size_t kLoginsOfTheFirstHours = 2 + 4;

struct LockedOut : Days {
  explicit LockedOut(std::chrono::seconds interval = 5min) : Days(8, 1, interval) {
    start();
    expectWellSoon();
    runFor(1h);
  }
  void changeKeyOnServer(const std::string& key) { u.world.da.account("user").keys = {{.key = key}}; }
  void changeSecret(const std::string& key) {
    manifests.secrets.at({"default", "directadmin"}).values.insert_or_assign("loginKey", base::Secret(key));
    read();
  }
};

class ABadLogin : public ::testing::TestWithParam<DaBehavior::Refusal> {};

TEST_P(ABadLogin, IsTriedOnceAnHourForDaysAndAChangedSecretRecoversAtOnce) {
  LockedOut days;
  days.u.world.da.behavior.badLogin = GetParam();
  days.u.world.da.behavior.banAfter = 0;
  days.changeKeyOnServer("new");
  days.runFor(24h);
  EXPECT_GE(days.witness.badLogins, 20U) << "the slow probe goes on";
  EXPECT_LE(days.witness.badLogins, kLoginsOfTheFirstHours + 24);
  EXPECT_EQ(days.ready(), "BadCredentials");
  EXPECT_EQ(condition(days.last().status, api::condition::kStalled).status, api::ConditionStatus::True);
  EXPECT_EQ(days.readyMoves(), 2);
  const auto before = days.witness.badLogins;
  days.changeSecret("new");
  days.runFor(5s);
  days.expectInSync();
  EXPECT_EQ(days.witness.badLogins, before);
}
INSTANTIATE_TEST_SUITE_P(Forms, ABadLogin,
                         ::testing::Values(DaBehavior::Refusal::Unauthorized, DaBehavior::Refusal::LoginPage,
                                           DaBehavior::Refusal::Header, DaBehavior::Refusal::Redirect));

TEST(ABadLogin, IsForgottenWithinTwoHoursWhenTheServerTakesTheKeyAgain) {
  LockedOut days;
  days.u.world.da.behavior.banAfter = 0;
  days.changeKeyOnServer("new");
  days.runFor(26h);
  days.changeKeyOnServer("key");
  days.expectWellWithin(2h);
}

TEST(ABadLogin, OfAProgramThatCronStartsEverySevenMinutesIsNotTriedMoreOften) {
  LockedOut days;
  days.u.world.da.behavior.banAfter = 0;
  days.changeKeyOnServer("new");
  for (int i = 0; i < 24 * 60 / 7; ++i) {
    days.runFor(7min);
    days.restart();
  }
  EXPECT_LE(days.witness.badLogins, kLoginsOfTheFirstHours + 24);
  EXPECT_GE(days.witness.badLogins, 15U);
}

class ABan : public ::testing::TestWithParam<DaBehavior::Ban> {};

TEST_P(ABan, IsNotProlongedAndEndsWithTheRightKey) {
  LockedOut days;
  days.u.world.da.behavior.ban = GetParam();
  days.u.world.da.behavior.banAfter = 3;
  days.changeKeyOnServer("new");
  days.runFor(48h);
  EXPECT_LE(days.witness.badLogins, kLoginsOfTheFirstHours + 48);
  EXPECT_EQ(condition(days.last().status, api::condition::kStalled).status, api::ConditionStatus::True);
  days.changeSecret("new");
  days.runFor(24h);
  EXPECT_LE(days.witness.badLogins, 2 * kLoginsOfTheFirstHours + 72) << "banned still, and the new key waits too";
  EXPECT_FALSE(days.isReady());
  EXPECT_EQ(days.readyMoves(), 2);
  days.u.world.da.liftBans();
  days.expectWellWithin(2h);
  EXPECT_EQ(days.witness.deletes, 0U);
}
INSTANTIATE_TEST_SUITE_P(Forms, ABan, ::testing::Values(DaBehavior::Ban::LoginPage, DaBehavior::Ban::Header));

TEST(AWrongClientSecret, AsksZohoOnceAnHourAndAChangedSecretRecoversAtOnce) {
  LockedOut days;
  days.u.world.zoho.organization(Universe::kOrganization).clientSecret = "other";
  days.u.world.zoho.revokeTokens();
  const auto before = days.witness.mints;
  days.runFor(48h);
  EXPECT_LE(days.witness.mints - before, 48U + 6);
  EXPECT_GE(days.witness.mints - before, 40U);
  EXPECT_EQ(days.ready(), "InvalidClient");
  days.manifests.secrets.at({"default", "zoho"}).values.insert_or_assign("clientSecret", base::Secret("other"));
  days.read();
  days.runFor(5s);
  days.expectInSync();
}

}  // namespace
}  // namespace splitdelivery::reconcile
