#include "cli/first_sight.h"

#include <gmock/gmock.h>

#include "cli/watched_cluster.h"

namespace splitdelivery::cli {
namespace {

using namespace std::chrono_literals;

class AResourceAtFirstSight : public WatchedCluster {
 protected:
  ~AResourceAtFirstSight() override { executor.run(sight.end()); }
  [[nodiscard]] std::size_t writes() const { return server.count("PATCH", kDomainsPath); }
  const api::Status& status(const std::string& name = "d0") { return *domains.statusNow({"mail", name}); }
  static std::string readyOf(const api::Status& status) {
    const auto* ready = status.conditions.find(api::condition::kReady);
    return ready == nullptr ? "" : ready->reason;
  }
  base::Result<base::Done> report() {
    api::Status status;
    status.conditions.set(api::condition::kReady, api::ConditionStatus::True, "Synced", "well", executor.wallTime(), 1);
    return executor.run(domains.save({"mail", "d0"}, status));
  }
  void refuse(int status) {
    server.setFault([status](const http::Request& request) -> std::optional<base::Result<http::Response>> {
      if (request.method != "PATCH") return std::nullopt;
      return http::Response{.status = status, .body = "{}", .headers = {}};
    });
  }

  bool works = true;
  FirstSight sight{executor, domains, [this] { return works; }};
};

TEST_F(AResourceAtFirstSight, IsToldAfterASecondThatItIsWorkedOn) {
  sight.saw(resource());
  executor.advance(990ms);
  EXPECT_EQ(writes(), 0U);
  executor.advance(50ms);
  EXPECT_EQ(writes(), 1U);
  const auto object = *server.get(kDomainsPath, "d0");
  EXPECT_EQ(object.at("status").at("observedGeneration"), 1);
  EXPECT_EQ(readyOf(status()), "Progressing");
  executor.advance(1h);
  EXPECT_EQ(writes(), 1U);
}

TEST_F(AResourceAtFirstSight, SavesTheWriteWhenItsPassHasReportedByThen) {
  sight.saw(resource());
  executor.advance(900ms);
  ASSERT_TRUE(report());
  executor.advance(1min);
  EXPECT_EQ(writes(), 1U);
  EXPECT_EQ(readyOf(status()), "Synced");
}

TEST_F(AResourceAtFirstSight, NeverWritesOverThePassThatReportsAtTheSameMoment) {
  sight.saw(resource());
  executor.advance(1000ms);  // asked now, and not answered yet
  EXPECT_EQ(writes(), 1U);
  ASSERT_TRUE(report());
  executor.advance(1min);
  EXPECT_EQ(readyOf(status()), "Synced");
  EXPECT_EQ(server.get(kDomainsPath, "d0")->at("status").at("conditions").size(), 1U);
}

TEST_F(AResourceAtFirstSight, IsLookedAtAgainWhenSomebodyHasChangedItMeanwhile) {
  sight.saw(resource());
  refuse(409);
  executor.advance(1500ms);
  EXPECT_EQ(readyOf(status()), "");
  server.setFault(nullptr);
  executor.advance(1s);
  EXPECT_EQ(readyOf(status()), "Progressing");
}

TEST_F(AResourceAtFirstSight, IsLeftAloneWhereTheStatusMayNotBeWritten) {
  sight.saw(resource());
  refuse(403);
  executor.advance(1h);
  EXPECT_EQ(writes(), 1U);
}

TEST_F(AResourceAtFirstSight, IsLeftAloneWhenItIsSuspendedDeletedOrKnown) {
  auto suspended = resource();
  suspended.spec.suspend = true;
  sight.saw(suspended);
  auto deleted = resource();
  deleted.deletedAt = executor.wallTime();
  sight.saw(deleted);
  sight.saw(resource("gone"));
  executor.advance(1min);
  EXPECT_EQ(writes(), 0U);
  ASSERT_TRUE(report());
  sight.saw(resource());
  executor.advance(1min);
  EXPECT_EQ(writes(), 1U);
}

TEST_F(AResourceAtFirstSight, IsNotWrittenByOneThatStandsByUntilItLeads) {
  works = false;
  sight.saw(resource());
  executor.advance(1min);
  EXPECT_EQ(writes(), 0U);
  works = true;
  executor.advance(1s);
  EXPECT_EQ(writes(), 1U);
}

TEST_F(AResourceAtFirstSight, IsForgottenByOneThatStandsByWhenTheLeaderHasWritten) {
  works = false;
  sight.saw(resource());
  executor.advance(10s);
  ASSERT_TRUE(report());
  executor.advance(10s);
  EXPECT_EQ(sight.waiting(), 0U);
  EXPECT_EQ(writes(), 1U);
}

}  // namespace
}  // namespace splitdelivery::cli
