#include "source/cluster/acknowledgements.h"

#include <gmock/gmock.h>

#include "source/a_cluster.h"

namespace splitdelivery::source::cluster {
namespace {

constexpr auto kEvery = Acknowledgements::kEvery;

class AnAcknowledgement : public ACluster {
 protected:
  ~AnAcknowledgement() override { executor.run(statuses.end()); }
  /// What a pass reports that was asked for with `at`.
  base::Result<base::Done> handled(const std::string& at, const std::string& reason = "Synced") {
    api::Status status = executor.run(statuses.load(kKey));
    status.lastHandledReconcileAt = at;
    status.lastSyncTime = executor.wallTime();
    status.conditions.set(api::condition::kReady, api::ConditionStatus::True, reason, "well", executor.wallTime(), 1);
    return executor.run(statuses.save(kKey, std::move(status)));
  }
  [[nodiscard]] std::size_t writes() const { return server.count("PATCH", kDomainsPath); }
  [[nodiscard]] std::string shown() const {
    return server.get(kDomainsPath, "d0")->at("status").value("lastHandledReconcileAt", "");
  }
  void refuse(int status) {
    server.setFault([status](const http::Request& request) -> std::optional<base::Result<http::Response>> {
      if (request.method != "PATCH") return std::nullopt;
      return http::Response{.status = status, .body = "{}", .headers = {}};
    });
  }

  bool works = true;
  Acknowledgements statuses{executor, domains, [this] { return works; }};
};

TEST_F(AnAcknowledgement, IsWrittenAtOnceAndOfPassesInQuickSuccessionTheLast) {
  ASSERT_TRUE(handled("1"));
  EXPECT_EQ(shown(), "1");
  for (const char* at : {"2", "3", "4"}) {
    executor.advance(100ms);
    ASSERT_TRUE(handled(at));
  }
  EXPECT_EQ(writes(), 1U);
  executor.advance(kEvery);
  EXPECT_EQ(shown(), "4");
  EXPECT_EQ(writes(), 2U);
  EXPECT_EQ(domains.statusNow(kKey)->lastHandledReconcileAt, "4");
  executor.advance(1h);
  EXPECT_EQ(writes(), 2U);
}

TEST_F(AnAcknowledgement, WaitsForNobodyAfterAWhile) {
  ASSERT_TRUE(handled("1"));
  executor.advance(kEvery);
  ASSERT_TRUE(handled("2"));
  EXPECT_EQ(shown(), "2");
}

TEST_F(AnAcknowledgement, IsKnownToTheNextPassBeforeItIsWritten) {
  ASSERT_TRUE(handled("1"));
  ASSERT_TRUE(handled("2"));
  EXPECT_EQ(shown(), "1");
  EXPECT_EQ(executor.run(statuses.load(kKey)).lastHandledReconcileAt, "2");
}

TEST_F(AnAcknowledgement, GoesAtOnceWithAnythingElseThatIsToBeSaid) {
  ASSERT_TRUE(handled("1"));
  ASSERT_TRUE(handled("2"));
  ASSERT_TRUE(handled("3", "Other"));
  EXPECT_EQ(shown(), "3");
  executor.advance(1h);
  EXPECT_EQ(shown(), "3");
  EXPECT_EQ(writes(), 2U);
}

TEST_F(AnAcknowledgement, IsTriedAgainUntilTheServerTakesIt) {
  ASSERT_TRUE(handled("1"));
  ASSERT_TRUE(handled("2"));
  refuse(403);
  executor.advance(3 * kEvery);
  EXPECT_EQ(shown(), "1");
  server.setFault(nullptr);
  executor.advance(2 * kEvery);
  EXPECT_EQ(shown(), "2");
}

TEST_F(AnAcknowledgement, NeverOvertakesAPassThatReportsAtTheSameMoment) {
  ASSERT_TRUE(handled("1"));
  ASSERT_TRUE(handled("2"));
  const auto owedFrom = executor.now();
  executor.advance(kEvery - 1ms);
  while (writes() == 1U && executor.now() - owedFrom < 2 * kEvery) executor.advance(1us);
  EXPECT_EQ(writes(), 2U);
  ASSERT_TRUE(handled("3"));  // while "2" is on its way
  executor.advance(1h);
  EXPECT_EQ(shown(), "3");
}

TEST_F(AnAcknowledgement, IsOfNoResourceThatWasMadeAnewUnderTheName) {
  ASSERT_TRUE(handled("1"));
  ASSERT_TRUE(handled("2"));
  server.erase(kDomainsPath, "d0");
  server.put(kDomainsPath, domain());
  executor.advance(100ms);
  EXPECT_EQ(executor.run(statuses.load(kKey)).lastHandledReconcileAt, "");
  executor.advance(1h);
  EXPECT_EQ(writes(), 1U);
}

TEST_F(AnAcknowledgement, TakesNothingBackThatAnotherReplicaHasTold) {
  ASSERT_TRUE(handled("1"));
  ASSERT_TRUE(handled("2"));
  server.merge(kDomainsPath, "d0", {{"status", {{"lastHandledReconcileAt", "3"}}}});
  executor.advance(1h);
  EXPECT_EQ(shown(), "3");
  EXPECT_EQ(executor.run(statuses.load(kKey)).lastHandledReconcileAt, "3");
}

TEST_F(AnAcknowledgement, IsNotWrittenByOneThatStandsBy) {
  ASSERT_TRUE(handled("1"));
  ASSERT_TRUE(handled("2"));
  works = false;
  executor.advance(1min);
  EXPECT_EQ(shown(), "1");
}

TEST_F(AnAcknowledgement, ThatIsRefusedMakesTheNextPassSaySo) {
  ASSERT_TRUE(handled("1"));
  ASSERT_TRUE(handled("2"));
  refuse(403);
  executor.advance(kEvery + 1s);
  const auto saved = handled("3");
  ASSERT_FALSE(saved);
  EXPECT_EQ(saved.error().kind, base::ErrorKind::Stall) << saved.error().message;
}

TEST_F(AnAcknowledgement, OfEachResourceGoesByItsOwnTime) {
  server.put(kDomainsPath, domain("d1"));
  executor.advance(100ms);
  ASSERT_TRUE(handled("1"));
  ASSERT_TRUE(handled("2"));
  executor.advance(kEvery - 1s);
  const api::ObjectKey other{"mail", "d1"};
  for (const char* at : {"1", "2"}) {
    api::Status status = executor.run(statuses.load(other));
    status.lastHandledReconcileAt = at;
    ASSERT_TRUE(executor.run(statuses.save(other, std::move(status))));
  }
  const auto told = [&] { return server.get(kDomainsPath, "d1")->at("status").value("lastHandledReconcileAt", ""); };
  executor.advance(2s);
  EXPECT_EQ(shown(), "2");
  EXPECT_EQ(told(), "1") << "its ten seconds are not over";
  executor.advance(kEvery);
  EXPECT_EQ(told(), "2");
}

TEST_F(AnAcknowledgement, ThatIsOwedAtTheEndIsLeftToWhoeverGoesOn) {
  ASSERT_TRUE(handled("1"));
  ASSERT_TRUE(handled("2"));
  executor.run(statuses.end());
  executor.advance(1h);
  EXPECT_EQ(shown(), "1");
}

}  // namespace
}  // namespace splitdelivery::source::cluster
