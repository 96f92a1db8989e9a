// What a replica in a cluster exports besides: requests to the API server, and who leads.

#include <gmock/gmock.h>

#include "serve/metrics.h"
#include "serve/page.h"
#include "support/virtual_executor.h"

namespace splitdelivery::serve {
namespace {

using namespace std::chrono_literals;

constexpr const char* kHost = "10.96.0.1:443";

class RequestsToKubernetes : public ::testing::Test {
 protected:
  void SetUp() override { metrics.restClient.expect(kHost); }
  void answered(std::string_view method, std::string_view code, base::Duration took, bool streamed = false) {
    metrics.restClient.answered({"kubernetes", "leases", method, "ignored", code, took, streamed});
  }
  [[nodiscard]] Page page() { return Page(metrics.text()); }
  [[nodiscard]] double count(const std::string& method, const std::string& code) {
    return page().of("rest_client_requests_total{code=\"" + code + "\",host=\"" + kHost + "\",method=\"" + method +
                     "\"}");
  }
  [[nodiscard]] double timed(const std::string& part, const std::string& verb, const std::string& more = "") {
    return page().of("rest_client_" + part + "{host=\"" + kHost + "\",verb=\"" + verb + "\"" + more + "}");
  }

  testing::VirtualExecutor executor;
  Metrics metrics{executor};
};

TEST_F(RequestsToKubernetes, HaveTheirSeriesFromTheStart) {
  for (const char* method : {"GET", "PUT", "PATCH", "DELETE"}) EXPECT_EQ(count(method, "200"), 0) << method;
  EXPECT_EQ(count("POST", "201"), 0);
  for (const char* method : {"GET", "POST", "PUT", "PATCH", "DELETE"}) {
    EXPECT_EQ(timed("request_duration_seconds_count", method), 0) << method;
    EXPECT_EQ(timed("rate_limiter_duration_seconds_count", method), 0) << method;
  }
}

TEST_F(RequestsToKubernetes, AreCountedAndTimedAsClientGoDoes) {
  answered("PUT", "409", 30ms);
  answered("PUT", "200", 3ms);
  EXPECT_EQ(count("PUT", "409"), 1);
  EXPECT_EQ(count("PUT", "200"), 1);
  EXPECT_EQ(timed("request_duration_seconds_count", "PUT"), 2);
  EXPECT_EQ(timed("request_duration_seconds_bucket", "PUT", R"(,le="0.025")"), 1);
  for (const char* bound : {"0.005", "0.025", "0.1", "0.25", "0.5", "1", "2", "4", "8", "15", "30", "60", "+Inf"}) {
    EXPECT_GE(timed("request_duration_seconds_bucket", "PUT", ",le=\"" + std::string(bound) + "\""), 1) << bound;
  }
}

TEST_F(RequestsToKubernetes, WithoutAnAnswerHaveClientGosCodeForThat) {
  answered("GET", "TimedOut", 30s);
  answered("GET", "ConnectFailed", 1ms);
  EXPECT_EQ(count("GET", "<error>"), 2);
}

TEST_F(RequestsToKubernetes, ThatAreMadeOnceMoreCountByTheAnswerBefore) {
  const auto retries = [&](const std::string& code) {
    return page().of("rest_client_request_retries_total{code=\"" + code + "\",host=\"" + kHost + "\",verb=\"PATCH\"}");
  };
  EXPECT_EQ(retries("429"), 0) << "there from the start";
  metrics.restClient.repeated("PATCH", 429);
  metrics.restClient.repeated("PATCH", 0);
  EXPECT_EQ(retries("429"), 1);
  EXPECT_EQ(retries("<error>"), 1);
}

TEST_F(RequestsToKubernetes, ThatAreWatchesAreCountedAndNotTimed) {
  answered("GET", "200", 40s, true);
  EXPECT_EQ(count("GET", "200"), 1);
  EXPECT_EQ(timed("request_duration_seconds_count", "GET"), 0);
}

TEST_F(RequestsToKubernetes, AreNoneOfAProvider) {
  answered("GET", "200", 1ms);
  EXPECT_EQ(page().with("kubernetes"), 0U);
  EXPECT_EQ(page().with("splitdelivery_provider_requests_total"), 0U);
}

TEST_F(RequestsToKubernetes, TellHowLongTheyWaitedInLine) {
  metrics.restClient.waited("PATCH", 0s);
  metrics.restClient.waited("PATCH", 1500ms);
  EXPECT_EQ(timed("rate_limiter_duration_seconds_count", "PATCH"), 2);
  EXPECT_DOUBLE_EQ(timed("rate_limiter_duration_seconds_sum", "PATCH"), 1.5);
}

TEST(TheLeader, IsShownAsItIsAtTheMomentOfAsking) {
  testing::VirtualExecutor executor;
  Metrics metrics(executor);
  const std::string series = R"(leader_election_master_status{name="splitdelivery"})";
  EXPECT_EQ(Page(metrics.text()).with("leader_election_master_status"), 0U) << "nobody stands for election";
  bool leads = false;
  metrics.leader.follow("splitdelivery", [&leads] { return leads; });
  EXPECT_EQ(Page(metrics.text()).of(series), 0);
  leads = true;
  EXPECT_EQ(Page(metrics.text()).of(series), 1);
  leads = false;
  EXPECT_EQ(Page(metrics.text()).of(series), 0);
}

}  // namespace
}  // namespace splitdelivery::serve
