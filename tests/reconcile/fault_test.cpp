// The whole pass under each fault at each call: nothing foreign is touched, nothing is lost, and when
// the trouble is over the next passes bring everything in step.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reconcile/universe.h"

namespace splitdelivery::reconcile {
namespace {

using namespace std::chrono_literals;
using simulators::Fault;
using simulators::FaultKind;
using ::testing::Contains;
using ::testing::IsSupersetOf;
using ::testing::SizeIs;

using Forwarders = std::map<std::string, std::string>;

/// What other people made: no fault may cost them anything.
Forwarders foreign() {
  return {{"kim", "kim@elsewhere.example"},
          {"found", "found@zoho.example.com"},
          {"stray", "stray@zoho.example.com"},
          {"team", "a@x.example,b@y.example"}};
}

/// A domain in the middle of its life: creates, updates and deletes are due, a conflict and found and
/// foreign forwarders stand by.
void prepare(Universe& u) {
  for (int i = 0; i < 12; ++i) u.addUser("u" + std::to_string(i));
  for (const auto& [local, to] : foreign()) u.forward(local, to);
  u.resource.spec.routingHost = "old.example.com";
  u.pass();
  u.addUser("kim");
  u.addUser("found");
  u.resource.spec.routingHost = "zoho.example.com";
  u.resource.spec.maxDeletions = {.amount = 100, .percent = true};
  u.removeUser("u0");
  u.removeUser("u1");
  u.addUser("new1");
  u.addUser("new2");
  u.executor.advance(5min);
}

Forwarders expectedInTheEnd() {
  Forwarders all = foreign();
  for (int i = 2; i < 12; ++i) all["u" + std::to_string(i)] = "u" + std::to_string(i) + "@zoho.example.com";
  all["new1"] = "new1@zoho.example.com";
  all["new2"] = "new2@zoho.example.com";
  return all;
}

/// Users that Zoho has and that had a forwarder before: their mail must flow at every moment.
std::vector<std::string> mustFlow() {
  std::vector<std::string> locals;
  for (int i = 2; i < 12; ++i) locals.push_back("u" + std::to_string(i));
  return locals;
}

void expectNothingLost(Universe& u, const std::string& when) {
  const Forwarders now = u.forwarders();
  for (const auto& forwarder : foreign()) EXPECT_THAT(now, Contains(forwarder)) << when;
  for (const std::string& local : mustFlow()) {
    ASSERT_TRUE(now.contains(local)) << when << ": " << local << " lost its forwarder";
    const std::string& to = now.at(local);
    EXPECT_TRUE(to == local + "@zoho.example.com" || to == local + "@old.example.com") << when;
  }
}

struct FaultRow {
  const char* name;
  Fault fault;
};

const std::vector<FaultRow>& faults() {
  static const std::vector<FaultRow> kFaults{
      {"latency", {.kind = FaultKind::Latency, .delay = 10s}},
      {"503", {.kind = FaultKind::Status, .status = 503}},
      {"500 with a business error",
       {.kind = FaultKind::Status, .status = 500, .body = R"({"error":"Unable","result":"quota"})"}},
      {"401", {.kind = FaultKind::Status, .status = 401}},
      {"403", {.kind = FaultKind::Status, .status = 403}},
      {"404", {.kind = FaultKind::Status, .status = 404}},
      {"429", {.kind = FaultKind::Status, .status = 429, .headers = {{"retry-after", "60"}}}},
      {"200 with an empty body", {.kind = FaultKind::Status, .status = 200}},
      {"reset before the effect", {.kind = FaultKind::ResetBefore}},
      {"reset after the effect", {.kind = FaultKind::ResetAfter}},
      {"hang", {.kind = FaultKind::Hang}},
      {"HTML", {.kind = FaultKind::Html}},
      {"half an answer", {.kind = FaultKind::Truncate}},
      {"a slow body", {.kind = FaultKind::SlowBody, .delay = 20s}},
      {"a dripping body", {.kind = FaultKind::SlowBody, .delay = 600s}},
      {"an empty list", {.kind = FaultKind::EmptyList}},
      {"half a list", {.kind = FaultKind::PartialList}},
      {"a huge body", {.kind = FaultKind::HugeBody, .size = std::size_t{100} << 20U}},
      {"a redirect", {.kind = FaultKind::Redirect}},
  };
  return kFaults;
}

std::size_t callsOfAPass() {
  Universe u;
  prepare(u);
  const auto before = u.world.journal.requests("zoho") + u.world.journal.requests("da");
  u.pass();
  EXPECT_EQ(u.forwarders(), expectedInTheEnd());
  return u.world.journal.requests("zoho") + u.world.journal.requests("da") - before;
}

class UnderEachFault : public ::testing::TestWithParam<FaultRow> {};

TEST_P(UnderEachFault, AtEachCallNothingIsLostAndTheNextPassesConverge) {
  const std::size_t calls = callsOfAPass();
  ASSERT_GT(calls, 20U);
  for (std::size_t call = 1; call <= calls; ++call) {
    SCOPED_TRACE("call " + std::to_string(call));
    Universe u(call);
    prepare(u);
    u.world.faults.add({.nth = {static_cast<unsigned>(call)}, .fault = GetParam().fault});
    u.pass();
    expectNothingLost(u, "after the fault");
    u.world.faults.clear();
    for (int i = 0; i < 4; ++i) {
      u.passAfter(15min);
      expectNothingLost(u, "on the way back");
    }
    EXPECT_EQ(u.forwarders(), expectedInTheEnd());
    const PassReport last = u.passAfter(15min);
    EXPECT_EQ(readyReason(last), "SyncedWithConflicts") << readyMessage(last);
    if (HasFailure()) return;
  }
}

TEST_P(UnderEachFault, AtEveryCallNothingIsLost) {
  Universe u;
  prepare(u);
  u.world.faults.add({.fault = GetParam().fault});
  for (int i = 0; i < 3; ++i) {
    u.passAfter(15min);
    expectNothingLost(u, "under the fault");
  }
  u.world.faults.clear();
  u.world.da.liftBans();
  for (int i = 0; i < 3; ++i) u.passAfter(6h);
  EXPECT_EQ(u.forwarders(), expectedInTheEnd());
}

INSTANTIATE_TEST_SUITE_P(Faults, UnderEachFault, ::testing::ValuesIn(faults()), [](const auto& info) {
  std::string name = info.param.name;
  std::erase_if(name, [](unsigned char c) { return std::isalnum(c) == 0; });
  return name;
});

TEST(S8, AWriteThatArrivesTwiceIsHarmless) {
  Universe u;
  u.network.duplicateWrites = true;
  prepare(u);
  u.pass();
  EXPECT_EQ(u.forwarders(), expectedInTheEnd());
  const PassReport report = u.passAfter(15min);
  EXPECT_EQ(report.status.forwarders.managed, 12U) << "what we sent twice is ours";
  EXPECT_EQ(report.changes, api::ChangeCounts{});
}

TEST(S8, AnUnclearAnswerIsSettledByTheNextListing) {
  Universe u;
  u.addUser("anna");
  u.world.faults.add({.api = "da", .endpoint = "POST", .nth = {1}, .fault = {.kind = FaultKind::ResetAfter}});
  const PassReport report = u.pass();
  EXPECT_EQ(u.world.journal.requests("da", "POST"), 1U) << "never repeated blindly";
  EXPECT_EQ(report.outcome, Outcome::InSync) << "the listing that followed shows that it stands";
  EXPECT_EQ(report.status.forwarders.managed, 1U);
}

TEST(S8, AServerThatSaysYesAndDoesNothingIsFoundOut) {
  Universe u;
  u.addUser("anna");
  Fault empty{.kind = FaultKind::Status, .status = 200, .body = R"({"success":"Forwarder Created","result":""})"};
  u.world.faults.add({.api = "da", .endpoint = "POST", .fault = empty});
  const PassReport report = u.pass();
  EXPECT_EQ(readyReason(report), "ApplyFailed");
  EXPECT_EQ(report.status.changes.failed, 1U);
  EXPECT_THAT(u.ledger().entries, SizeIs(0)) << "what does not stand is not ours";
}

TEST(S7, OneRefusedAddressNeverStopsTheRest) {
  Universe u;
  for (const char* local : {"anna", "bad", "carol"}) u.addUser(local);
  u.world.da.behavior.refusedAddresses = {"bad@example.com"};
  const PassReport report = u.pass();
  EXPECT_THAT(u.forwarders(), SizeIs(2));
  EXPECT_EQ(readyReason(report), "ApplyFailed");
  EXPECT_THAT(readyMessage(report), ::testing::HasSubstr("bad@example.com"));
  EXPECT_EQ(report.status.changes, (api::ChangeCounts{.created = 2, .failed = 1}));
}

TEST(S7, CreatesComeBeforeUpdatesAndUpdatesBeforeDeletes) {
  Universe u;
  prepare(u);
  u.world.journal.clear();
  u.pass();
  std::string order;
  for (const std::string& change : u.world.journal.changes()) {
    // "example.com: + anna -> …": the sign is what counts.
    const char sign = change.at(change.find(": ") + 2);
    if (order.empty() || order.back() != sign) order.push_back(sign);
  }
  EXPECT_EQ(order, "+~-") << ::testing::PrintToString(u.world.journal.changes());
}

TEST(S7, ALimitStopsCreatesAndNothingElse) {
  Universe u;
  prepare(u);
  for (int i = 3; i < 20; ++i) u.addUser("new" + std::to_string(i));
  u.world.da.account("user").forwarderLimit = u.forwarders().size();
  const PassReport report = u.pass();
  EXPECT_EQ(report.status.changes, (api::ChangeCounts{.updated = 10, .deleted = 2, .failed = 4}));
  EXPECT_EQ(readyReason(report), "ApplyFailed");
  EXPECT_EQ(u.passAfter(5min).status.changes.created, 2U) << "the deletes made room for two";
}

TEST(S2, AListingThatLacksWhatWeMadeIsAskedForASecondTime) {
  Universe u;
  for (const char* local : {"anna", "bob", "carol"}) u.addUser(local);
  u.pass();
  u.world.faults.add(
      {.api = "da", .endpoint = "GET CMD_API_EMAIL_FORWARDERS", .nth = {1}, .fault = {.kind = FaultKind::EmptyList}});
  const PassReport lied = u.passAfter(5min);
  EXPECT_EQ(readyReason(lied), "ListingContradictsItself");
  EXPECT_THAT(u.ledger().entries, SizeIs(3)) << "one wrong answer takes nothing from us";
  u.world.faults.clear();
  EXPECT_EQ(u.passAfter(5min).status.forwarders.managed, 3U);
  u.world.da.removeForwarder(Universe::kDomain, "bob");
  const PassReport lost = u.passAfter(5min);
  EXPECT_EQ(lost.status.changes.created, 1U) << "two answers that agree are believed";
}

TEST(S2, WhatIsWrittenIsInTheBookBeforehand) {
  // The disk fails at the k-th save: whatever was sent before is in the book that was kept.
  for (int saves = 0; saves < 20; ++saves) {
    SCOPED_TRACE(saves);
    Universe u;
    prepare(u);
    u.books.savesUntilFull = saves;
    const Forwarders before = u.forwarders();
    const PassReport report = u.pass();
    if (saves == 0) {
      EXPECT_EQ(u.forwarders(), before) << "without a place to write it down nothing is done";
      EXPECT_EQ(readyReason(report), "StateNotWritable");
    }
    expectNothingLost(u, "on a full disk");
    for (const auto& [local, to] : u.forwarders()) {
      if (foreign().contains(local)) continue;
      const auto entry = std::ranges::find(u.ledger().entries, local, &api::LedgerEntry::local);
      ASSERT_NE(entry, u.ledger().entries.end()) << local << " stands and nobody knows that it is ours";
      EXPECT_TRUE(entry->destinations.front() == to || (!entry->previous.empty() && entry->previous.front() == to));
    }
    u.books.savesUntilFull.reset();
    u.passAfter(5min);
    EXPECT_EQ(u.forwarders(), expectedInTheEnd());
    EXPECT_EQ(u.passAfter(5min).status.forwarders.managed, 12U);
  }
}

TEST(S2, AChangeOrDeleteNeedsAListingOfTheLastThirtySeconds) {
  Universe u;
  prepare(u);
  u.network.setLatency(8s, 8s);
  u.world.journal.clear();
  u.pass();
  EXPECT_EQ(u.forwarders(), expectedInTheEnd());
  simulators::Time listed{};
  for (const auto& entry : u.world.journal.entries()) {
    if (entry.endpoint == "GET CMD_API_EMAIL_FORWARDERS") listed = entry.at;
    const bool changes = !entry.changes.empty() && entry.changes.front().find(": +") == std::string::npos;
    if (changes) EXPECT_LE(entry.at - listed, 30s) << entry.changes.front();
  }
}

TEST(S2, AForwarderThatSomebodyChangedMeanwhileIsLeftAlone) {
  Universe u;
  prepare(u);
  u.network.setLatency(20s, 20s);  // old listings, so that each change is preceded by a new one
  u.executor.runAt(u.executor.now() + 130s, [&] { u.forward("u5", "u5@elsewhere.example"); });
  u.pass();
  EXPECT_EQ(u.forwarders().at("u5"), "u5@elsewhere.example");
  u.passAfter(5min);
  EXPECT_EQ(u.forwarders().at("u5"), "u5@elsewhere.example");
}

}  // namespace
}  // namespace splitdelivery::reconcile
