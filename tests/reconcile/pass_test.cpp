#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reconcile/universe.h"

namespace splitdelivery::reconcile {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

TEST(AFirstPass, MakesAForwarderForEveryAddress) {
  Universe u;
  u.addUser("anna", {"a.smith"});
  u.addUser("bob");
  u.world.zoho.addGroup(Universe::kOrganization, {.name = "Team", .email = "team@example.com"});
  const PassReport report = u.pass();
  EXPECT_EQ(report.outcome, Outcome::InSync);
  EXPECT_THAT(u.forwarders(), ElementsAre(Pair("a.smith", "a.smith@zoho.example.com"), Pair("anna", u.target("anna")),
                                          Pair("bob", u.target("bob")), Pair("team", u.target("team"))));
  EXPECT_EQ(readyReason(report), "Synced");
  EXPECT_EQ(report.status.changes.created, 4U);
  EXPECT_EQ(report.status.forwarders.managed, 4U);
  EXPECT_EQ(report.status.zoho.users, 2U);
  EXPECT_EQ(report.status.zoho.aliases, 1U);
  EXPECT_EQ(report.status.zoho.groups, 1U);
  EXPECT_THAT(u.world.journal.badRequests(), IsEmpty());
}

TEST(ASecondPass, ChangesAndWritesNothing) {
  Universe u;
  u.addUser("anna");
  u.pass();
  const auto writes = u.writesSent();
  const int bookSaves = u.books.saves;
  const int statusSaves = u.statuses.saves;
  const PassReport report = u.passAfter(5min);
  EXPECT_EQ(report.outcome, Outcome::InSync);
  EXPECT_EQ(u.writesSent(), writes);
  EXPECT_EQ(u.books.saves, bookSaves) << "nothing has changed that is worth a write";
  EXPECT_EQ(u.statuses.saves, statusSaves);
  u.passAfter(5min);
  EXPECT_EQ(u.statuses.saves, statusSaves + 1) << "lastSyncTime is kept within ten minutes";
}

TEST(APass, FollowsComingsAndGoings) {
  Universe u;
  for (const char* name : {"anna", "bob", "carol", "dave"}) u.addUser(name);
  u.pass();
  u.removeUser("bob");
  u.addUser("erin");
  const PassReport report = u.passAfter(5min);
  EXPECT_EQ(report.status.changes, (api::ChangeCounts{.created = 1, .deleted = 1}));
  EXPECT_THAT(u.forwarders(), SizeIs(4));
  EXPECT_FALSE(u.forwarders().contains("bob"));
}

TEST(APass, CarriesOutUpdatesInPlace) {
  Universe u;
  u.addUser("anna");
  u.addUser("bob");
  u.pass();
  u.resource.spec.routingHost = "z.example.com";
  u.resource.spec.maxDeletions = {.amount = 100, .percent = true};
  const PassReport report = u.passAfter(5min);
  EXPECT_EQ(report.status.changes.updated, 2U);
  EXPECT_THAT(u.forwarders(), ElementsAre(Pair("anna", "anna@z.example.com"), Pair("bob", "bob@z.example.com")));
}

TEST(APass, NeverTouchesWhatSomebodyElseMade) {
  Universe u;
  u.addUser("anna");
  u.addUser("kim");
  u.addUser("found");
  u.forward("kim", "kim@elsewhere.example");
  u.forward("found", "found@zoho.example.com");
  u.forward("stray", "stray@zoho.example.com");
  u.forward("many", "a@x.example,b@y.example");
  const auto before = u.forwarders();
  const PassReport report = u.pass();
  EXPECT_EQ(report.outcome, Outcome::NeedsApproval);
  EXPECT_EQ(readyReason(report), "SyncedWithConflicts");
  u.removeUser("found");
  u.removeUser("kim");
  u.passAfter(5min);
  for (const auto& forwarder : before) EXPECT_THAT(u.forwarders(), Contains(forwarder));
  EXPECT_THAT(u.forwarders(), SizeIs(before.size() + 1));
}

TEST(APass, HoldsAMassDeletionUntilItIsApproved) {
  Universe u;
  for (int i = 0; i < 10; ++i) u.addUser("u" + std::to_string(i));
  u.pass();
  for (int i = 0; i < 5; ++i) u.removeUser("u" + std::to_string(i));
  const PassReport held = u.passAfter(5min);
  EXPECT_EQ(held.outcome, Outcome::NeedsApproval);
  EXPECT_EQ(readyReason(held), "DeletionsHeld");
  EXPECT_THAT(readyMessage(held), HasSubstr("splitdelivery.dev/approved-plan: \"" + held.status.plan.id + "\""));
  EXPECT_THAT(u.forwarders(), SizeIs(10));
  u.resource.annotations["splitdelivery.dev/approved-plan"] = held.status.plan.id;
  const PassReport done = u.passAfter(5min);
  EXPECT_EQ(done.status.changes.deleted, 5U);
  EXPECT_THAT(u.forwarders(), SizeIs(5));
  EXPECT_EQ(readyReason(done), "Synced");
}

TEST(APass, AdoptsWhatIsRightWhenAskedTo) {
  Universe u;
  u.addUser("anna");
  u.addUser("bob");
  u.forward("anna", "anna@zoho.example.com");
  u.resource.annotations["splitdelivery.dev/adopt"] = "true";
  EXPECT_EQ(u.pass().status.forwarders.managed, 2U);
  u.removeUser("anna");
  EXPECT_EQ(u.passAfter(5min).status.changes.deleted, 1U);
}

TEST(APass, RefusesAChangedDomain) {
  Universe u;
  u.addUser("anna");
  u.pass();
  u.resource.spec.domain = "example.net";
  const PassReport report = u.passAfter(5min);
  EXPECT_EQ(report.outcome, Outcome::Failed);
  EXPECT_EQ(readyReason(report), "DomainChanged");
  EXPECT_EQ(condition(report.status, "Stalled").status, api::ConditionStatus::True);
}

TEST(APass, OfASuspendedResourceAsksNobodyAnything) {
  Universe u;
  u.addUser("anna");
  u.resource.spec.suspend = true;
  const PassReport report = u.pass();
  EXPECT_TRUE(report.suspended);
  EXPECT_THAT(u.world.journal.entries(), IsEmpty());
}

TEST(APass, TellsWhenADamagedBookWasSetAside) {
  class DamagedBooks final : public source::BookStore {
    base::Task<base::Result<source::StoredBook>> load(api::ObjectKey) override {
      co_return source::StoredBook{.book = {}, .setAside = "books/x.damaged"};
    }
    base::Task<base::Result<base::Done>> save(api::ObjectKey, api::AddressBook) override { co_return base::Done{}; }
    base::Task<std::vector<source::Orphan>> orphans(std::vector<api::ObjectKey>) override {
      co_return std::vector<source::Orphan>{};
    }
  } books;
  Universe u;
  for (const char* name : {"anna", "bob"}) u.addUser(name);
  u.pass();
  u.removeUser("bob");
  Observer observer;
  Accounts accounts(
      u.executor, [&](const std::string&) -> http::Transport& { return u.network; }, u.records);
  Claims claims;
  Reconciler reconciler({u.executor, accounts, books, u.statuses, observer, claims, u.dns}, Mode::Sync);
  const PassReport report = u.executor.run(reconciler.pass(u.resource, u.secrets, {}));
  EXPECT_THAT(u.forwarders(), SizeIs(2)) << "an empty book deletes nothing";
  EXPECT_EQ(report.status.forwarders.found, 1U);
  EXPECT_THAT(report.notes, Contains(HasSubstr("books/x.damaged")));
}

TEST(APass, KeepsADirectoryOfBothSides) {
  Universe u;
  u.addUser("anna", {"alias"});
  u.world.da.addMailbox(Universe::kDomain, "local");
  u.pass();
  const api::Directory& directory = u.books.books[u.resource.key].directory;
  EXPECT_THAT(directory.zoho, SizeIs(2));
  EXPECT_THAT(directory.mailboxes, ElementsAre("local"));
  EXPECT_THAT(directory.forwarders, SizeIs(2));
  EXPECT_EQ(directory.accounts, api::Completeness::Complete);
}

TEST(APlan, WritesNothingAnywhere) {
  Universe u;
  u.addUser("anna");
  const PassReport report = u.pass(Mode::Plan);
  EXPECT_EQ(report.outcome, Outcome::Pending);
  ASSERT_TRUE(report.plan);
  EXPECT_THAT(report.plan->creates, SizeIs(1));
  EXPECT_EQ(u.writesSent(), 0U);
  EXPECT_EQ(u.books.saves, 0);
  EXPECT_EQ(u.statuses.saves, 0);
}

TEST(Resources, OfOneOrganisationShareItsTokenAndListing) {
  Universe u;
  u.addUser("anna");
  u.world.zoho.addUser(Universe::kOrganization, {.email = "nina@example.net"});
  u.world.da.addDomain("user", "example.net");
  Observer observer;
  Accounts accounts(
      u.executor, [&](const std::string&) -> http::Transport& { return u.network; }, u.records);
  Claims claims;
  Reconciler reconciler({u.executor, accounts, u.books, u.statuses, observer, claims, u.dns}, Mode::Sync);
  api::SplitDeliveryDomain second = u.resource;
  second.key.name = "example-net";
  second.spec.domain = "example.net";
  second.spec.routingHost = "zoho.example.net";
  std::vector<base::Task<PassReport>> passes;
  passes.push_back(reconciler.pass(u.resource, u.secrets, {}));
  passes.push_back(reconciler.pass(second, u.secrets, {}));
  const auto reports = u.executor.run(base::all(u.executor, std::move(passes)));
  EXPECT_THAT(reports, SizeIs(2));
  EXPECT_THAT(u.forwarders(), SizeIs(1));
  EXPECT_THAT(u.world.da.forwarders("example.net"), SizeIs(1));
  EXPECT_EQ(u.world.journal.requests("zoho", "token"), 1U);
  EXPECT_EQ(u.world.journal.requests("zoho", "GET domains"), 1U);
  EXPECT_EQ(u.world.journal.requests("da", "GET CMD_API_SHOW_DOMAINS"), 1U);
}

}  // namespace
}  // namespace splitdelivery::reconcile
