// What a client asks of its API server, and when.

#include <gmock/gmock.h>

#include "kube/client.h"
#include "simulators/kubernetes.h"
#include "support/virtual_executor.h"

namespace splitdelivery::kube {
namespace {

using namespace std::chrono_literals;

constexpr const char* kMaps = "/api/v1/namespaces/mail/configmaps";
constexpr const char* kLeasesPath = "/apis/coordination.k8s.io/v1/namespaces/mail/leases";

class ALimitedClient : public ::testing::Test {
 protected:
  void SetUp() override {
    server.put(kMaps, {{"metadata", {{"name", "m"}}}});
    server.put(kLeasesPath, {{"metadata", {{"name", "l"}}}});
  }
  ~ALimitedClient() override {
    stop.request_stop();
    executor.drain();
  }
  void look(int times) {
    for (int i = 0; i < times; ++i) {
      base::spawn(executor, client.get(kConfigMaps, "mail", "m", stop.get_token()),
                  [this](const auto&, const auto& answer) {
                    if (!*answer) errors.push_back((*answer).error());
                  });
    }
  }
  void watch() {
    base::spawn(executor,
                client.watch(
                    kConfigMaps, "mail", "resourceVersion=100&timeoutSeconds=290", [](std::string_view) {}, 295s,
                    stop.get_token()),
                [](const auto&, const auto&) {});
  }
  void renew() {
    base::spawn(executor, client.get(kLeases, "mail", "l", stop.get_token()), [](const auto&, const auto&) {});
  }
  std::size_t asked(base::Duration after, const std::string& path) {
    executor.advance(after);
    return server.count("GET", path);
  }
  /// Answers the next request that way, all others as always.
  void refuseOnce(const std::string& retryAfter) {
    server.setFault([this, retryAfter](const http::Request&) -> std::optional<base::Result<http::Response>> {
      if (std::exchange(refused, true)) return std::nullopt;
      http::Response answer{.status = 429, .body = "{}", .headers = {}};
      if (!retryAfter.empty()) answer.headers.emplace_back("retry-after", retryAfter);
      return answer;
    });
    look(1);
    executor.advance(10ms);
  }

  testing::VirtualExecutor executor;
  simulators::Kubernetes server{executor};
  Client client{executor, server, {.origin = "https://kube"}, {.perSecond = 1, .burst = 2}};
  std::stop_source stop;
  std::vector<base::Error> errors;
  bool refused = false;
};

TEST_F(ALimitedClient, KeepsToItsLimit) {
  look(5);
  EXPECT_EQ(asked(10ms, kMaps), 2U);
  EXPECT_EQ(asked(2s, kMaps), 4U);
  EXPECT_EQ(asked(10s, kMaps), 5U);
}

TEST_F(ALimitedClient, NeverLetsALeaseWait) {
  look(9);
  executor.advance(10ms);
  renew();
  EXPECT_EQ(asked(10ms, kLeasesPath), 1U);
}

TEST_F(ALimitedClient, CountsAWatchOnlyWhenItBegins) {
  watch();
  executor.advance(1min);
  EXPECT_EQ(server.watches(), 1U);
  look(2);
  EXPECT_EQ(asked(10ms, std::string(kMaps) + "/m"), 2U) << "a minute of watching has used nothing up";
  watch();
  executor.advance(10ms);
  EXPECT_EQ(server.watches(), 1U) << "the bucket is empty";
  executor.advance(1s);
  EXPECT_EQ(server.watches(), 2U);
}

TEST_F(ALimitedClient, DropsWhatWaitsWhenToldToStop) {
  look(9);
  executor.advance(10ms);
  stop.request_stop();
  executor.advance(10ms);
  EXPECT_EQ(server.count("GET", kMaps), 2U);
  ASSERT_EQ(errors.size(), 7U);
  EXPECT_EQ(errors[0].kind, base::ErrorKind::Stopped);
  EXPECT_TRUE(errors[0].neverSent);
}

TEST_F(ALimitedClient, LeavesARequestItsWholeTimeAfterAWait) {
  look(40);
  executor.advance(1min);
  EXPECT_TRUE(errors.empty()) << "the last has waited longer than a request may take";
  EXPECT_EQ(server.count("GET", kMaps), 40U);
}

TEST_F(ALimitedClient, WaitsWithAllButLeasesWhenAskedToSlowDown) {
  refuseOnce("7");
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].kind, base::ErrorKind::Wait);
  look(1);
  watch();
  renew();
  EXPECT_EQ(asked(6s, kMaps), 1U);
  EXPECT_EQ(server.watches(), 0U);
  EXPECT_EQ(server.count("GET", kLeasesPath), 1U);
  EXPECT_EQ(asked(1s, std::string(kMaps) + "/m"), 2U);
  EXPECT_EQ(server.watches(), 1U);
}

TEST_F(ALimitedClient, WaitsForNoLongerThanAMinute) {
  refuseOnce("86400");
  look(1);
  EXPECT_EQ(asked(59s, kMaps), 1U);
  EXPECT_EQ(asked(1s, kMaps), 2U);
}

TEST_F(ALimitedClient, GoesOnAfterARefusalThatAsksForNoTime) {
  refuseOnce("");
  look(1);
  EXPECT_EQ(asked(10ms, kMaps), 2U);
}

/// Never ends a request, whatever its deadline.
class Losing final : public http::Transport {
 public:
  explicit Losing(base::Executor& executor) : executor_(executor) {}
  base::Task<base::Result<http::Response>> send(http::Request /*request*/, std::stop_token /*stop*/) override {
    co_await lost_.emplace_back(executor_);
    co_return http::Response{.status = 200, .body = "{}", .headers = {}};
  }
  void endAll() {
    for (const auto& each : lost_) each.resolve(true);
  }

 private:
  base::Executor& executor_;
  std::vector<base::Deferred<bool>> lost_;
};

TEST(AClientWhoseTransportLosesRequests, IsStuckAMinuteAfterTheFirstDeadline) {
  testing::VirtualExecutor executor;
  Losing losing(executor);
  Client client(executor, losing, {.origin = "https://kube"});
  const auto ignore = [](const auto&, const auto&) {};
  EXPECT_FALSE(client.stuck());
  base::spawn(executor, client.watch(kConfigMaps, "mail", "", [](std::string_view) {}, 295s, {}), ignore);
  executor.advance(200s);
  base::spawn(executor, client.get(kConfigMaps, "mail", "m", {}), ignore);
  executor.advance(90s);
  EXPECT_FALSE(client.stuck());
  executor.advance(1s);
  ASSERT_TRUE(client.stuck());
  EXPECT_THAT(*client.stuck(), ::testing::HasSubstr("61 seconds"));
  losing.endAll();
  executor.drain();
  EXPECT_FALSE(client.stuck());
}

TEST_F(ALimitedClient, IsNotStuckBecauseItsRequestsStandInLine) {
  look(1000);
  for (int i = 0; i < 1000; ++i) {
    executor.advance(1s);
    ASSERT_FALSE(client.stuck());
  }
  EXPECT_EQ(server.count("GET", kMaps), 1000U);
}

TEST(AClientWithoutALimit, SendsAllAtOnce) {
  testing::VirtualExecutor executor;
  simulators::Kubernetes server{executor};
  Client client{executor, server, {.origin = "https://kube"}};
  for (int i = 0; i < 1000; ++i) {
    base::spawn(executor, client.get(kConfigMaps, "mail", "m", {}), [](const auto&, const auto&) {});
  }
  executor.advance(1ms);
  EXPECT_EQ(server.count("GET", kMaps), 1000U);
}

}  // namespace
}  // namespace splitdelivery::kube
