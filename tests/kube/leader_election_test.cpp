#include "kube/leader_election.h"

#include <gmock/gmock.h>

#include <memory>

#include "simulators/kubernetes.h"
#include "support/virtual_executor.h"

namespace splitdelivery::kube {
namespace {

using namespace std::chrono_literals;

constexpr const char* kLeasesPath = "/apis/coordination.k8s.io/v1/namespaces/system/leases";

/// Loses requests, and does not care for a stop: a bug, or a thread that hangs.
class Swallowing final : public http::Transport {
 public:
  Swallowing(base::Executor& executor, http::Transport& next) : executor_(executor), next_(next) {}

  base::Task<base::Result<http::Response>> send(http::Request request, std::stop_token stop) override {
    if (swallows) co_await swallowed_.emplace_back(executor_);
    co_return co_await next_.send(std::move(request), std::move(stop));
  }
  void letGo() {
    swallows = false;
    for (const auto& each : swallowed_) each.resolve(true);
  }
  bool swallows = false;

 private:
  base::Executor& executor_;
  http::Transport& next_;
  std::vector<base::Deferred<bool>> swallowed_;
};

/// One replica: stands for election again and again, as its pod would.
struct Replica {
  Replica(testing::VirtualExecutor& on, http::Transport& transport, std::string name)
      : executor(on),
        client(on, transport, {.origin = "https://kube"}),
        election(on, client, {.ns = "system", .name = "splitdelivery", .identity = std::move(name)}) {}

  base::Task<base::Done> life() {
    if (co_await election.acquire(stop.get_token())) {
      ledAt = executor.now();
      lost = !co_await election.keep(stop.get_token());
      lostAt = executor.now();
      if (!lost) co_await election.release();
    }
    ended = true;
    co_return base::Done{};
  }
  void start() {
    base::spawn(executor, life(), [](auto, const auto&) {});
  }

  testing::VirtualExecutor& executor;
  Client client;
  LeaderElection election;
  std::stop_source stop;
  std::optional<base::SteadyTime> ledAt;
  base::SteadyTime lostAt{};
  bool lost = false;
  bool ended = false;
};

class AnElection : public ::testing::Test {
 protected:
  ~AnElection() override {
    server.setFault(nullptr);
    for (auto* replica : {&one, &two}) replica->stop.request_stop();
    executor.advance(1min);
  }
  [[nodiscard]] std::string holder() const {
    const auto lease = server.get(kLeasesPath, "splitdelivery");
    return lease ? lease->at("spec").at("holderIdentity").get<std::string>() : "nobody";
  }
  /// Never two at a time; each moment of the story is looked at.
  void live(base::Duration span) {
    for (const auto end = executor.now() + span; executor.now() < end;) {
      executor.advance(50ms);
      ASSERT_FALSE(one.election.writesUntil() && two.election.writesUntil());
    }
  }
  void refuseAll(int status) {
    server.setFault([status](const http::Request&) {
      return std::optional<base::Result<http::Response>>(http::Response{.status = status, .body = "{}", .headers = {}});
    });
  }

  testing::VirtualExecutor executor{7};
  simulators::Kubernetes server{executor};
  Replica one{executor, server, "one"};
  Replica two{executor, server, "two"};
};

TEST_F(AnElection, IsWonByTheFirstAndKept) {
  one.start();
  executor.advance(100ms);
  two.start();
  live(10min);
  EXPECT_EQ(holder(), "one");
  EXPECT_TRUE(one.election.leads());
  EXPECT_FALSE(two.ledAt);
  const auto lease = *server.get(kLeasesPath, "splitdelivery");
  EXPECT_EQ(lease.at("spec").at("leaseDurationSeconds"), 15);
  EXPECT_EQ(lease.at("spec").at("leaseTransitions"), 1);
  EXPECT_LE(server.count("PUT", kLeasesPath), 10U * 60 / 2 + 2);
}

TEST_F(AnElection, IsTakenOverAtOnceFromOneThatStoppedProperly) {
  one.start();
  two.start();
  live(30s);
  one.stop.request_stop();
  live(3s);
  EXPECT_TRUE(one.ended);
  EXPECT_FALSE(one.lost);
  EXPECT_EQ(holder(), "two");
}

TEST_F(AnElection, IsTakenOverFromOneThatDiedWithinTheLeaseAndThreeSeconds) {
  one.start();
  two.start();
  live(30s);
  // What is killed asks nothing any more.
  server.setFault([](const http::Request& request) -> std::optional<base::Result<http::Response>> {
    if (request.body.find("\"one\"") == std::string::npos) return std::nullopt;
    return base::fail(base::ErrorKind::Retry, "ConnectionLost", "dead");
  });
  const auto died = executor.now();
  live(20s);
  ASSERT_TRUE(two.ledAt);
  EXPECT_LE(*two.ledAt - died, 18s);
  EXPECT_TRUE(one.lost);
  EXPECT_LT(one.lostAt, *two.ledAt);
}

TEST(ATakeOver, IsNeverLaterThanTheLeaseAndThreeSecondsWhateverTheMoment) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    testing::VirtualExecutor executor{seed};
    simulators::Kubernetes server{executor};
    Replica one{executor, server, "one"};
    Replica two{executor, server, "two"};
    one.start();
    executor.advance(100ms);
    two.start();
    executor.advance(30s + std::chrono::milliseconds(seed * 97));
    server.setFault([](const http::Request& request) -> std::optional<base::Result<http::Response>> {
      if (request.body.find("\"one\"") == std::string::npos) return std::nullopt;
      return base::fail(base::ErrorKind::Retry, "ConnectionLost", "the process is gone");
    });
    const auto killed = executor.now();
    executor.advance(30s);
    ASSERT_TRUE(two.ledAt) << "seed " << seed;
    EXPECT_LE(*two.ledAt - killed, LeaderElection::kLease + 3s) << "seed " << seed;
    server.setFault(nullptr);
    for (auto* replica : {&one, &two}) replica->stop.request_stop();
    executor.advance(1min);
  }
}

TEST_F(AnElection, EndsAWriteTwoSecondsBeforeTheLeaseDoes) {
  one.start();
  executor.advance(100ms);
  const auto until = one.election.writesUntil();
  ASSERT_TRUE(until);
  EXPECT_LE(*until - executor.now(), 13s);
  EXPECT_GE(*until - executor.now(), 12s);
}

TEST_F(AnElection, IsLostTenSecondsAfterTheLastRenewal) {
  one.start();
  executor.advance(30s);
  refuseAll(500);
  const auto began = executor.now();
  executor.advance(30s);
  EXPECT_TRUE(one.lost);
  EXPECT_LE(one.lostAt - began, 10s);
  EXPECT_GE(one.lostAt - began, 7s);
  EXPECT_FALSE(one.election.writesUntil());
}

TEST_F(AnElection, SurvivesAnApiServerThatIsGoneForASpell) {
  one.start();
  two.start();
  live(30s);
  refuseAll(503);
  live(6s);
  server.setFault(nullptr);
  live(1min);
  EXPECT_TRUE(one.election.leads());
  EXPECT_FALSE(one.ended);
  EXPECT_EQ(holder(), "one");
}

TEST_F(AnElection, IsNotGivenToOneWhoseWallClockIsWrong) {
  one.start();
  executor.advance(10s);
  executor.setWallTime(executor.wallTime() + 24h);
  two.start();
  live(1min);
  EXPECT_EQ(holder(), "one") << "time stamps of the record are not compared with anything";
}

TEST_F(AnElection, IsLostToWhoeverTookTheLeaseByForce) {
  one.start();
  executor.advance(10s);
  server.merge(kLeasesPath, "splitdelivery", {{"spec", {{"holderIdentity", "somebody"}}}});
  executor.advance(10s);
  EXPECT_TRUE(one.lost);
  EXPECT_EQ(holder(), "somebody");
}

/// Liveness: whether somebody should end this process.
TEST_F(AnElection, FindsNothingOverdueWhileAllIsWell) {
  one.start();
  two.start();
  for (int i = 0; i < 600; ++i) {
    executor.advance(1s);
    ASSERT_FALSE(one.election.overdue());
    ASSERT_FALSE(two.election.overdue()) << "it stands by";
  }
}

TEST_F(AnElection, IsOverdueOnceALeaderThatHangsHasNotRenewedForTheLeaseAndTwentySeconds) {
  Swallowing swallowing(executor, server);
  Replica hanging(executor, swallowing, "hanging");
  hanging.start();
  executor.advance(10s);
  ASSERT_TRUE(hanging.election.leads());
  swallowing.swallows = true;
  executor.advance(11s);
  EXPECT_FALSE(hanging.election.leads());
  EXPECT_FALSE(hanging.ended) << "what it waits for never comes";
  executor.advance(20s);
  EXPECT_FALSE(hanging.election.overdue()) << "there is still time to end by itself";
  executor.advance(5s);
  ASSERT_TRUE(hanging.election.overdue());
  EXPECT_THAT(*hanging.election.overdue(), ::testing::ContainsRegex("3[5-9] seconds ago"));
  swallowing.letGo();
  executor.advance(1min);
}

TEST_F(AnElection, IsOverdueWhereAProcessThatHasLostItsLeaseGoesOn) {
  one.start();
  executor.advance(30s);
  refuseAll(500);
  executor.advance(20s);
  ASSERT_TRUE(one.ended);
  EXPECT_FALSE(one.election.overdue()) << "it may still be ending its work";
  executor.advance(20s);
  EXPECT_TRUE(one.election.overdue());
}

TEST_F(AnElection, IsNotOverdueForAStandbyThatCannotReachTheApiServer) {
  refuseAll(500);
  two.start();
  executor.advance(1h);
  EXPECT_FALSE(two.election.overdue());
}

TEST_F(AnElection, IsNotOverdueForOneThatGaveItsLeaseBack) {
  one.start();
  executor.advance(30s);
  one.stop.request_stop();
  executor.advance(1h);
  ASSERT_TRUE(one.ended);
  EXPECT_FALSE(one.election.overdue());
}

TEST_F(AnElection, WaitsForTheRightToHaveALease) {
  refuseAll(403);
  one.start();
  executor.advance(10s);
  ASSERT_TRUE(one.election.trouble());
  EXPECT_THAT(one.election.trouble()->message, ::testing::HasSubstr("leases"));
  server.setFault(nullptr);
  executor.advance(3s);
  EXPECT_TRUE(one.election.leads());
}

TEST_F(AnElection, TakesADamagedLeaseOverAfterItsTime) {
  server.put(kLeasesPath, {{"metadata", {{"name", "splitdelivery"}}}, {"spec", {{"holderIdentity", 7}}}});
  one.start();
  executor.advance(20s);
  EXPECT_EQ(holder(), "one");
}

}  // namespace
}  // namespace splitdelivery::kube
