// The view of a cluster that a replica works from, leading or standing by.

#include "cli/cluster_feed.h"

#include <gmock/gmock.h>

#include "cli/cluster_view.h"
#include "cli/uncovered_watch.h"

namespace splitdelivery::cli {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
namespace cluster = source::cluster;

class AView : public ::testing::Test, protected ClusterView {};

TEST_F(AView, OfAStandbyIsReadyOnceItIsWhole) {
  addResource("d0", "example.com");
  EXPECT_THAT(trouble(), HasSubstr("not been listed"));
  follow();
  EXPECT_EQ(trouble(), "ready");
  EXPECT_EQ(writes(), 0U);
}

TEST_F(AView, OfAnEmptyClusterIsReady) {
  follow();
  EXPECT_EQ(trouble(), "ready");
}

TEST_F(AView, IsNotReadyWhileSecretsHaveNotBeenLookedAt) {
  addResource("d0", "example.com");
  addResource("d1", "example.net", "other");
  refuse("name%3Dother", 500);
  follow();
  EXPECT_THAT(trouble(), HasSubstr("mail/other"));
  EXPECT_FALSE(feed.snapshot());
  kube.setFault(nullptr);
  executor.advance(10s);
  EXPECT_EQ(trouble(), "ready") << "a Secret that is not there was looked at";
}

TEST_F(AView, StaysReadyWhenAResourceComesWhoseSecretTakesItsTime) {
  follow();
  addResource("d0", "example.com");
  executor.advance(1ms);
  EXPECT_EQ(trouble(), "ready");
}

TEST_F(AView, SaysWhatTheApiServerLacks) {
  refuse("splitdeliverydomains", 404);
  follow();
  EXPECT_THAT(trouble(), HasSubstr("CRD"));
}

TEST_F(AView, WritesWhyAResourceCannotBeUsedOnlyWhereItWorks) {
  addInvalid("odd");
  follow();
  executor.advance(1h);
  EXPECT_EQ(writes(), 0U) << "it stands by";
  works = true;
  feed.poke();
  executor.advance(1s);
  EXPECT_EQ(kube.count("PATCH", std::string(kDomainsPath) + "/odd/status"), 1U);
}

TEST_F(AView, LetsADeletedResourceThatCannotBeUsedGoAndTellsOfIt) {
  works = true;
  addInvalid("odd");
  kube.merge(kDomainsPath, "odd", {{"metadata", {{"finalizers", {cluster::kFinalizer}}}}});
  follow();
  kube.erase(kDomainsPath, "odd");
  executor.advance(1s);
  EXPECT_FALSE(kube.get(kDomainsPath, "odd"));
  EXPECT_THAT(partings.told, ElementsAre(std::pair("odd", "deleted"))) << "it had no book: nothing of ours is left";
}

TEST_F(AView, TriesAgainToLetSuchAResourceGo) {
  works = true;
  addInvalid("odd");
  kube.merge(kDomainsPath, "odd", {{"metadata", {{"finalizers", {cluster::kFinalizer}}}}});
  follow();
  refuse("addressbooks", 500);
  kube.erase(kDomainsPath, "odd");
  executor.advance(1s);
  EXPECT_THAT(partings.told, IsEmpty());
  kube.setFault(nullptr);
  addResource("d0", "example.com");
  executor.advance(1s);
  EXPECT_THAT(partings.told, SizeIs(1));
}

TEST_F(AView, IsGivenAsASnapshotWithWhatWaitsForItsSecret) {
  follow();
  addResource("d0", "example.com");
  executor.advance(1s);
  refuse("name%3Dother", 500);
  addResource("d1", "example.net", "other");
  executor.advance(1s);
  const auto snapshot = feed.snapshot();
  ASSERT_TRUE(snapshot);
  EXPECT_THAT(snapshot->resources, SizeIs(2));
  EXPECT_THAT(snapshot->secrets, SizeIs(2));
}

TEST_F(AView, IsNotGivenAsASnapshotWhileAResourceCannotBeUsed) {
  addInvalid("odd");
  follow();
  EXPECT_FALSE(feed.snapshot());
  kube.erase(kDomainsPath, "odd");
  executor.advance(1s);
  EXPECT_TRUE(feed.snapshot());
}

TEST_F(AView, ServesTheSearchForDomainsThatNobodyCovers) {
  world.da.addDomain("user", "example.net");
  addResource("d0", "example.com");
  UncoveredWatch watch(
      executor, accounts, [this] { return feed.snapshot(); }, [](std::size_t) {});
  bool watched = false;
  base::spawn(executor, watch.follow(stop.get_token()), [&](const auto&, const auto&) { watched = true; });
  executor.advance(10s);
  EXPECT_EQ(world.journal.requests("da", "GET"), 0U) << "nothing is known yet";
  follow();
  executor.advance(1min);
  EXPECT_GT(world.journal.requests("da", "GET"), 0U);
  stop.request_stop();
  executor.advance(1min);
  EXPECT_TRUE(watched);
}

TEST_F(AView, SendsNoCredentialsWhereTheyMayNotGoForThatSearch) {
  reconcile::Accounts strict(executor, [this](const std::string&) -> http::Transport& { return network; }, records,
                             {.allowed = {*api::ServerPattern::parse("elsewhere.example")}, .strict = true});
  addResource("d0", "example.com");
  follow();
  UncoveredWatch watch(
      executor, strict, [this] { return feed.snapshot(); }, [](std::size_t) {});
  base::spawn(executor, watch.follow(stop.get_token()), [](const auto&, const auto&) {});
  executor.advance(3h);
  EXPECT_EQ(world.journal.requests("da", "GET"), 0U);
  EXPECT_EQ(world.journal.requests("da", "POST"), 0U);
  stop.request_stop();
  executor.advance(1min);
}

}  // namespace
}  // namespace splitdelivery::cli
