// The status page as it is filled from what is in memory: over a folder from what passes have told.

#include "cli/status_page.h"

#include <gmock/gmock.h>

#include "api/enums.h"
#include "cli/two_systems.h"
#include "reconcile/claims.h"
#include "reconcile/report.h"
#include "reconcile/verdict.h"
#include "serve/status_page.h"
#include "simulators/dns.h"
#include "simulators/kubernetes.h"
#include "source/cluster/books.h"

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

class AStatusPage : public ::testing::Test {
 protected:
  static StatusSite site(bool addresses) {
    return {.place = "./mail",
            .addresses = addresses,
            .planCommand = [](const api::ObjectKey& key) { return "plan " + key.text(); },
            .approval =
                [](const api::ObjectKey& key, const std::string& id) {
                  return serve::HeldView{.id = id, .advice = "do", .command = "approve " + key.name + " " + id};
                },
            .standby = [] { return serve::StandbyView{.worker = "other"}; }};
  }
  static api::SplitDeliveryDomain resource(const std::string& name) {
    api::SplitDeliveryDomain resource{.key = {"mail", name}};
    resource.spec.domain = name + ".example.com";
    resource.spec.policy = api::Policy::Sync;
    return resource;
  }
  void add(const std::string& name, bool suspend = false) {
    snapshot.resources.push_back(resource(name));
    snapshot.resources.back().spec.suspend = suspend;
  }
  /// Has a pass of this resource end.
  void pass(const std::string& name, const api::Status& status) {
    controller.update(snapshot);
    board.passEnded({.resource = resource(name), .status = status, .took = 142ms});
  }
  api::Status status(ConditionStatus ready, const std::string& reason, const std::string& message = "a message") {
    api::Status status;
    set(status, condition::kReady, ready, reason, message);
    return status;
  }
  void set(api::Status& status, std::string_view type, ConditionStatus to, const std::string& reason,
           const std::string& message) {
    status.conditions.set(type, to, reason, message, systems.executor.wallTime(), 1);
  }
  serve::StatusView view(std::string_view query = "", bool addresses = false) {
    return StatusPage({systems.executor, controller, systems.accounts, board, server}, site(addresses)).view(query);
  }
  std::vector<std::string> keys(std::string_view query = "") {
    std::vector<std::string> keys;
    for (const auto& domain : view(query).domains) keys.push_back(domain.key.substr(5));
    return keys;
  }

  TwoSystems systems;
  simulators::Kubernetes kube{systems.executor};
  kube::Client client{systems.executor, kube, {.origin = "https://kube", .ns = "system"}};
  source::cluster::Domains domains{systems.executor, client, [] {}};
  source::cluster::Books books{client, domains};
  reconcile::Claims claims;
  reconcile::Observer observer;
  queue::Observer queueObserver;
  simulators::VirtualDns dns{systems.executor, systems.world.dns};
  reconcile::Reconciler reconciler{{systems.executor, systems.accounts, books, domains, observer, claims, dns, &books},
                                   reconcile::Mode::Sync};
  reconcile::Controller controller{systems.executor, reconciler, queueObserver, 1};
  serve::Server server{[] { return std::string(); }};
  StatusBoard board{systems.executor, controller, StatusBoard::Keep::All};
  source::Snapshot snapshot;
};

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

TEST_F(AStatusPage, TellsForHowLongItIsNotReadyAndOfNoReason) {
  add("d0");
  api::Status odd = status(ConditionStatus::False, "ConnectFailed");
  const auto begun = systems.executor.wallTime();
  systems.executor.advance(5min);
  set(odd, condition::kReady, ConditionStatus::False, "RoutingNotReady", "another");
  pass("d0", odd);
  EXPECT_EQ(view().domains[0].since, begun);
  set(odd, condition::kReady, ConditionStatus::True, "Synced", "well");
  pass("d0", odd);
  EXPECT_EQ(view().domains[0].since, std::nullopt);
}

TEST_F(AStatusPage, TellsWhenTheLastPassCouldNotLook) {
  add("d0");
  controller.update(snapshot);
  const auto well = status(ConditionStatus::False, "DeletionsHeld");
  board.passEnded({.resource = resource("d0"), .plan = plan::Plan{}, .status = well});
  EXPECT_FALSE(view().domains[0].stale);
  const auto seen = systems.executor.wallTime();
  systems.executor.advance(40min);
  pass("d0", status(ConditionStatus::False, "ConnectFailed"));
  EXPECT_TRUE(view().domains[0].stale);
  EXPECT_EQ(view().domains[0].seenAt, seen);
}

TEST_F(AStatusPage, CountsOneThatIsLeavingAmongThoseThatFailAlsoWhereItIsSuspended) {
  add("d0", true);
  snapshot.resources.back().deletedAt = systems.executor.wallTime();
  pass("d0", status(ConditionStatus::False, "NoAddresses"));
  EXPECT_EQ(view().domains[0].urgency, Urgency::NeedsPerson);
}

// A status in a cluster can be written by others.
TEST_F(AStatusPage, PutsNoIdIntoACommandThatIsNoneOfOurs) {
  add("d0");
  for (const char* id : {"9f3c; reboot", "$(reboot)", ""}) {
    api::Status held = status(ConditionStatus::False, "DeletionsHeld");
    held.plan = {.id = id, .deletes = 1, .held = true, .heldCount = 1};
    pass("d0", held);
    EXPECT_EQ(view().domains[0].plan.held.command, "") << id;
    EXPECT_NE(view().domains[0].plan.held.advice, "") << id;
  }
}

TEST_F(AStatusPage, CutsTheMessageOfConflictsWhereItsMakerBeginsTheFirst) {
  reconcile::Findings findings;
  findings.seen.listing = std::make_shared<api::Listing>();
  findings.seen.forwarders.emplace();
  findings.plan.emplace().listed = 1;
  findings.plan->conflicts.push_back({.local = "kim"});
  auto listing = std::make_shared<api::Listing>();
  for (auto* part : {&listing->accounts, &listing->groups, &listing->domainList}) {
    part->completeness = api::Completeness::Complete;
  }
  findings.seen.listing = listing;
  api::Status taken = reconcile::makeStatus(resource("d0"), {}, findings, systems.executor.wallTime());
  ASSERT_EQ(taken.conditions.find(condition::kReady)->reason, "SyncedWithConflicts");
  ASSERT_THAT(taken.conditions.find(condition::kReady)->message, HasSubstr("kim@d0.example.com"));
  add("d0");
  pass("d0", taken);
  EXPECT_EQ(view("", true).domains[0].message, "0 addresses are forwarded; 1 conflict");
}

TEST_F(AStatusPage, DoesNotCryWolfAtItsStart) {
  std::optional<std::string> trouble = "not listed yet";
  server.addReadinessCheck("cluster", [&trouble] { return trouble; });
  server.addReadinessCheck("other", [] { return std::optional<std::string>("broken"); });
  StatusSite calm = site(false);
  calm.beginning = [&trouble] { return trouble; };
  const auto shown = StatusPage({systems.executor, controller, systems.accounts, board, server}, calm).view("");
  EXPECT_EQ(shown.starting, "not listed yet");
  ASSERT_THAT(shown.notices, SizeIs(1));
  EXPECT_THAT(shown.notices[0].lines, ElementsAre("other: broken"));
  const std::string page = serve::statusPage(shown);
  EXPECT_THAT(page, HasSubstr("<p>Starting: not listed yet.</p>"));
}

TEST_F(AStatusPage, NamesWhatStandsInTheWay) {
  server.addReadinessCheck("manifests", [] { return std::optional<std::string>("cannot read ./mail"); });
  ASSERT_THAT(view().notices, SizeIs(1));
  EXPECT_THAT(view().notices[0].lines, ElementsAre("manifests: cannot read ./mail"));
}

}  // namespace
}  // namespace splitdelivery::cli
