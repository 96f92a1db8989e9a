// S6: one choke point writes to mail servers, and whatever forbids a write stops there.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reconcile/universe.h"

namespace splitdelivery::reconcile {
namespace {

using namespace std::chrono_literals;
using plan::Operation;
using plan::OpKind;
using ::testing::SizeIs;

/// Counts what reaches it.
class SpyStore final : public mailserver::ForwarderStore {
 public:
  int writes = 0;

  base::Task<base::Result<std::vector<std::string>>> domains(std::stop_token) override {
    co_return std::vector<std::string>{};
  }
  base::Task<base::Result<api::Forwarders>> list(std::string, std::stop_token) override { co_return api::Forwarders{}; }
  base::Task<base::Result<std::vector<std::string>>> mailboxes(std::string, std::stop_token) override {
    co_return std::vector<std::string>{};
  }
  base::Task<base::Result<mailserver::Limits>> limits(std::stop_token) override { co_return mailserver::Limits{}; }
  base::Task<base::Result<bool>> localDelivery(std::string, std::stop_token) override { co_return true; }
  base::Task<base::Result<mailserver::CatchAll>> catchAll(std::string, std::stop_token) override {
    co_return mailserver::CatchAll{};
  }
  base::Task<base::Result<std::vector<mailserver::Pointer>>> pointers(std::string, std::stop_token) override {
    co_return std::vector<mailserver::Pointer>{};
  }
  base::Task<base::Result<base::Done>> setLocalDelivery(std::string, bool, std::stop_token) override { return count(); }
  void tryAgain() override {}
  [[nodiscard]] bool shutOut() const override { return false; }
  base::Task<base::Result<base::Done>> create(std::string, api::Forwarder, std::stop_token) override { return count(); }
  base::Task<base::Result<base::Done>> replace(std::string, api::Forwarder, base::SteadyTime,
                                               std::stop_token) override {
    return count();
  }
  base::Task<base::Result<base::Done>> remove(std::string, std::vector<std::string>, base::SteadyTime,
                                              std::stop_token) override {
    return count();
  }
  [[nodiscard]] std::size_t deleteBatch() const override { return 50; }

 private:
  base::Task<base::Result<base::Done>> count() {
    ++writes;
    co_return base::Done{};
  }
};

struct GateRow {
  const char* story;
  Mode mode;
  api::Policy policy;
  bool suspended;
  bool stopped;
  bool held;
  std::vector<OpKind> allowed;
  bool routingReady = true;
};

TEST(S6, TheGateLetsThroughWhatModePolicyGuardAndStopAllow) {
  using enum OpKind;
  const std::vector<OpKind> all{Create, Update, Delete};
  const GateRow table[] = {
      {"Sync", Mode::Sync, api::Policy::Sync, false, false, false, all},
      {"UpsertOnly", Mode::Sync, api::Policy::UpsertOnly, false, false, false, {Create, Update}},
      {"CreateOnly", Mode::Sync, api::Policy::CreateOnly, false, false, false, {Create}},
      {"Observe", Mode::Sync, api::Policy::Observe, false, false, false, {}},
      {"plan", Mode::Plan, api::Policy::Sync, false, false, false, {}},
      {"suspended", Mode::Sync, api::Policy::Sync, true, false, false, {}},
      {"stopped", Mode::Sync, api::Policy::Sync, false, true, false, {}},
      {"held", Mode::Sync, api::Policy::Sync, false, false, true, {}},
      {"no way to Zoho (S13)", Mode::Sync, api::Policy::Sync, false, false, false, {Delete}, false},
  };
  for (const GateRow& row : table) {
    for (const OpKind kind : all) {
      SCOPED_TRACE(std::string(row.story) + " " + std::to_string(static_cast<int>(kind)));
      testing::VirtualExecutor executor;
      SpyStore store;
      api::Spec spec;
      spec.policy = row.policy;
      spec.suspend = row.suspended;
      std::stop_source stop;
      if (row.stopped) stop.request_stop();
      const Operation operation{.kind = kind, .local = "anna", .present = {"anna@zoho.example.com"}};
      const std::vector<Operation> held = row.held ? std::vector{operation} : std::vector<Operation>{};
      WriteGate gate(
          {.store = store, .spec = spec, .mode = row.mode, .routingReady = row.routingReady, .stop = stop.get_token()},
          held);
      const auto answer = kind == Create   ? executor.run(gate.create(operation))
                          : kind == Update ? executor.run(gate.update(operation, {}))
                                           : executor.run(gate.remove({operation}, {}));
      const bool allowed = std::ranges::find(row.allowed, kind) != row.allowed.end();
      EXPECT_EQ(answer.has_value(), allowed);
      EXPECT_EQ(store.writes, allowed ? 1 : 0);
    }
  }
}

TEST(S6, TheGateTakesNoOperationUnderAnotherName) {
  testing::VirtualExecutor executor;
  SpyStore store;
  api::Spec spec;
  spec.policy = api::Policy::CreateOnly;
  const std::vector<Operation> none;
  WriteGate gate({.store = store, .spec = spec, .mode = Mode::Sync, .routingReady = true, .stop = {}}, none);
  EXPECT_FALSE(executor.run(gate.create({.kind = OpKind::Delete, .local = "anna"})));
  EXPECT_FALSE(executor.run(gate.update({.kind = OpKind::Create, .local = "anna"}, {})));
  EXPECT_EQ(store.writes, 0);
}

TEST(S6, ADeleteWithoutAListingBehindItIsStopped) {
  testing::VirtualExecutor executor;
  SpyStore store;
  api::Spec spec;
  spec.policy = api::Policy::Sync;
  const std::vector<Operation> none;
  WriteGate gate({.store = store, .spec = spec, .mode = Mode::Sync, .routingReady = true, .stop = {}}, none);
  EXPECT_FALSE(executor.run(gate.remove({{.kind = OpKind::Delete, .local = "anna"}}, {})));
  EXPECT_EQ(store.writes, 0);
}

TEST(S6, TheSwitchIsTurnedUnderEnsureAloneAndOnOnlyWhereTheWayIsThere) {
  using enum api::LocalDelivery;
  const struct {
    const char* story;
    api::LocalDelivery localDelivery;
    api::Policy policy;
    Mode mode;
    bool routingReady;
    bool on;
    bool allowed;
  } table[] = {
      {"on", Ensure, api::Policy::Sync, Mode::Sync, true, true, true},
      {"on, UpsertOnly", Ensure, api::Policy::UpsertOnly, Mode::Sync, true, true, true},
      {"on, CreateOnly", Ensure, api::Policy::CreateOnly, Mode::Sync, true, true, false},
      {"on, Observe", Ensure, api::Policy::Observe, Mode::Sync, true, true, false},
      {"on, plan", Ensure, api::Policy::Sync, Mode::Plan, true, true, false},
      {"on, Check", Check, api::Policy::Sync, Mode::Sync, true, true, false},
      {"on, Ignore", Ignore, api::Policy::Sync, Mode::Sync, true, true, false},
      {"on, no way to Zoho", Ensure, api::Policy::Sync, Mode::Sync, false, true, false},
      {"off, no way to Zoho", Ensure, api::Policy::Sync, Mode::Sync, false, false, true},
      {"off, Check", Check, api::Policy::Sync, Mode::Sync, true, false, false},
  };
  for (const auto& row : table) {
    SCOPED_TRACE(row.story);
    testing::VirtualExecutor executor;
    SpyStore store;
    api::Spec spec;
    spec.policy = row.policy;
    spec.directAdmin.localDelivery = row.localDelivery;
    const std::vector<Operation> none;
    WriteGate gate({.store = store, .spec = spec, .mode = row.mode, .routingReady = row.routingReady, .stop = {}},
                   none);
    EXPECT_EQ(executor.run(gate.setLocalDelivery(row.on)).has_value(), row.allowed);
    EXPECT_EQ(store.writes, row.allowed ? 1 : 0);
  }
}

/// A domain in which creates, updates and deletes are all due.
void makeEverythingDue(Universe& u) {
  for (int i = 0; i < 10; ++i) u.addUser("u" + std::to_string(i));
  u.pass();
  u.removeUser("u0");
  u.addUser("new");
  u.resource.spec.routingHost = "z.example.com";
  u.resource.spec.maxDeletions = {.amount = 100, .percent = true};
  u.executor.advance(5min);
}

TEST(S6, NoWriteRequestLeavesWhereWritingIsForbidden) {
  const struct {
    const char* story;
    void (*forbid)(Universe&);
    Mode mode;
  } table[] = {
      {"plan", [](Universe&) {}, Mode::Plan},
      {"Observe", [](Universe& u) { u.resource.spec.policy = api::Policy::Observe; }, Mode::Sync},
      {"suspend", [](Universe& u) { u.resource.spec.suspend = true; }, Mode::Sync},
      {"stopped", [](Universe& u) { u.stop.request_stop(); }, Mode::Sync},
      {"a breaker that opens on the way",
       [](Universe& u) {
         u.world.faults.add({.api = "da", .fault = {.kind = simulators::FaultKind::Status, .status = 401}});
       },
       Mode::Sync},
      {"everything held, nothing to create",
       [](Universe& u) {
         u.removeUser("new");
         u.resource.spec.approval = api::Approval::Manual;
       },
       Mode::Sync},
  };
  for (const auto& row : table) {
    SCOPED_TRACE(row.story);
    Universe u;
    makeEverythingDue(u);
    row.forbid(u);
    const auto before = u.writesSent();
    u.pass(row.mode);
    EXPECT_EQ(u.writesSent(), before);
  }
}

TEST(S6, PoliciesLeaveWhatTheyForbid) {
  const struct {
    api::Policy policy;
    api::ChangeCounts expected;
  } table[] = {{api::Policy::CreateOnly, {.created = 1}},
               {api::Policy::UpsertOnly, {.created = 1, .updated = 9}},
               {api::Policy::Sync, {.created = 1, .updated = 9, .deleted = 1}}};
  for (const auto& row : table) {
    Universe u;
    makeEverythingDue(u);
    u.resource.spec.policy = row.policy;
    const PassReport report = u.pass();
    EXPECT_EQ(report.changes, row.expected);
    EXPECT_EQ(readyReason(report), row.policy == api::Policy::Sync ? "Synced" : "PolicyLeavesDifferences");
    EXPECT_EQ(report.outcome, Outcome::InSync);
  }
}

}  // namespace
}  // namespace splitdelivery::reconcile
