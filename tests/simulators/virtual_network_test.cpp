#include "simulators/virtual_network.h"

#include <gmock/gmock.h>

#include "base/await.h"
#include "simulators/asking.h"
#include "support/virtual_executor.h"

namespace splitdelivery::simulators {
namespace {

using namespace std::chrono_literals;
using base::ErrorKind;
using splitdelivery::testing::VirtualExecutor;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
using Outcome = base::Result<http::Response>;

class AVirtualNetwork : public ::testing::Test {
 protected:
  AVirtualNetwork() {
    world.da.addAccount({.user = "dauser0", .keys = {{.key = "dakey0"}}});
    world.da.addDomain("dauser0", "example.com");
    world.zoho.addOrganization({.id = kOrganization});
    network.serveWorld(world);
  }

  static http::Request listing() {
    http::Request request;
    request.origin = VirtualNetwork::kDirectAdmin;
    request.path = "/CMD_API_EMAIL_FORWARDERS?json=yes&domain=example.com";
    request.authorization = base::Secret(basic("dauser0", "dakey0"));
    return request;
  }
  static http::Request creation(const std::string& local) {
    http::Request request = listing();
    request.method = "POST";
    request.path = "/CMD_API_EMAIL_FORWARDERS?json=yes";
    request.contentType = "application/x-www-form-urlencoded";
    request.body =
        Fields{{"action", "create"}, {"domain", "example.com"}, {"user", local}, {"email", "x@zoho.example.com"}}
            .encode();
    return request;
  }
  Outcome send(http::Request request, std::stop_token stop = {}) {
    const auto start = executor.now();
    Outcome outcome = executor.run(network.send(std::move(request), std::move(stop)));
    took = executor.now() - start;
    return outcome;
  }
  static void expectError(const Outcome& outcome, ErrorKind kind, std::string_view reason) {
    ASSERT_FALSE(outcome.has_value());
    EXPECT_EQ(outcome.error().kind, kind);
    EXPECT_EQ(outcome.error().reason, reason);
  }

  VirtualExecutor executor;
  World world;
  VirtualNetwork network{executor};
  base::Duration took{};
};

TEST_F(AVirtualNetwork, BringsRequestsToTheSimulatorOfTheirOrigin) {
  world.da.setForwarder("example.com", "anna", "anna@zoho.example.com");
  const Outcome outcome = send(listing());
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->status, 200);
  EXPECT_EQ(outcome->body, R"({"anna":["anna@zoho.example.com"]})");
  EXPECT_THAT(outcome->headers, Contains(Pair("content-type", "application/json")));
  EXPECT_EQ(world.journal.requests("da", "GET CMD_API_EMAIL_FORWARDERS"), 1U);
  EXPECT_EQ(took, 0ns);
}

TEST_F(AVirtualNetwork, ServesBothOfZohosHosts) {
  http::Request mint;
  mint.method = "POST";
  mint.origin = VirtualNetwork::kAccounts;
  mint.path = "/oauth/v2/token";
  mint.contentType = "application/x-www-form-urlencoded";
  mint.body = clientCredentials().encode();
  const Outcome token = send(mint);
  ASSERT_TRUE(token);

  http::Request list;
  list.origin = VirtualNetwork::kMail;
  list.path = std::string("/api/organization/") + kOrganization + "/accounts";
  list.headers = {{"Accept", "application/json"}};
  list.authorization =
      base::Secret("Zoho-oauthtoken " + nlohmann::json::parse(token->body)["access_token"].get<std::string>());
  const Outcome accounts = send(list);
  ASSERT_TRUE(accounts);
  EXPECT_EQ(accounts->status, 200);
  EXPECT_TRUE(world.journal.badRequests().empty());
}

TEST_F(AVirtualNetwork, KnowsNoOtherHosts) {
  http::Request request = listing();
  request.origin = "https://elsewhere.example";
  expectError(send(request), ErrorKind::Retry, http::reason::kHostNotFound);
}

TEST_F(AVirtualNetwork, AHostThatIsDownTakesNoConnection) {
  network.setDown(VirtualNetwork::kDirectAdmin, true);
  expectError(send(creation("anna")), ErrorKind::Retry, http::reason::kConnectFailed);
  EXPECT_EQ(world.journal.requests("da"), 0U);
  network.setDown(VirtualNetwork::kDirectAdmin, false);
  EXPECT_TRUE(send(listing()));
}

TEST_F(AVirtualNetwork, TakesItsTimeThereAndBack) {
  network.setLatency(40ms, 40ms);
  EXPECT_TRUE(send(listing()));
  EXPECT_EQ(took, 40ms);
  network.setLatency(10ms, 30ms);
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(send(listing()));
    EXPECT_GE(took, 10ms);
    EXPECT_LE(took, 30ms);
  }
}

TEST_F(AVirtualNetwork, AHangLastsUntilTheDeadline) {
  world.faults.add({.fault = {.kind = FaultKind::Hang}});
  http::Request request = creation("anna");
  request.deadline = 7s;
  expectError(send(request), ErrorKind::Retry, http::reason::kTimedOut);
  EXPECT_EQ(took, 7s);
  EXPECT_TRUE(world.da.forwarders("example.com").empty());
}

TEST_F(AVirtualNetwork, AnAnswerThatComesTooLateIsATimeOutThoughTheServerActed) {
  world.faults.add({.fault = {.kind = FaultKind::Latency, .delay = 30s}});
  http::Request request = creation("anna");
  request.deadline = 7s;
  expectError(send(request), ErrorKind::Retry, http::reason::kTimedOut);
  EXPECT_EQ(world.da.forwarders("example.com").size(), 1U);
  request = creation("ben");
  request.deadline = 31s;
  EXPECT_TRUE(send(request));
  EXPECT_EQ(took, 30s);
}

TEST_F(AVirtualNetwork, AStopEndsARequestAtOnce) {
  world.faults.add({.fault = {.kind = FaultKind::Hang}});
  std::stop_source stop;
  executor.runAt(executor.now() + 2s, [&] { stop.request_stop(); });
  expectError(send(listing(), stop.get_token()), ErrorKind::Stopped, http::reason::kStopped);
  EXPECT_EQ(took, 2s);
  expectError(send(listing(), stop.get_token()), ErrorKind::Stopped, http::reason::kStopped);
  EXPECT_EQ(world.journal.requests("da"), 1U) << "the second never left";
}

TEST_F(AVirtualNetwork, AResetHidesWhetherTheServerActed) {
  world.faults.add({.nth = {1}, .fault = {.kind = FaultKind::ResetBefore}});
  world.faults.add({.nth = {2}, .fault = {.kind = FaultKind::ResetAfter}});
  expectError(send(creation("anna")), ErrorKind::Retry, http::reason::kConnectionLost);
  EXPECT_TRUE(world.da.forwarders("example.com").empty());
  expectError(send(creation("anna")), ErrorKind::Retry, http::reason::kConnectionLost);
  EXPECT_EQ(world.da.forwarders("example.com").size(), 1U);
}

TEST_F(AVirtualNetwork, HalfAnAnswerIsNone) {
  world.faults.add({.fault = {.kind = FaultKind::Truncate}});
  expectError(send(listing()), ErrorKind::Retry, http::reason::kConnectionLost);
}

TEST_F(AVirtualNetwork, ASlowBodyTakesItsTimeOrAllOfIt) {
  world.faults.add({.fault = {.kind = FaultKind::SlowBody, .delay = 20s}});
  EXPECT_TRUE(send(listing()));
  EXPECT_EQ(took, 20s);
  http::Request request = listing();
  request.deadline = 19s;
  expectError(send(request), ErrorKind::Retry, http::reason::kTimedOut);
}

TEST_F(AVirtualNetwork, CutsAnswersThatAreTooLarge) {
  world.faults.add({.nth = {1}, .fault = {.kind = FaultKind::HugeBody}});
  world.faults.add({.nth = {2}, .fault = {.kind = FaultKind::HugeBody, .size = 1000}});
  expectError(send(listing()), ErrorKind::Retry, http::reason::kAnswerTooLarge);
  const Outcome padded = send(listing());
  ASSERT_TRUE(padded);
  EXPECT_EQ(padded->body.size(), 1000U);
  http::Request request = listing();
  request.bodyLimit = 1;
  expectError(send(request), ErrorKind::Retry, http::reason::kAnswerTooLarge);
}

TEST_F(AVirtualNetwork, HandsRedirectsBack) {
  world.faults.add({.fault = {.kind = FaultKind::Redirect, .headers = {{"location", "https://elsewhere.example/"}}}});
  const Outcome outcome = send(listing());
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->status, 302);
  EXPECT_THAT(outcome->headers, Contains(Pair("location", "https://elsewhere.example/")));
}

TEST_F(AVirtualNetwork, CanDeliverEachWriteTwice) {
  network.duplicateWrites = true;
  const Outcome outcome = send(creation("anna"));
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->status, 500) << "the second answer comes back";
  EXPECT_THAT(outcome->body, HasSubstr("exists"));
  EXPECT_EQ(world.journal.requests("da"), 2U);
  EXPECT_EQ(world.journal.mutationCount(), 1U);
  EXPECT_TRUE(send(listing()));
  EXPECT_EQ(world.journal.requests("da", "GET"), 1U) << "reads go once";
}

TEST_F(AVirtualNetwork, CountsHowManyAreUnderWayAtATime) {
  network.setLatency(10ms, 10ms);
  world.faults.add({.fault = {.kind = FaultKind::Latency, .delay = 1s}});
  std::vector<base::Task<Outcome>> tasks;
  for (int i = 0; i < 6; ++i) tasks.push_back(network.send(listing(), {}));
  executor.run(base::all(executor, std::move(tasks), 4));
  EXPECT_EQ(world.journal.maxConcurrency("da"), 4U);
}

TEST_F(AVirtualNetwork, TheServersClockDoesNotFollowTheClients) {
  const auto start = executor.wallTime();
  executor.setWallTime(start + 24h);
  executor.advance(10s);
  EXPECT_TRUE(send(listing()));
  EXPECT_EQ(world.journal.entries().back().at, start + 10s);
}

}  // namespace
}  // namespace splitdelivery::simulators
