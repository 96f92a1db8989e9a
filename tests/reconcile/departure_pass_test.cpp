// S14 in a folder: what the annotation splitdelivery.dev/delete does.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reconcile/universe.h"

namespace splitdelivery::reconcile {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

/// Three of ours, one of somebody else, one that was right before we came.
void fill(Universe& u) {
  u.forward("other", "x@elsewhere.example");
  u.forward("found", u.target("found"));
  for (const char* name : {"anna", "bob", "carol", "found"}) u.addUser(name);
  u.pass();
}

void askForDeletion(Universe& u, api::DeletionPolicy deletionPolicy = api::DeletionPolicy::Delete) {
  u.resource.spec.deletionPolicy = deletionPolicy;
  u.resource.annotations[std::string(api::annotation::kDelete)] = "true";
}

TEST(S14, DeleteTakesBackWhatWeMadeAndNothingElse) {
  Universe u;
  fill(u);
  askForDeletion(u);
  const PassReport report = u.passAfter(5min);
  EXPECT_THAT(u.forwarders(), ElementsAre(Pair("found", u.target("found")), Pair("other", "x@elsewhere.example")));
  EXPECT_EQ(readyReason(report), "Deleted");
  EXPECT_EQ(report.changes, (api::ChangeCounts{.deleted = 3}));
  EXPECT_EQ(report.outcome, Outcome::InSync);
  EXPECT_THAT(u.ledger().entries, IsEmpty());
}

TEST(S14, DeleteIsItsOwnApproval) {
  Universe u;
  fill(u);
  u.resource.spec.maxDeletions = {.amount = 0, .percent = false};
  u.resource.spec.approval = api::Approval::Manual;
  askForDeletion(u);
  EXPECT_EQ(readyReason(u.passAfter(5min)), "Deleted");
  EXPECT_THAT(u.forwarders(), SizeIs(2));
}

TEST(S14, AForwarderThatSomebodyChangedStays) {
  Universe u;
  fill(u);
  u.forward("bob", "bob@new-home.example");
  askForDeletion(u);
  EXPECT_EQ(readyReason(u.passAfter(5min)), "Deleted");
  EXPECT_EQ(u.forwarders().at("bob"), "bob@new-home.example");
}

TEST(S14, ZohoNeedNotBeThere) {
  Universe u;
  fill(u);
  u.world.faults.add({.api = "zoho", .fault = {.kind = simulators::FaultKind::Status, .status = 503}});
  u.world.dns.remove("zoho.example.com");
  askForDeletion(u);
  EXPECT_EQ(readyReason(u.passAfter(5min)), "Deleted");
  EXPECT_THAT(u.forwarders(), SizeIs(2));
}

TEST(S14, WithoutDeleteOrSyncEverythingStaysAndNothingIsAsked) {
  const struct {
    api::DeletionPolicy deletionPolicy;
    api::Policy policy;
    const char* because;
  } table[] = {
      {api::DeletionPolicy::Retain, api::Policy::Sync, "spec.deletionPolicy is Retain"},
      {api::DeletionPolicy::Delete, api::Policy::UpsertOnly, "the policy UpsertOnly"},
      {api::DeletionPolicy::Delete, api::Policy::CreateOnly, "the policy CreateOnly"},
      {api::DeletionPolicy::Delete, api::Policy::Observe, "the policy Observe"},
  };
  for (const auto& row : table) {
    SCOPED_TRACE(row.because);
    Universe u;
    fill(u);
    askForDeletion(u, row.deletionPolicy);
    u.resource.spec.policy = row.policy;
    const auto before = u.world.journal.requests("da");
    const PassReport report = u.passAfter(5min);
    EXPECT_EQ(readyReason(report), "Retained");
    EXPECT_THAT(readyMessage(report), HasSubstr(row.because));
    EXPECT_THAT(readyMessage(report), HasSubstr("3 forwarders"));
    EXPECT_EQ(u.world.journal.requests("da"), before);
    EXPECT_EQ(report.outcome, Outcome::InSync);
  }
}

TEST(S14, SuspendedItStaysAsItIs) {
  Universe u;
  fill(u);
  askForDeletion(u);
  u.resource.spec.suspend = true;
  EXPECT_TRUE(u.passAfter(5min).suspended);
  EXPECT_THAT(u.forwarders(), SizeIs(5));
}

TEST(S14, PlanShowsTheDeletesAndWritesNothing) {
  Universe u;
  fill(u);
  askForDeletion(u);
  const auto before = u.writesSent();
  const PassReport report = u.passAfter(5min, Mode::Plan);
  ASSERT_TRUE(report.plan);
  EXPECT_THAT(report.plan->deletes, SizeIs(3));
  EXPECT_EQ(report.outcome, Outcome::Pending);
  EXPECT_EQ(u.writesSent(), before);
}

TEST(S14, AfterAChangeOfOrganisationTheMessageNamesWhatTheyWereMadeFor) {
  Universe u;
  fill(u);
  u.resource.spec.zoho.organizationId = "60099999";
  askForDeletion(u);
  const PassReport report = u.passAfter(5min);
  EXPECT_EQ(readyReason(report), "Retained");
  EXPECT_THAT(readyMessage(report), HasSubstr("Zoho's organisation 60012345"));
}

TEST(S14, AServerThatIsAwayIsTriedAgain) {
  Universe u;
  fill(u);
  askForDeletion(u);
  u.network.setDown(simulators::VirtualNetwork::kDirectAdmin, true);
  EXPECT_EQ(readyReason(u.passAfter(5min)), "ConnectFailed");
  u.network.setDown(simulators::VirtualNetwork::kDirectAdmin, false);
  EXPECT_EQ(readyReason(u.passAfter(15min)), "Deleted");
  EXPECT_EQ(readyReason(u.passAfter(5min)), "Deleted") << "and once more, while the document stands there";
}

TEST(S14, OfAnotherServerNothingIsDeleted) {
  Universe u;
  fill(u);
  u.world.da.addAccount({.user = "second", .keys = {{.key = "key"}}});
  api::SecretObject& login = u.secrets.at({"default", "directadmin"});
  login.values.insert_or_assign("username", base::Secret("user|user"));
  u.books.books[u.resource.key].ledger.identity->user = "somebody";
  askForDeletion(u);
  const PassReport report = u.passAfter(5min);
  EXPECT_THAT(u.forwarders(), SizeIs(5)) << "S16: the ledger speaks of another user's forwarders";
  EXPECT_EQ(readyReason(report), "Retained");
  EXPECT_THAT(readyMessage(report), HasSubstr("by the user somebody"));
  EXPECT_THAT(u.ledger().entries, SizeIs(3)) << "what was made there is not forgotten";
}

TEST(S14, AnEmptyListIsNotTakenForTheEnd) {
  Universe u;
  fill(u);
  askForDeletion(u);
  u.world.faults.add(
      {.api = "da", .endpoint = "GET CMD_API_EMAIL_FORWARDERS", .fault = {.kind = simulators::FaultKind::EmptyList}});
  EXPECT_EQ(readyReason(u.passAfter(5min)), "ForwardersVanished");
  EXPECT_THAT(u.ledger().entries, SizeIs(3));
  u.world.faults.clear();
  EXPECT_EQ(readyReason(u.passAfter(5min)), "Deleted");
  EXPECT_THAT(u.forwarders(), SizeIs(2));
}

TEST(S14, WithoutTheAnnotationItComesBack) {
  Universe u;
  fill(u);
  askForDeletion(u);
  u.passAfter(5min);
  u.resource.annotations.clear();
  EXPECT_EQ(readyReason(u.passAfter(5min)), "Synced");
  EXPECT_THAT(u.forwarders(), SizeIs(5));
}

}  // namespace
}  // namespace splitdelivery::reconcile
