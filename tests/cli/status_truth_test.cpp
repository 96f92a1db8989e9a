// What the status page says is so now, and covers what it says.

#include <gmock/gmock.h>

#include "cli/status_rig.h"
#include "reconcile/report.h"
#include "serve/status_page.h"

namespace splitdelivery::cli {
namespace {

using namespace std::chrono_literals;
using api::ConditionStatus;
using serve::Urgency;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;
namespace condition = api::condition;

class AStatusPagesWord : public StatusRig {};

TEST_F(AStatusPagesWord, TellsForHowLongItIsNotReadyAndOfNoReason) {
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

TEST_F(AStatusPagesWord, TellsWhenTheLastPassCouldNotLook) {
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

TEST_F(AStatusPagesWord, CountsOneThatIsLeavingAmongThoseThatFailAlsoWhereItIsSuspended) {
  add("d0", true);
  snapshot.resources.back().deletedAt = systems.executor.wallTime();
  pass("d0", status(ConditionStatus::False, "NoAddresses"));
  EXPECT_EQ(view().domains[0].urgency, Urgency::NeedsPerson);
}

// A status in a cluster can be written by others.
TEST_F(AStatusPagesWord, PutsNoIdIntoACommandThatIsNoneOfOurs) {
  add("d0");
  for (const char* id : {"9f3c; reboot", "$(reboot)", ""}) {
    api::Status held = status(ConditionStatus::False, "DeletionsHeld");
    held.plan = {.id = id, .deletes = 1, .held = true, .heldCount = 1};
    pass("d0", held);
    EXPECT_EQ(view().domains[0].plan.held.command, "") << id;
    EXPECT_NE(view().domains[0].plan.held.advice, "") << id;
  }
}

TEST_F(AStatusPagesWord, CutsTheMessageOfConflictsWhereItsMakerBeginsTheFirst) {
  reconcile::Findings findings;
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

TEST_F(AStatusPagesWord, DoesNotCryWolfAtItsStart) {
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

}  // namespace
}  // namespace splitdelivery::cli
