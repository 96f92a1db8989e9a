// What the status says while a pass is under way.

#include "reconcile/progress.h"

#include <gmock/gmock.h>

#include "reconcile/reconciler.h"
#include "reconcile/universe.h"

namespace splitdelivery::reconcile {
namespace {

using namespace std::chrono_literals;
using api::ConditionStatus;
using ::testing::HasSubstr;

/// Zoho is asked anew after it.
constexpr auto kListingForgotten = 10min;

/// Statuses whose writes take a while.
class SlowStatuses final : public source::StatusStore {
 public:
  explicit SlowStatuses(base::Executor& executor) : executor_(executor) {}
  base::Task<api::Status> load(api::ObjectKey /*key*/) override { co_return last; }
  base::Task<base::Result<base::Done>> save(api::ObjectKey /*key*/, api::Status status) override {
    co_await base::sleepFor(executor_, 25s, {});
    last = std::move(status);
    ++saves;
    co_return base::Done{};
  }
  api::Status last{};
  int saves = 0;

 private:
  base::Executor& executor_;
};

/// A pass whose servers answer when a test lets them.
class ALongPass : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"anna", "bob"}) u.addUser(name);
  }
  ~ALongPass() override {
    u.stop.request_stop();
    u.executor.advance(2min);
  }
  void hang(const std::string& api) {
    u.world.faults.add({.api = api, .fault = {.kind = simulators::FaultKind::Hang}});
  }
  void start() {
    ended.reset();
    base::spawn(u.executor, reconciler.pass(u.resource, u.secrets, u.stop.get_token()),
                [this](const std::exception_ptr&, const std::optional<PassReport>& report) { ended = report; });
  }
  const api::Status& status() { return u.statuses.statuses[u.resource.key]; }
  const api::Condition& of(std::string_view type) { return condition(status(), type); }

  Universe u;
  Observer observer;
  Accounts accounts{u.executor, [this](const std::string&) -> http::Transport& { return u.network; }, u.records};
  Claims claims;
  Reconciler reconciler{{u.executor, accounts, u.books, u.statuses, observer, claims, u.dns}, Mode::Sync};
  std::optional<PassReport> ended;
};

TEST_F(ALongPass, ThatIsTheFirstSaysAfterTenSecondsWhatItWaitsFor) {
  u.resource.annotations["splitdelivery.dev/reconcile-at"] = "now";
  hang("zoho");
  start();
  u.executor.advance(9900ms);
  EXPECT_EQ(u.statuses.saves, 0);
  u.executor.advance(200ms);
  EXPECT_EQ(u.statuses.saves, 1);
  EXPECT_EQ(of("Ready").status, ConditionStatus::Unknown);
  EXPECT_EQ(of("Ready").reason, "Progressing");
  EXPECT_EQ(of("InSync").status, ConditionStatus::Unknown);
  EXPECT_EQ(of("Reconciling").status, ConditionStatus::True);
  EXPECT_THAT(of("Reconciling").message, HasSubstr("waits for Zoho"));
  EXPECT_EQ(status().observedGeneration, 1);
  EXPECT_EQ(status().lastHandledReconcileAt, "") << "it is not handled yet";
  u.executor.advance(5min);
  ASSERT_TRUE(ended);
  EXPECT_EQ(of("Ready").reason, "TimedOut");
  EXPECT_EQ(of("Reconciling").reason, "TimedOut");
  EXPECT_EQ(status().lastHandledReconcileAt, "now");
}

TEST_F(ALongPass, SaysNothingWhenItIsShortAfterAll) {
  start();
  u.executor.advance(1min);
  ASSERT_TRUE(ended);
  EXPECT_EQ(u.statuses.saves, 1);
  EXPECT_EQ(readyReason(*ended), "Synced");
}

TEST_F(ALongPass, LeavesAReadyResourceReady) {
  start();
  u.executor.advance(kListingForgotten);
  const api::Status before = status();
  hang("zoho");
  ++u.resource.generation;
  start();
  u.executor.advance(15s);
  EXPECT_FALSE(ended);
  EXPECT_EQ(status(), before) << "observedGeneration tells that this one is not acted on yet";
}

TEST_F(ALongPass, LeavesWhatHoldsAResourceUpAndAddsThatItIsLookedAt) {
  start();
  u.executor.advance(kListingForgotten);
  u.resource.spec.approval = api::Approval::Manual;
  u.removeUser("bob");
  start();
  u.executor.advance(kListingForgotten);
  ASSERT_EQ(of("Ready").reason, "DeletionsHeld");
  const auto since = of("Ready").lastTransitionTime;
  hang("zoho");
  start();
  u.executor.advance(11s);
  EXPECT_EQ(of("Ready").reason, "DeletionsHeld");
  EXPECT_EQ(of("Ready").lastTransitionTime, since);
  EXPECT_EQ(of("DeletionsHeld").status, ConditionStatus::True);
  EXPECT_EQ(of("Reconciling").reason, "Progressing");
}

TEST_F(ALongPass, LeavesAStalledResourceStalledUntilItIsEdited) {
  u.secrets.clear();
  start();
  u.executor.advance(1s);
  ASSERT_EQ(of("Stalled").reason, "SecretMissing");
  api::Status stalled = status();
  EXPECT_FALSE(statusUnderWay(u.resource, stalled, "Zoho", u.executor.wallTime()));
  ++u.resource.generation;
  const auto edited = statusUnderWay(u.resource, stalled, "Zoho", u.executor.wallTime());
  ASSERT_TRUE(edited);
  expectLegal(*edited);
  EXPECT_EQ(edited->conditions.find("Stalled"), nullptr);
  EXPECT_EQ(condition(*edited, "Ready").reason, "SecretMissing") << "nothing better is known";
}

TEST_F(ALongPass, LeavesTheTroubleThatItIsReconciledFor) {
  u.network.setDown(simulators::VirtualNetwork::kDirectAdmin, true);
  start();
  u.executor.advance(kListingForgotten);
  ASSERT_EQ(of("Reconciling").reason, "ConnectFailed");
  const int saves = u.statuses.saves;
  hang("zoho");
  start();
  u.executor.advance(15s);
  EXPECT_FALSE(ended);
  EXPECT_EQ(u.statuses.saves, saves);
}

TEST_F(ALongPass, SaysAMinuteLaterWhatElseItWaitsFor) {
  MailAccount& account = **accounts.mailAccount(u.resource, u.secrets);
  std::vector<base::Semaphore::Permit> held;
  for (std::size_t i = 0; i < MailAccount::kPasses; ++i) held.push_back(*u.executor.run(account.enter({})));
  start();
  u.executor.advance(11s);
  EXPECT_THAT(of("Reconciling").message, HasSubstr("its turn at the mail server's account"));
  u.executor.advance(50s);
  hang("da");
  held.clear();
  u.executor.advance(10s);
  EXPECT_THAT(of("Reconciling").message, HasSubstr("waits for the mail server"));
  EXPECT_EQ(u.statuses.saves, 2);
}

TEST_F(ALongPass, NeverWritesOverWhatThePassHasComeTo) {
  SlowStatuses slow(u.executor);
  Reconciler other({u.executor, accounts, u.books, slow, observer, claims, u.dns}, Mode::Sync);
  hang("zoho");  // ends after 30 seconds, while the status of the tenth is being written
  const PassReport report = u.executor.run(other.pass(u.resource, u.secrets, {}));
  EXPECT_EQ(slow.saves, 2);
  EXPECT_EQ(slow.last, report.status);
  EXPECT_EQ(condition(slow.last, "Ready").reason, "TimedOut");
}

TEST_F(ALongPass, OfAPlanWritesNothing) {
  Reconciler planning({u.executor, accounts, u.books, u.statuses, observer, claims, u.dns}, Mode::Plan);
  hang("zoho");
  u.executor.run(planning.pass(u.resource, u.secrets, {}));
  EXPECT_EQ(u.statuses.saves, 0);
}

TEST(AStatusUnderWay, IsLegalWhateverItWasAndLeavesReadyAsItWas) {
  const base::WallTime now{};
  api::SplitDeliveryDomain resource;
  resource.generation = 2;
  int changed = 0;
  for (const auto ready : {ConditionStatus::True, ConditionStatus::False, ConditionStatus::Unknown}) {
    for (const char* besides : {"", "Stalled", "Reconciling"}) {
      for (const char* reason : {"Progressing", "TimedOut"}) {
        for (const std::int64_t generation : {1, 2}) {
          const std::string_view type = besides;
          if (!type.empty() && ready == ConditionStatus::True) continue;
          if (type == "Stalled" && ready != ConditionStatus::False) continue;
          api::Status before;
          before.observedGeneration = generation;
          before.conditions.set("Ready", ready, reason, "the message", now, generation);
          if (!type.empty()) before.conditions.set(type, ConditionStatus::True, reason, "the message", now, generation);
          expectLegal(before);
          const auto after = statusUnderWay(resource, before, "Zoho", now);
          if (!after) continue;
          ++changed;
          expectLegal(*after);
          EXPECT_EQ(condition(*after, "Ready"), condition(before, "Ready"));
          EXPECT_EQ(condition(*after, "Reconciling").status, ConditionStatus::True);
        }
      }
    }
  }
  EXPECT_GT(changed, 8);
}

TEST(FirstSight, IsUnknownReconcilingAndOfThisGeneration) {
  api::SplitDeliveryDomain resource;
  resource.generation = 3;
  resource.annotations["splitdelivery.dev/reconcile-at"] = "now";
  const api::Status status = firstSight(resource, {}, base::WallTime{});
  expectLegal(status);
  EXPECT_EQ(condition(status, "Ready").status, ConditionStatus::Unknown);
  EXPECT_EQ(condition(status, "Ready").reason, "Progressing");
  EXPECT_EQ(condition(status, "Reconciling").status, ConditionStatus::True);
  EXPECT_EQ(condition(status, "InSync").status, ConditionStatus::Unknown);
  EXPECT_EQ(status.observedGeneration, 3);
  EXPECT_EQ(status.lastHandledReconcileAt, "");
}

}  // namespace
}  // namespace splitdelivery::reconcile
