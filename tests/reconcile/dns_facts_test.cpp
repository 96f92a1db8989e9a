// S13: three questions side by side, and good news kept for ten minutes.

#include "reconcile/dns_facts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "base/await.h"
#include "support/virtual_executor.h"

namespace splitdelivery::reconcile {
namespace {

using namespace std::chrono_literals;
using dns::Answer;
using dns::MxRecord;
using dns::Outcome;
using ::testing::UnorderedElementsAre;
using testing::VirtualExecutor;

/// Answers after `delay`, and says what it was asked.
class SlowResolver final : public dns::Resolver {
 public:
  explicit SlowResolver(VirtualExecutor& executor) : executor_(executor) {}

  base::Task<Answer<MxRecord>> mx(std::string name, std::stop_token stop) override {
    asked.push_back("MX " + name);
    const auto slept = co_await base::sleepFor(executor_, delay, std::move(stop));
    if (slept == base::Slept::Stopped || name == failing) co_return Answer<MxRecord>{};
    co_return Answer<MxRecord>{.outcome = Outcome::Found, .records = {{10, "mx." + name}}};
  }
  base::Task<Answer<std::string>> txt(std::string name, std::stop_token stop) override {
    asked.push_back("TXT " + name);
    const auto slept = co_await base::sleepFor(executor_, delay, std::move(stop));
    if (slept == base::Slept::Stopped) co_return Answer<std::string>{};
    co_return Answer<std::string>{.outcome = Outcome::Found, .records = {"v=spf1 -all"}};
  }

  std::vector<std::string> asked{};
  base::Duration delay = 2s;
  std::string failing{};

 private:
  VirtualExecutor& executor_;
};

TEST(TheThreeQuestions, AreAskedSideBySide) {
  VirtualExecutor executor;
  SlowResolver resolver(executor);
  const DnsFacts facts = executor.run(askDns(executor, resolver, "example.com", "zoho.example.com", {}));
  EXPECT_EQ(executor.now().time_since_epoch(), 2s) << "not one after the other";
  EXPECT_THAT(resolver.asked, UnorderedElementsAre("MX example.com", "MX zoho.example.com", "TXT example.com"));
  EXPECT_EQ(facts.routing.records.front().host, "mx.zoho.example.com");
  EXPECT_EQ(facts.domain.records.front().host, "mx.example.com");
  EXPECT_EQ(facts.texts.records.front(), "v=spf1 -all");
  EXPECT_TRUE(facts.conclusive());
}

TEST(TheThreeQuestions, LeaveEachOtherAlone) {
  VirtualExecutor executor;
  SlowResolver resolver(executor);
  resolver.failing = "example.com";
  const DnsFacts facts = executor.run(askDns(executor, resolver, "example.com", "zoho.example.com", {}));
  EXPECT_EQ(facts.domain.outcome, Outcome::Failed);
  EXPECT_EQ(facts.routing.outcome, Outcome::Found);
  EXPECT_EQ(facts.texts.outcome, Outcome::Found);
  EXPECT_FALSE(facts.conclusive());
}

TEST(TheThreeQuestions, EndAtOnceOnAStop) {
  VirtualExecutor executor;
  SlowResolver resolver(executor);
  std::stop_source stop;
  executor.runAt(executor.now() + 1s, [&] { stop.request_stop(); });
  const DnsFacts facts = executor.run(askDns(executor, resolver, "example.com", "zoho.example.com", stop.get_token()));
  EXPECT_EQ(executor.now().time_since_epoch(), 1s);
  EXPECT_FALSE(facts.conclusive());
}

DnsFacts good(const std::string& host = "mx.zoho.com") {
  return {.routing = {.outcome = Outcome::Found, .records = {{10, host}}},
          .domain = {.outcome = Outcome::NoData},
          .texts = {.outcome = Outcome::NoSuchName}};
}

struct Memory : ::testing::Test {
  void note(const DnsFacts& facts, bool routingGood = true) { memory.note(kDomain, kHost, facts, routingGood); }
  std::optional<DnsFacts> recall() { return memory.recall(kDomain, kHost); }

  const std::string kDomain = "example.com";
  const std::string kHost = "zoho.example.com";
  VirtualExecutor executor;
  DnsMemory memory{executor};
};

using TheMemory = Memory;

TEST_F(TheMemory, KeepsGoodNewsForTenMinutes) {
  EXPECT_FALSE(recall());
  note(good());
  executor.advance(10min - 1ns);
  EXPECT_EQ(recall(), good());
  executor.advance(1ns);
  EXPECT_FALSE(recall());
  EXPECT_EQ(memory.size(), 0U);
}

TEST_F(TheMemory, DoesNotMakeNewsYoungerByUsingThem) {
  note(good());
  for (int minute = 0; minute < 10; ++minute) {
    ASSERT_TRUE(recall()) << minute;
    note(*recall());
    executor.advance(1min);
  }
  EXPECT_FALSE(recall());
}

TEST_F(TheMemory, KeepsNothingThatIsBadOrFailed) {
  note(good(), false);
  EXPECT_FALSE(recall());
  for (const int which : {0, 1, 2}) {
    DnsFacts facts = good();
    if (which == 0) facts.routing = {};
    if (which == 1) facts.domain = {};
    if (which == 2) facts.texts = {};
    note(facts);
    EXPECT_FALSE(recall()) << which;
  }
}

TEST_F(TheMemory, ForgetsWhatHasTurnedBad) {
  note(good());
  note(good(), false);
  EXPECT_FALSE(recall());
}

TEST_F(TheMemory, TakesOtherNewsInPlaceOfOldOnes) {
  note(good());
  executor.advance(9min);
  note(good("mx2.zoho.com"));
  executor.advance(9min);
  EXPECT_EQ(recall(), good("mx2.zoho.com"));
}

TEST_F(TheMemory, KnowsEachPairApart) {
  note(good());
  EXPECT_FALSE(memory.recall(kDomain, "z.example.com")) << "after a change of routing host nothing is known";
  EXPECT_FALSE(memory.recall("example.net", kHost));
}

TEST_F(TheMemory, HoldsNothingOfResourcesThatAreGone) {
  for (int i = 0; i < 100; ++i) memory.note("d" + std::to_string(i) + ".example", kHost, good(), true);
  EXPECT_EQ(memory.size(), 100U);
  executor.advance(1h);
  note(good());
  EXPECT_EQ(memory.size(), 1U);
}

}  // namespace
}  // namespace splitdelivery::reconcile
