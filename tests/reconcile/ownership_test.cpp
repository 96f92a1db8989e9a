// What is ours stays ours, whatever servers say: stories that a review found, each with its scene.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reconcile/universe.h"

namespace splitdelivery::reconcile {
namespace {

using namespace std::chrono_literals;
using simulators::FaultKind;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

void addUsers(Universe& u, int count) {
  for (int i = 0; i < count; ++i) u.addUser("u" + std::to_string(i));
}

TEST(AMailServerThatListsNothingForHours, TakesNothingFromUs) {
  Universe u;
  addUsers(u, 6);
  u.addUser("info");
  u.forward("info", "boss@elsewhere.example");
  u.pass();
  u.world.faults.add(
      {.api = "da", .endpoint = "GET CMD_API_EMAIL_FORWARDERS", .fault = {.kind = FaultKind::EmptyList}});
  for (int i = 0; i < 5; ++i) {
    const PassReport report = u.passAfter(15min);
    EXPECT_EQ(report.outcome, Outcome::Failed);
    EXPECT_THAT(u.ledger().entries, SizeIs(6));
  }
  for (const std::string& change : u.world.journal.changes()) {
    EXPECT_EQ(change.find("info"), std::string::npos) << "nothing is made where a forwarder may be hidden";
  }
  u.world.faults.clear();
  EXPECT_EQ(u.passAfter(15min).status.forwarders.managed, 6U);
  EXPECT_EQ(u.forwarders().at("info"), "boss@elsewhere.example");
  u.removeUser("u0");
  EXPECT_EQ(u.passAfter(15min).status.changes.deleted, 1U) << "still ours to delete";
}

TEST(AMailServerThatLostItsForwarders, GetsThemBackAtOnce) {
  Universe u;
  addUsers(u, 6);
  u.pass();
  for (int i = 0; i < 6; ++i) u.world.da.removeForwarder(Universe::kDomain, "u" + std::to_string(i));
  const PassReport report = u.passAfter(5min);
  EXPECT_EQ(report.status.changes.created, 6U);
  EXPECT_EQ(readyReason(report), "Synced");
  EXPECT_EQ(report.status.forwarders.managed, 6U);
}

TEST(ACreateThatTakesEffectAfterWeLookedAgain, IsOurs) {
  Universe u;
  u.addUser("anna");
  u.world.faults.add({.api = "da", .endpoint = "POST", .nth = {1}, .fault = {.kind = FaultKind::ResetBefore}});
  const PassReport unclear = u.pass();
  EXPECT_EQ(readyReason(unclear), "ApplyFailed");
  u.world.faults.clear();
  u.forward("anna", "anna@zoho.example.com");  // the server carries it out after all
  EXPECT_EQ(u.passAfter(5min).status.forwarders.managed, 1U);
}

TEST(AnUpdateThatIsAnsweredWithALoginPage, IsOursWhereItTookEffect) {
  Universe u;
  u.addUser("anna");
  u.pass();
  u.resource.spec.routingHost = "z.example.com";
  simulators::Fault page{.kind = FaultKind::Html, .effect = true};
  u.world.faults.add({.api = "da", .endpoint = "POST", .fault = page});
  u.passAfter(5min);
  u.world.faults.clear();
  const PassReport report = u.passAfter(6h);
  EXPECT_EQ(u.forwarders().at("anna"), "anna@z.example.com");
  EXPECT_EQ(report.status.forwarders.managed, 1U);
}

TEST(DeletesThatTakeEffectUnderAnErrorAnswer, AreCountedByTheGuard) {
  Universe u;
  addUsers(u, 10);
  u.resource.spec.maxDeletions = {.amount = 1, .percent = false};
  u.pass();
  u.world.faults.add({.api = "da",
                      .endpoint = "POST",
                      .containing = "action=delete",
                      .fault = {.kind = FaultKind::Status,
                                .status = 500,
                                .effect = true,
                                .body = R"({"error":"Could not execute your request","result":"no"})"}});
  u.removeUser("u0");
  u.passAfter(5min);
  EXPECT_THAT(u.forwarders(), SizeIs(9));
  u.removeUser("u1");
  EXPECT_EQ(readyReason(u.passAfter(5min)), "DeletionsHeld");
  EXPECT_THAT(u.forwarders(), SizeIs(9));
}

TEST(ACreateThatIsRefused, IsOnceMoreNotOursOnDisk) {
  Universe u;
  u.addUser("anna");
  u.world.da.behavior.refusedAddresses.insert("anna@example.com");
  u.pass();
  u.passAfter(5min);
  EXPECT_THAT(u.ledger().entries, IsEmpty()) << "who makes it by hand now would lose it to us";
}

TEST(ADeleteThatIsRefused, IsOnceMoreManagedOnDisk) {
  Universe u;
  addUsers(u, 2);
  u.pass();
  u.resource.spec.deletionPolicy = api::DeletionPolicy::Delete;
  u.resource.annotations[std::string(api::annotation::kDelete)] = "true";
  u.world.faults.add({.api = "da",
                      .endpoint = "POST",
                      .containing = "action=delete",
                      .fault = {.kind = FaultKind::Status, .status = 200, .body = R"({"error":"no","result":"no"})"}});
  for (int i = 0; i < 2; ++i) {
    u.passAfter(5min);
    for (const api::LedgerEntry& entry : u.ledger().entries) {
      EXPECT_EQ(entry.state, api::LedgerEntry::State::Managed) << entry.local;
    }
    EXPECT_THAT(u.ledger().entries, SizeIs(2));
  }
}

TEST(WritesWhoseListingDoesNotCome, AreCountedAsAnswered) {
  Universe u;
  addUsers(u, 2);
  u.world.faults.add({.api = "da",
                      .endpoint = "GET CMD_API_EMAIL_FORWARDERS",
                      .nth = {2, 3, 4, 5},
                      .fault = {.kind = FaultKind::Status, .status = 503}});
  const PassReport report = u.pass();
  EXPECT_EQ(report.outcome, Outcome::Failed);
  EXPECT_EQ(report.changes, (api::ChangeCounts{.created = 2}));
  EXPECT_THAT(report.done, SizeIs(2));
  EXPECT_EQ(report.status.lastChangeTime, u.executor.wallTime());
}

TEST(AnUnclearChange, IsCountedOnce) {
  Universe u;
  addUsers(u, 3);
  u.pass();
  u.resource.spec.maxDeletions = {.amount = 3, .percent = false};
  u.resource.spec.routingHost = "z.example.com";
  u.world.faults.add({.api = "da", .endpoint = "POST", .nth = {1}, .fault = {.kind = FaultKind::ResetBefore}});
  u.passAfter(5min);
  EXPECT_EQ(readyReason(u.passAfter(5min)), "Synced");
  EXPECT_EQ(u.ledger().changes.size(), 3U);
}

TEST(OneNameThatTheServerWillNotDelete, DoesNotKeepTheOthers) {
  Universe u;
  addUsers(u, 10);
  u.pass();
  for (int i = 0; i < 3; ++i) u.removeUser("u" + std::to_string(i));
  u.world.faults.add(
      {.api = "da",
       .endpoint = "POST",
       .containing = "=u1",
       .fault = {
           .kind = FaultKind::Status, .status = 500, .body = R"({"error":"Unable to delete","result":"protected"})"}});
  const PassReport report = u.passAfter(5min);
  EXPECT_EQ(report.status.changes, (api::ChangeCounts{.deleted = 2, .failed = 1}));
  EXPECT_TRUE(u.forwarders().contains("u1"));
  EXPECT_EQ(u.ledger().changes.size(), 2U) << "what did not happen is not counted";
}

TEST(AnExtraOfADomainThatZohoDoesNotHave, IsNotForwardedIntoNowhere) {
  Universe u;
  u.addUser("anna");
  u.world.da.addDomain("user", "third.example");
  u.resource.spec.domain = "third.example";
  u.resource.spec.routingHost = "zoho.third.example";
  u.resource.spec.addresses.extra = {"support"};
  const PassReport report = u.pass();
  EXPECT_EQ(readyReason(report), "NoAddresses");
  EXPECT_EQ(condition(report.status, "InSync").status, api::ConditionStatus::Unknown);
  EXPECT_THAT(u.world.da.forwarders("third.example"), IsEmpty());
}

TEST(BadCredentialsOnOneSide, ComeBeforeTroubleOnTheOther) {
  Universe u;
  u.addUser("anna");
  u.world.faults.add({.api = "zoho", .endpoint = "GET groups", .fault = {.kind = FaultKind::Status, .status = 500}});
  u.secrets.at({"default", "directadmin"}).values.insert_or_assign("loginKey", base::Secret("wrong"));
  const PassReport report = u.pass();
  EXPECT_EQ(readyReason(report), "BadCredentials");
  EXPECT_EQ(condition(report.status, "Stalled").status, api::ConditionStatus::True);
  EXPECT_THAT(readyMessage(report), HasSubstr("ServerError")) << "and the other is named too";
}

TEST(AStatusThatCannotBeWritten, IsToldAsSuch) {
  class FullDisk final : public source::StatusStore {
    base::Task<api::Status> load(api::ObjectKey) override { co_return api::Status{}; }
    base::Task<base::Result<base::Done>> save(api::ObjectKey, api::Status) override {
      co_return base::fail(base::ErrorKind::Retry, "StateNotWritable", "the disk is full");
    }
  } statuses;
  Universe u;
  u.addUser("anna");
  Observer observer;
  Accounts accounts(
      u.executor, [&](const std::string&) -> http::Transport& { return u.network; }, u.records);
  Claims claims;
  Reconciler reconciler({u.executor, accounts, u.books, statuses, observer, claims, u.dns}, Mode::Sync);
  const PassReport report = u.executor.run(reconciler.pass(u.resource, u.secrets, {}));
  EXPECT_EQ(report.outcome, Outcome::Failed);
  EXPECT_EQ(readyReason(report), "StateNotWritable");
}

TEST(AWriteThatWaitedTooLong, IsNotSentOnAnOldListing) {
  // Two requests of the same account hang, so that ours wait for their place.
  Universe u;
  addUsers(u, 20);
  u.pass();
  for (int i = 0; i < 4; ++i) u.removeUser("u" + std::to_string(i));
  u.executor.advance(5min);
  u.network.setLatency(9s, 12s);
  u.world.journal.clear();
  u.pass();
  simulators::Time listed{};
  for (const auto& entry : u.world.journal.entries()) {
    if (entry.endpoint == "GET CMD_API_EMAIL_FORWARDERS") listed = entry.at;
    if (entry.endpoint.starts_with("POST")) EXPECT_LE(entry.at - listed, 30s);
  }
  EXPECT_THAT(u.forwarders(), SizeIs(16));
}

}  // namespace
}  // namespace splitdelivery::reconcile
