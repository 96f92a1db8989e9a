#include "simulators/service.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <vector>

#include "simulators/asking.h"

namespace splitdelivery::simulators {
namespace {

using Ending = Delivery::Ending;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

/// Answers everything with a list of four, and counts how often it acted.
class Counter final : public Simulator {
 public:
  [[nodiscard]] std::string_view api() const override { return "da"; }
  [[nodiscard]] std::string endpoint(const Request& request) const override { return request.method + " COUNT"; }
  [[nodiscard]] bool isWrite(const Request& request) const override { return request.method == "POST"; }
  Reply handle(const Request& request, Time) override {
    ++acted;
    Reply reply{.body = R"(["a","b","c","d"])", .user = "somebody"};
    if (isWrite(request)) reply.changes.emplace_back("+ one");
    return reply;
  }
  int acted = 0;
};

class AService : public ::testing::Test {
 protected:
  Delivery get() { return service.receive(Request::make("GET", "/?domain=example.com"), kNoon); }
  Delivery post() { return service.receive(Request::make("POST", "/"), kNoon); }

  Counter counter;
  FaultPlan faults;
  Journal journal;
  Service service{counter, faults, journal};
};

TEST_F(AService, PassesOnWhatTheSimulatorSays) {
  const Delivery delivery = get();
  EXPECT_EQ(delivery.ending, Ending::Whole);
  EXPECT_EQ(delivery.reply.body, R"(["a","b","c","d"])");
  EXPECT_EQ(delivery.pause.count(), 0);
}

struct FaultCase {
  FaultKind kind;
  Ending ending;
  int acted;
  int status;
  std::string body;
};

TEST_F(AService, MakesEachFaultWhatItIsCalled) {
  const std::string all = R"(["a","b","c","d"])";
  const std::vector<FaultCase> cases = {
      {FaultKind::Latency, Ending::Whole, 1, 200, all},
      {FaultKind::Status, Ending::Whole, 0, 503, "sorry"},
      {FaultKind::ResetBefore, Ending::Reset, 0, 200, ""},
      {FaultKind::ResetAfter, Ending::Reset, 1, 200, all},
      {FaultKind::Hang, Ending::Hang, 0, 200, ""},
      {FaultKind::Truncate, Ending::Truncated, 1, 200, all},
      {FaultKind::SlowBody, Ending::Slow, 1, 200, all},
      {FaultKind::EmptyList, Ending::Whole, 1, 200, "[]"},
      {FaultKind::PartialList, Ending::Whole, 1, 200, R"(["a","b"])"},
      {FaultKind::HugeBody, Ending::Whole, 1, 200, all},
      {FaultKind::Redirect, Ending::Whole, 0, 302, ""},
  };
  for (const auto& expected : cases) {
    SCOPED_TRACE(nameOf(expected.kind));
    faults.clear();
    faults.add({.fault = {.kind = expected.kind, .body = "sorry"}});
    counter.acted = 0;
    const Delivery delivery = get();
    EXPECT_EQ(delivery.ending, expected.ending);
    EXPECT_EQ(counter.acted, expected.acted);
    EXPECT_EQ(delivery.reply.status, expected.status);
    EXPECT_EQ(delivery.reply.body, expected.body);
    EXPECT_EQ(faultKind(nameOf(expected.kind)), expected.kind);
  }
}

TEST_F(AService, AnswersAnHtmlPageWithStatus200) {
  faults.add({.fault = {.kind = FaultKind::Html}});
  const Delivery delivery = get();
  EXPECT_EQ(delivery.reply.status, 200);
  EXPECT_EQ(delivery.reply.headers.at("content-type"), "text/html");
  EXPECT_THAT(delivery.reply.body, HasSubstr("<html>"));
  EXPECT_EQ(counter.acted, 0);
}

TEST_F(AService, CanHangAfterItHasActed) {
  faults.add({.fault = {.kind = FaultKind::Hang, .effect = true}});
  EXPECT_EQ(post().ending, Ending::Hang);
  EXPECT_EQ(counter.acted, 1);
  EXPECT_EQ(journal.mutationCount(), 1U);
}

TEST_F(AService, PadsAHugeBodyUpToItsSize) {
  faults.add({.fault = {.kind = FaultKind::HugeBody, .size = 1000}});
  const Delivery delivery = get();
  EXPECT_EQ(delivery.reply.body.size() + delivery.padding, 1000U);
}

TEST_F(AService, PutsAFaultsHeadersOnTheAnswer) {
  faults.add({.fault = {.status = 429, .headers = {{"retry-after", "60"}}}});
  EXPECT_THAT(get().reply.headers, ::testing::Contains(Pair("retry-after", "60")));
}

TEST_F(AService, StrikesOnlyTheRequestsThatAreNumbered) {
  faults.add({.endpoint = "GET", .nth = {2, 4}, .fault = {}});
  std::vector<int> statuses;
  for (int i = 0; i < 5; ++i) {
    statuses.push_back(get().reply.status);
    EXPECT_EQ(post().reply.status, 200) << "another endpoint is neither struck nor counted";
  }
  EXPECT_THAT(statuses, ElementsAre(200, 503, 200, 503, 200));
}

TEST_F(AService, MatchesTheApiAndTheTextOfARequest) {
  faults.add({.api = "zoho", .fault = {}});
  EXPECT_EQ(get().reply.status, 200);
  faults.add({.api = "da", .containing = "domain=other", .fault = {}});
  EXPECT_EQ(get().reply.status, 200);
  faults.add({.api = "da", .containing = "domain=example.com", .fault = {}});
  EXPECT_EQ(get().reply.status, 503);
  EXPECT_EQ(post().reply.status, 200);
}

TEST_F(AService, LetsTheFirstDueRuleStrikeAndCountsForAll) {
  faults.add({.nth = {1}, .fault = {.status = 500}});
  faults.add({.nth = {2}, .fault = {.status = 502}});
  EXPECT_EQ(get().reply.status, 500);
  EXPECT_EQ(get().reply.status, 502);
  EXPECT_EQ(get().reply.status, 200);
}

TEST_F(AService, RefusesAMalformedTargetAndSaysSo) {
  EXPECT_EQ(service.receive(Request::make("GET", "/?a=%"), kNoon).reply.status, 400);
  EXPECT_EQ(counter.acted, 0);
  EXPECT_THAT(journal.badRequests(), ElementsAre(Pair("da GET COUNT: the target is no URL path", 1)));
}

TEST_F(AService, WritesTheJournal) {
  get();
  post();
  faults.add({.fault = {.kind = FaultKind::ResetBefore}});
  post();
  EXPECT_EQ(journal.requests("da"), 3U);
  EXPECT_EQ(journal.requests("da", "POST"), 2U);
  EXPECT_EQ(journal.requests("zoho"), 0U);
  EXPECT_THAT(journal.changes(), ElementsAre("+ one"));
  EXPECT_EQ(journal.entries().back().status, 0) << "nobody acted on the last one";
  EXPECT_EQ(journal.entries().front().user, "somebody");
  EXPECT_EQ(journal.entries().front().at, kNoon);
}

TEST_F(AService, CountsHowManyAreUnderWayAtATime) {
  {
    const auto first = get();
    const auto second = get();
  }
  const auto third = get();
  EXPECT_EQ(journal.maxConcurrency("da"), 2U);
  journal.clear();
  EXPECT_EQ(journal.maxConcurrency("da"), 1U) << "the third is still under way";
}

TEST_F(AService, ItsLogHasTheFormThatLaunchersRead) {
  get();
  post();
  EXPECT_EQ(nlohmann::json::parse(journal.log(false)), nlohmann::json::parse(R"({
    "apis": {"zoho": {"requests": 0, "endpoints": {}, "maxConcurrency": 0},
             "da": {"requests": 2, "endpoints": {"GET COUNT": 1, "POST COUNT": 1}, "maxConcurrency": 1}},
    "mutationCount": 1, "badRequests": {}})"));
  EXPECT_EQ(nlohmann::json::parse(journal.log(true))["mutations"][0]["what"], "+ one");
}

TEST(RowsCutFromAnAnswer, AreThoseOfEitherApi) {
  struct Case {
    std::string body, half, none;
  };
  const std::vector<Case> cases = {
      {R"({"data":[1,2,3]})", R"({"data":[1]})", R"({"data":[]})"},
      {R"({"data":{"count":2,"groups":[1,2]}})", R"({"data":{"count":2,"groups":[1]}})",
       R"({"data":{"count":2,"groups":[]}})"},
      {R"({"data":{"domainVO":[1,2]}})", R"({"data":{"domainVO":[1]}})", R"({"data":{"domainVO":[]}})"},
      {R"({"anna":["a@x"],"ben":["b@x"]})", R"({"anna":["a@x"]})", "{}"},
      {"list[]=a&list[]=b&list[]=c", "list[]=a", ""},
      {"17", "17", "17"},
  };
  for (const auto& [body, half, none] : cases) {
    EXPECT_EQ(withoutRows(body, FaultKind::PartialList), half);
    EXPECT_EQ(withoutRows(body, FaultKind::EmptyList), none);
  }
}

TEST(AFaultKind, HasOneNameAndNoOther) {
  EXPECT_EQ(faultKind("Hang"), FaultKind::Hang);
  EXPECT_EQ(faultKind("hang"), std::nullopt);
}

}  // namespace
}  // namespace splitdelivery::simulators
