// What changes rarely is remembered over passes of one process, and never relied on for a write.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reconcile/universe.h"

namespace splitdelivery::reconcile {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::Not;

/// One process over several passes.
class AProcess : public ::testing::Test {
 protected:
  PassReport pass() { return u.executor.run(reconciler.pass(u.resource, u.secrets, {})); }
  PassReport passAfter(base::Duration pause) {
    u.executor.advance(pause);
    return pass();
  }
  void ask(const std::string& when) { u.resource.annotations[std::string(api::annotation::kReconcileAt)] = when; }
  [[nodiscard]] std::size_t mailboxListings() const { return u.world.journal.requests("da", "CMD_API_POP"); }
  [[nodiscard]] std::size_t forwarderListings() const {
    return u.world.journal.requests("da", "GET CMD_API_EMAIL_FORWARDERS");
  }

  Universe u;
  Observer observer;
  Accounts accounts{u.executor, [this](const std::string&) -> http::Transport& { return u.network; }, u.records};
  Claims claims;
  Reconciler reconciler{{u.executor, accounts, u.books, u.statuses, observer, claims, u.dns}, Mode::Sync};
};

TEST_F(AProcess, AsksDNSEveryTenMinutesWhileAllIsWell) {
  u.addUser("anna");
  pass();
  EXPECT_EQ(u.world.dns.questions(), 3U);
  passAfter(5min);
  EXPECT_EQ(u.world.dns.questions(), 3U) << "good news is believed";
  ask("now");
  pass();
  EXPECT_EQ(u.world.dns.questions(), 6U) << "a person has asked for another look";
  ask("once more");
  passAfter(20s);
  EXPECT_EQ(u.world.dns.questions(), 6U) << "what is less than a minute old is good enough";
  passAfter(10min);
  EXPECT_EQ(u.world.dns.questions(), 9U);
}

TEST_F(AProcess, ListsMailboxesEveryTenMinutesAndForwardersInEachPass) {
  u.addUser("anna");
  pass();
  const auto boxes = mailboxListings();
  const auto forwarders = forwarderListings();
  passAfter(5min);
  EXPECT_EQ(mailboxListings(), boxes);
  EXPECT_EQ(forwarderListings(), forwarders + 1);
  ask("now");
  pass();
  EXPECT_EQ(mailboxListings(), boxes + 1) << "a person has asked for another look";
  passAfter(10min);
  EXPECT_EQ(mailboxListings(), boxes + 2);
}

TEST_F(AProcess, CreatesNothingOnTheWordOfRememberedMailboxes) {
  u.addUser("anna");
  pass();
  u.addUser("bob");
  u.world.da.addMailbox(Universe::kDomain, "bob");
  const PassReport report = passAfter(5min);
  EXPECT_EQ(readyReason(report), "SyncedWithConflicts") << "his mailbox was seen before anything was written";
  EXPECT_THAT(u.forwarders(), Not(Contains(Key("bob"))));
}

TEST_F(AProcess, CreatesNothingWhereTheMailboxesCannotBeListedAnew) {
  u.addUser("anna");
  pass();
  u.addUser("bob");
  u.world.faults.add({.api = "da", .endpoint = "CMD_API_POP", .fault = {.status = 500}});
  const PassReport report = passAfter(5min);
  EXPECT_THAT(u.forwarders(), Not(Contains(Key("bob"))));
  EXPECT_THAT(report.changes, (api::ChangeCounts{}));
}

TEST_F(AProcess, LooksAtTheMailboxesInEachPassWhileOneIsInTheWay) {
  u.addUser("anna");
  u.world.da.addMailbox(Universe::kDomain, "anna");
  EXPECT_EQ(readyReason(pass()), "SyncedWithConflicts");
  u.world.da.domain(Universe::kDomain).mailboxes.erase("anna");
  EXPECT_EQ(readyReason(passAfter(1min)), "Synced") << "that it was removed is seen at once";
  EXPECT_THAT(u.forwarders(), Contains(Key("anna")));
}

TEST_F(AProcess, TurnsNoSwitchOnTheWordOfRememberedMailboxes) {
  u.resource.spec.directAdmin.localDelivery = api::LocalDelivery::Ensure;
  u.world.da.domain(Universe::kDomain).internal = false;
  u.world.faults.add({.api = "zoho", .endpoint = "groups", .fault = {.status = 500}});
  u.addUser("anna");
  pass();
  EXPECT_FALSE(u.world.da.domain(Universe::kDomain).internal) << "Zoho's listing is not complete";
  u.world.faults.clear();
  u.world.da.addMailbox(Universe::kDomain, "anna");
  EXPECT_EQ(readyReason(passAfter(3min)), "SyncedWithConflicts");
  EXPECT_FALSE(u.world.da.domain(Universe::kDomain).internal);
}

TEST_F(AProcess, RemembersOfADomainNothingThatIsAnothers) {
  u.addUser("anna");
  pass();
  const auto boxes = mailboxListings();
  u.world.da.addDomain("user", "example.net");
  u.resource.spec.domain = "example.net";  // the resource was made anew under its name
  u.books.books.clear();
  pass();
  EXPECT_EQ(mailboxListings(), boxes + 1);
}

TEST_F(AProcess, ReportsAMailboxThatCameLaterWithinTenMinutes) {
  u.addUser("anna");
  pass();
  u.world.da.addMailbox(Universe::kDomain, "anna");
  passAfter(5min);
  EXPECT_EQ(readyReason(passAfter(5min)), "SyncedWithConflicts");
}

}  // namespace
}  // namespace splitdelivery::reconcile
