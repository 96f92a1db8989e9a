// What is written of a status, and what is heard of it.

#include <gmock/gmock.h>

#include "source/a_cluster.h"

namespace splitdelivery::source::cluster {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::SizeIs;

TEST_F(ACluster, KeepsAStatusAndWritesNothingElse) {
  api::Status status;
  status.observedGeneration = 1;
  status.plan.id = "abc";
  status.lastHandledReconcileAt = "then";
  status.conditions.set("Ready", api::ConditionStatus::True, "Synced", "well", executor.wallTime(), 1);
  ASSERT_TRUE(executor.run(domains.save(kKey, status)));
  EXPECT_EQ(executor.run(domains.load(kKey)), status);
  const auto object = *server.get(kDomainsPath, "d0");
  EXPECT_EQ(object.at("spec"), domain().at("spec"));
  EXPECT_EQ(object.at("status").at("plan").at("id"), "abc");
  status.plan.id.clear();
  status.lastHandledReconcileAt.clear();
  ASSERT_TRUE(executor.run(domains.save(kKey, status)));
  const auto after = *server.get(kDomainsPath, "d0");
  EXPECT_FALSE(after.at("status").at("plan").contains("id")) << "what is no more is taken away";
  EXPECT_FALSE(after.at("status").contains("lastHandledReconcileAt"));
}

TEST_F(ACluster, DoesNotTakeAnOlderStatusFromTheWatchForTheNewest) {
  api::Status first;
  first.observedGeneration = 1;
  const auto old = *server.get(kDomainsPath, "d0");
  ASSERT_TRUE(executor.run(domains.save(kKey, first)));
  server.sendLine(Json{{"type", "MODIFIED"}, {"object", old}}.dump());
  executor.advance(10ms);
  EXPECT_EQ(executor.run(domains.load(kKey)), first);
}

TEST_F(ACluster, HearsNothingNewInTheEchoOfItsOwnStatus) {
  ASSERT_TRUE(executor.run(domains.save(kKey, api::Status{.observedGeneration = 1})));
  executor.advance(10ms);
  static_cast<void>(domains.takeNews());
  const int before = news;
  server.sendLine(Json{{"type", "MODIFIED"}, {"object", *server.get(kDomainsPath, "d0")}}.dump());
  executor.advance(10ms);
  EXPECT_EQ(news, before);
  server.merge(kDomainsPath, "d0", {{"spec", {{"interval", "10m"}}}});
  executor.advance(10ms);
  EXPECT_THAT(domains.takeNews().resources, SizeIs(1)) << "of what others change it hears";
}

TEST_F(ACluster, HearsOfAnEditThatAListAloneTellsOfThoughTheLastVersionIsItsOwn) {
  static_cast<void>(domains.takeNews());
  server.cutWatches();
  server.merge(kDomainsPath, "d0", {{"spec", {{"interval", "10m"}}}});
  ASSERT_TRUE(executor.run(domains.save(kKey, api::Status{.observedGeneration = 1})));
  server.compact();  // so that it is listed anew, and the edit's own event is never seen
  executor.advance(60s);
  const auto told = domains.takeNews();
  ASSERT_THAT(told.resources, SizeIs(1));
  EXPECT_EQ(told.resources[0].spec.interval, 10min);
}

TEST_F(ACluster, HearsOfAnEditThoughItsOwnPatchWasAnsweredWithThatVersion) {
  // A patch that was sent twice changes nothing the second time, and is answered with the version of the edit between.
  api::Status status;
  status.observedGeneration = 1;
  server.cutWatches();
  ASSERT_TRUE(executor.run(domains.save(kKey, status)));
  executor.advance(60s);
  static_cast<void>(domains.takeNews());
  Json edited = *server.get(kDomainsPath, "d0");
  edited["spec"]["interval"] = "10m";  // under the version that our patch was answered with
  server.sendLine(Json{{"type", "MODIFIED"}, {"object", edited}}.dump());
  executor.advance(10ms);
  const auto told = domains.takeNews();
  ASSERT_THAT(told.resources, SizeIs(1));
  EXPECT_EQ(told.resources[0].spec.interval, 10min);
}

TEST_F(ACluster, KnowsFromTheAnswerToItsPatchWhatOthersHaveChangedBefore) {
  server.cutWatches();
  server.merge(kDomainsPath, "d0", {{"metadata", {{"finalizers", {"other/one"}}}}});
  ASSERT_TRUE(executor.run(domains.save(kKey, api::Status{.observedGeneration = 1})));
  ASSERT_TRUE(executor.run(domains.hold(kKey)));
  EXPECT_THAT(finalizers(), ElementsAre("other/one", kFinalizer)) << "nobody's finalizer is written over";
  server.cutWatches();
  server.erase(kDomainsPath, "d0");
  ASSERT_TRUE(executor.run(domains.save(kKey, api::Status{.observedGeneration = 2})));
  EXPECT_TRUE(domains.isLeaving(kKey)) << "a deletion that was not heard of yet";
}

TEST_F(ACluster, WritesAWholeStatusAfterAnEditOfItThatItsOwnPatchHasOvertaken) {
  api::Status status;
  status.observedGeneration = 1;
  status.firstReceiver = "Zoho";
  server.cutWatches();
  ASSERT_TRUE(executor.run(domains.save(kKey, status)));
  executor.advance(60s);
  server.cutWatches();
  server.merge(kDomainsPath, "d0", {{"status", {{"firstReceiver", "Nobody"}}}});
  status.observedGeneration = 2;
  ASSERT_TRUE(executor.run(domains.save(kKey, status)));
  executor.advance(60s);  // both events come now, the older one first
  status.observedGeneration = 3;
  ASSERT_TRUE(executor.run(domains.save(kKey, status)));
  EXPECT_EQ(statusOf(*server.get(kDomainsPath, "d0")), status);
}

TEST_F(ACluster, WritesOfAStatusWhatIsAnotherThanBefore) {
  api::Status status;
  status.observedGeneration = 1;
  status.lastSyncTime = executor.wallTime();
  server.cutWatches();  // so that the answer comes before its echo, as it mostly does
  ASSERT_TRUE(executor.run(domains.save(kKey, status)));
  executor.advance(60s);
  status.lastHandledReconcileAt = "now";
  status.lastSyncTime.reset();
  ASSERT_TRUE(executor.run(domains.save(kKey, status)));
  EXPECT_EQ(Json::parse(server.asked().back().body),
            Json({{"status", {{"lastHandledReconcileAt", "now"}, {"lastSyncTime", nullptr}}}}));
  executor.advance(10ms);
  EXPECT_EQ(statusOf(*server.get(kDomainsPath, "d0")), status);
}

TEST_F(ACluster, WritesAWholeStatusAfterSomebodyElseHasTouchedIt) {
  api::Status status;
  status.observedGeneration = 1;
  status.firstReceiver = "Zoho";
  ASSERT_TRUE(executor.run(domains.save(kKey, status)));
  executor.advance(10ms);
  server.merge(kDomainsPath, "d0", {{"status", {{"firstReceiver", 7}, {"plan", "none"}, {"conditions", nullptr}}}});
  executor.advance(10ms);
  status.observedGeneration = 2;
  ASSERT_TRUE(executor.run(domains.save(kKey, status)));
  EXPECT_EQ(statusOf(*server.get(kDomainsPath, "d0")), status);
  EXPECT_TRUE(server.get(kDomainsPath, "d0")->at("status").at("plan").is_object());
}

TEST_F(ACluster, TellsWhileAStatusIsOnItsWay) {
  bool during = false;
  server.setFault([&](const http::Request& request) -> std::optional<base::Result<http::Response>> {
    if (request.method == "PATCH") during = domains.isBeingSaved(kKey);
    return std::nullopt;
  });
  EXPECT_FALSE(domains.isBeingSaved(kKey));
  ASSERT_TRUE(executor.run(domains.save(kKey, api::Status{.observedGeneration = 1})));
  EXPECT_TRUE(during);
  EXPECT_FALSE(domains.isBeingSaved(kKey));
}

TEST_F(ACluster, WritesAWholeStatusAfterAWriteThatFailed) {
  api::Status status;
  status.observedGeneration = 1;
  ASSERT_TRUE(executor.run(domains.save(kKey, status)));
  status.firstReceiver = "Zoho";
  server.setFault([](const http::Request& request) -> std::optional<base::Result<http::Response>> {
    if (request.method != "PATCH") return std::nullopt;
    return http::Response{.status = 500, .body = "{}", .headers = {}};
  });
  EXPECT_FALSE(executor.run(domains.save(kKey, status)));
  server.setFault(nullptr);
  ASSERT_TRUE(executor.run(domains.save(kKey, status)));
  EXPECT_TRUE(Json::parse(server.asked().back().body).at("status").contains("observedGeneration"));
}

TEST_F(ACluster, ReadsAStatusThatWasDamagedByHandAsFarAsItCan) {
  server.merge(kDomainsPath, "d0", {{"status", {{"observedGeneration", "x"}, {"firstReceiver", "Zoho"}, {"plan", 7}}}});
  executor.advance(10ms);
  EXPECT_EQ(executor.run(domains.load(kKey)).firstReceiver, "Zoho");
}

TEST_F(ACluster, NeedsNoStatusOfAResourceThatIsGone) {
  server.erase(kDomainsPath, "d0");
  EXPECT_TRUE(executor.run(domains.save(kKey, {})));
}

}  // namespace
}  // namespace splitdelivery::source::cluster
