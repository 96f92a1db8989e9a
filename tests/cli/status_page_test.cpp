// The status page as it is filled from what is in memory: over a folder from what passes have told.

#include "cli/status_page.h"

#include <gmock/gmock.h>

#include "cli/status_rig.h"
#include "reconcile/verdict.h"
#include "serve/status_page.h"

namespace splitdelivery::cli {
namespace {

using namespace std::chrono_literals;
using api::ConditionStatus;
using serve::Urgency;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
namespace condition = api::condition;

class AStatusPage : public StatusRig {};

TEST_F(AStatusPage, PutsWhatNeedsAPersonFirst) {
  for (const char* name : {"calm", "away", "stalled", "new", "held", "conflict", "routing", "cut"}) add(name);
  add("off", true);
  pass("calm", status(ConditionStatus::True, "Synced"));
  api::Status away = status(ConditionStatus::False, "ConnectFailed");
  set(away, condition::kReconciling, ConditionStatus::True, "ConnectFailed", "a message");
  pass("away", away);
  api::Status stalled = status(ConditionStatus::False, "BadCredentials");
  set(stalled, condition::kStalled, ConditionStatus::True, "BadCredentials", "a message");
  pass("stalled", stalled);
  api::Status held = status(ConditionStatus::False, "DeletionsHeld");
  held.plan = {.id = "9f3c", .deletes = 2, .held = true};
  pass("held", held);
  api::Status conflict = status(ConditionStatus::True, "SyncedWithConflicts");
  set(conflict, condition::kConflicted, ConditionStatus::True, "MailboxExists", "kim@example.com: a box");
  pass("conflict", conflict);
  pass("routing", status(ConditionStatus::False, "RoutingNotReady"));
  pass("cut", status(ConditionStatus::False, "Interrupted"));
  EXPECT_THAT(keys(), ElementsAre("held", "stalled", "routing", "conflict", "away", "cut", "new", "calm", "off"));
  EXPECT_THAT(view().totals, ElementsAre(4, 1, 2, 1, 1));
  EXPECT_EQ(view().domains[0].plan.held.command, "approve held 9f3c");
  EXPECT_EQ(view().standby->worker, "other");
}

TEST_F(AStatusPage, KnowsNothingOfAResourceBeforeItsFirstPass) {
  add("new");
  controller.update(snapshot);
  const auto shown = view();
  ASSERT_THAT(shown.domains, SizeIs(1));
  EXPECT_EQ(shown.domains[0].urgency, Urgency::Waiting);
  EXPECT_EQ(shown.domains[0].reason, "Progressing");
  EXPECT_FALSE(shown.domains[0].lastPass.has_value());
  EXPECT_THAT(shown.passes, IsEmpty());
}

TEST_F(AStatusPage, ForgetsWhatIsGone) {
  add("d0");
  pass("d0", status(ConditionStatus::True, "Synced"));
  snapshot.resources.clear();
  controller.update(snapshot);
  board.resourcesAre({});
  EXPECT_EQ(board.find({"mail", "d0"}), nullptr);
  board.passEnded({.resource = resource("d0")});  // one that was under way
  EXPECT_EQ(board.find({"mail", "d0"}), nullptr);
  EXPECT_THAT(view().domains, IsEmpty());
  EXPECT_THAT(view().passes, SizeIs(2));
}

TEST_F(AStatusPage, KeepsNothingOfAResourceThatIsWellButItsNumbers) {
  add("d0");
  api::Status well = status(ConditionStatus::True, "Synced", "20 addresses are forwarded");
  well.forwarders = {.desired = 20, .inSync = 20};
  for (const auto type : {condition::kZohoReady, condition::kMailServerReady, condition::kInSync}) {
    set(well, type, ConditionStatus::True, "Listed", "everything that was asked for was listed");
  }
  set(well, condition::kRoutingReady, ConditionStatus::True, "LeadsToZoho", "it leads there");
  set(well, condition::kDeletionsHeld, ConditionStatus::False, "NothingHeld", "no change waits for approval");
  pass("d0", well);
  EXPECT_THAT(board.find({"mail", "d0"})->status->conditions.list(), SizeIs(1));
  EXPECT_THAT(view().domains[0].remarks, IsEmpty());
  EXPECT_EQ(view().domains[0].inSync, 20U);
}

TEST_F(AStatusPage, KeepsNoAddressInMemoryForAPageThatShowsNone) {
  StatusBoard blind(systems.executor, controller, StatusBoard::Keep::WithoutAddresses);
  add("d0");
  controller.update(snapshot);
  api::Status taken = status(ConditionStatus::False, "DeletionsHeld");
  taken.conflicts = {{"kim@d0.example.com", "MailboxExists", "delete the mailbox of kim"}};
  taken.plan = {.id = "9f3c", .deletes = 1, .held = true, .sample = {"- anna"}};
  blind.passEnded({.resource = resource("d0"), .status = taken});
  const api::Status& kept = *blind.find({"mail", "d0"})->status;
  EXPECT_THAT(kept.plan.sample, IsEmpty());
  EXPECT_EQ(kept.plan.id, "9f3c");
  EXPECT_THAT(kept.conflicts, ElementsAre(api::StatusConflict{"", "MailboxExists", ""}));
}

TEST_F(AStatusPage, SaysWhatElseIsNotAsItShouldBe) {
  add("d0");
  api::Status odd = status(ConditionStatus::False, "ConnectFailed", "nothing accepts a connection");
  set(odd, condition::kMailServerReady, ConditionStatus::False, "ConnectFailed", "nothing accepts a connection");
  set(odd, condition::kRoutingReady, ConditionStatus::True, "LeadsToZoho", "it leads there; besides, there is no SPF");
  set(odd, condition::kDeletionsHeld, ConditionStatus::True, "TooMany",
      "2 changes wait. To approve exactly these, annotate the resource");
  pass("d0", odd);
  const auto remarks = view().domains[0].remarks;
  ASSERT_THAT(remarks, SizeIs(2)) << "what Ready says already is not said again";
  EXPECT_EQ(remarks[0].message, "2 changes wait");
  EXPECT_THAT(remarks[1].message, HasSubstr("no SPF"));
}

TEST_F(AStatusPage, LeavesTheApprovalToTheCommandBelow) {
  plan::Plan plan;
  plan.held.push_back({.kind = plan::OpKind::Delete, .local = "anna"});
  plan.heldBecause = plan::HeldBecause::ManualApproval;
  plan.id = "9f3c";
  add("d0");
  pass("d0", status(ConditionStatus::False, "DeletionsHeld", reconcile::heldMessage(resource("d0"), plan)));
  EXPECT_EQ(view().domains[0].message, "1 change waits for approval: spec.approval is Manual");
}

TEST_F(AStatusPage, HasNoAddressInItWhereTheyAreHidden) {
  add("d0");
  api::Status taken = status(ConditionStatus::True, "SyncedWithConflicts",
                             "9 addresses are forwarded; 1 conflict, the first: kim@d0.example.com: it goes elsewhere");
  set(taken, condition::kConflicted, ConditionStatus::True, "MailboxExists", "kim@d0.example.com: a mailbox");
  taken.forwarders.conflicts = 1;
  taken.conflicts = {{"kim@d0.example.com", "MailboxExists", "delete the mailbox of kim"}};
  taken.plan = {.deletes = 1, .sample = {"- anna"}};
  pass("d0", taken);
  const auto blind = view();
  EXPECT_THAT(blind.domains[0].plan.sample, IsEmpty());
  EXPECT_EQ(blind.domains[0].someConflicts[0].address + blind.domains[0].someConflicts[0].message, "");
  const std::string hidden = serve::statusPage(blind);
  EXPECT_THAT(hidden, AllOf(Not(HasSubstr("kim")), Not(HasSubstr("anna")), HasSubstr("plan mail/d0")));
  const std::string shown = serve::statusPage(view("", true));
  EXPECT_THAT(shown, AllOf(HasSubstr("kim@d0.example.com"), HasSubstr("anna@d0.example.com"),
                           HasSubstr("9 addresses are forwarded; 1 conflict</p>")));
}

TEST_F(AStatusPage, IsBoundedWhateverThereIs) {
  for (int i = 0; i < 2000; ++i) add("d" + std::to_string(i));
  controller.update(snapshot);
  api::Status bad = status(ConditionStatus::False, "RoutingNotReady", std::string(1024, '<'));
  bad.forwarders.conflicts = 20;
  bad.conflicts.assign(20, {"kim@d0.example.com", "MailboxExists", std::string(1024, 'x')});
  for (int i = 0; i < 2000; ++i) {
    board.passEnded({.resource = resource("d" + std::to_string(i)),
                     .status = i % 2 == 0 ? bad : status(ConditionStatus::True, "Synced")});
  }
  const auto first = view("", true);
  EXPECT_THAT(first.domains, SizeIs(StatusPage::kPerPage));
  EXPECT_EQ(first.pages, 40U);
  EXPECT_THAT(first.passes, SizeIs(StatusBoard::kPasses));
  ASSERT_THAT(first.reasons, SizeIs(2));
  EXPECT_EQ(first.reasons[0].count, 1000U);
  EXPECT_LT(serve::statusPage(first).size(), 1U << 20U);
  EXPECT_EQ(view("page=40").domains.back().reason, "Synced");
  EXPECT_EQ(view("page=99").page, 40U);
  EXPECT_EQ(view("page=-1").page, 1U);
  EXPECT_EQ(view("page=x").page, 1U);
}

TEST_F(AStatusPage, FindsByDomainNameOrReason) {
  for (const char* name : {"shop", "blog"}) add(name);
  pass("shop", status(ConditionStatus::True, "Synced"));
  pass("blog", status(ConditionStatus::False, "NoAddresses"));
  EXPECT_THAT(keys("find=Shop.EXAMPLE"), ElementsAre("shop"));
  EXPECT_THAT(keys("find=mail%2Fblog"), ElementsAre("blog"));
  EXPECT_THAT(keys("find=+noaddr%20"), ElementsAre("blog"));
  EXPECT_THAT(keys("find=nothing"), IsEmpty());
  EXPECT_EQ(view("find=nothing").totals, view().totals) << "what needs a person does so whatever is looked for";
}

TEST_F(AStatusPage, NamesWhatStandsInTheWay) {
  server.addReadinessCheck("manifests", [] { return std::optional<std::string>("cannot read ./mail"); });
  ASSERT_THAT(view().notices, SizeIs(1));
  EXPECT_THAT(view().notices[0].lines, ElementsAre("manifests: cannot read ./mail"));
}

}  // namespace
}  // namespace splitdelivery::cli
