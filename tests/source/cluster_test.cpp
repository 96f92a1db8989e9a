#include <gmock/gmock.h>

#include "source/a_cluster.h"
#include "source/book_json.h"
#include "support/message_style.h"

namespace splitdelivery::source::cluster {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(ACluster, GivesItsResourcesWithoutWhatOthersWroteIntoThem) {
  const auto first = domains.takeNews();
  ASSERT_THAT(first.resources, SizeIs(1));
  EXPECT_EQ(first.resources[0].key, kKey);
  EXPECT_THAT(first.resources[0].annotations, IsEmpty());
  EXPECT_THAT(domains.takeNews().resources, IsEmpty()) << "each news once";
}

TEST_F(ACluster, ReadsASecretOfAListThatDoesNotNameItsKind) {
  constexpr const char* kPath = "/api/v1/namespaces/mail/secrets";
  server.put(
      kPath,
      {{"apiVersion", "v1"}, {"kind", "Secret"}, {"metadata", {{"name", "zoho"}}}, {"data", {{"clientId", "aQ=="}}}});
  const auto listed = executor.run(client.list(kube::kSecrets, "mail", "limit=500", {}));
  ASSERT_TRUE(listed);
  const Json item = kube::Object(*listed).parsed("items").at(0);
  ASSERT_FALSE(item.contains("kind"));
  const auto secret = secretFrom(item);
  ASSERT_TRUE(secret) << secret.error().front().text();
  EXPECT_EQ(secret->key.name, "zoho");
}

TEST_F(ACluster, PassesOverTheAnnotationThatDeletesInAFolder) {
  server.merge(kDomainsPath, "d0", {{"metadata", {{"annotations", {{"splitdelivery.dev/delete", "true"}}}}}});
  executor.advance(10ms);
  const auto told = domains.takeNews();
  ASSERT_THAT(told.resources, SizeIs(1));
  EXPECT_THAT(told.resources[0].annotations, IsEmpty());
}

TEST_F(ACluster, TellsOfAResourceThatCannotBeUsedAndOfTheOthersAllTheSame) {
  Json odd = domain("odd");
  odd["spec"]["policy"] = "Whatever";
  server.put(kDomainsPath, odd);
  server.put(kDomainsPath, {{"metadata", {{"name", "empty"}}}});
  server.put(kDomainsPath, domain("fine"));
  executor.advance(10ms);
  const auto told = domains.takeNews();
  EXPECT_THAT(told.resources, SizeIs(2));
  ASSERT_THAT(told.invalid, SizeIs(2));
  EXPECT_EQ(told.invalid[1].resource.key.name, "odd");
  EXPECT_THAT(told.invalid[1].message, HasSubstr("spec.policy"));
}

TEST_F(ACluster, PassesOverFieldsOfANewerCrd) {
  Json newer = domain();
  newer["spec"]["gateway"] = {{"port", 25}};
  newer["spec"]["zoho"]["region"] = "north";
  server.put(kDomainsPath, newer);
  executor.advance(10ms);
  const auto told = domains.takeNews();
  EXPECT_THAT(told.invalid, IsEmpty());
  ASSERT_THAT(told.resources, SizeIs(1));
  EXPECT_EQ(told.resources[0].spec.domain, "example.com");
  newer["spec"]["policy"] = "Mirror";
  server.put(kDomainsPath, newer);
  executor.advance(10ms);
  const auto odd = domains.takeNews();
  ASSERT_THAT(odd.invalid, SizeIs(1));
  EXPECT_THAT(odd.invalid[0].message, HasSubstr("spec.policy"));
  EXPECT_THAT(odd.invalid[0].message, ::testing::Not(HasSubstr("spec.gateway"))) << "that alone is not wrong";
}

TEST_F(ACluster, TellsOfAResourceThatWent) {
  static_cast<void>(domains.takeNews());
  server.erase(kDomainsPath, "d0");
  executor.advance(10ms);
  EXPECT_THAT(domains.takeNews().gone, ElementsAre(kKey));
  EXPECT_TRUE(domains.isLeaving(kKey));
}

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

TEST_F(ACluster, PutsItsFinalizerOnBeforeABookIsThere) {
  EXPECT_EQ(loaded().book, api::AddressBook{});
  EXPECT_THAT(finalizers(), IsEmpty()) << "looking holds nothing back";
  ASSERT_TRUE(save(book("anna")));
  EXPECT_THAT(finalizers(), ElementsAre(kFinalizer));
  EXPECT_EQ(loaded().book, book("anna"));
  books.forgetAll();
  EXPECT_EQ(loaded().book, book("anna")) << "it is in the cluster";
  ASSERT_TRUE(save(book("bob")));
  EXPECT_EQ(loaded().book, book("bob"));
}

TEST_F(ACluster, KeepsTheFinalizersOfOthers) {
  server.merge(kDomainsPath, "d0", {{"metadata", {{"finalizers", {"other/one"}}}}});
  ASSERT_TRUE(loadAndSave(book("anna")));
  EXPECT_THAT(finalizers(), ElementsAre("other/one", kFinalizer));
  ASSERT_TRUE(executor.run(books.release(kKey)));
  EXPECT_THAT(finalizers(), ElementsAre("other/one"));
  EXPECT_THAT(server.names(kBooksPath), IsEmpty());
}

TEST_F(ACluster, BeginsNothingNewForAResourceThatIsBeingDeleted) {
  server.merge(kDomainsPath, "d0", {{"metadata", {{"finalizers", {"other/one"}}}}});
  server.erase(kDomainsPath, "d0");
  executor.advance(10ms);
  const auto held = executor.run(domains.hold(kKey));
  ASSERT_FALSE(held);
  EXPECT_EQ(held.error().reason, "ResourceGone");
}

class ABookThatSomebodyElse : public ACluster, public ::testing::WithParamInterface<int> {};

TEST_P(ABookThatSomebodyElse, TouchedStopsTheSaveAndOwnsNothingAfterwards) {
  ASSERT_TRUE(loadAndSave(book("anna")));
  switch (GetParam()) {
    case 0:
      server.merge(kBooksPath, "d0", {{"record", nullptr}});
      break;
    case 1:
      server.merge(kBooksPath, "d0", {{"record", {{"data", "{nonsense"}}}});
      break;
    case 2:
      server.erase(kBooksPath, "d0");
      break;
    default:
      server.merge(kBooksPath, "d0", {{"metadata", {{"finalizers", nullptr}}}});
      server.erase(kBooksPath, "d0");
  }
  EXPECT_EQ(loaded().book, book("anna")) << "not looked at for each pass";
  const auto failed = save(book("bob"));
  ASSERT_FALSE(failed) << "so nothing is done outside";
  EXPECT_EQ(failed.error().reason, "BookChanged");
  EXPECT_EQ(failed.error().kind, base::ErrorKind::Retry);
  splitdelivery::testing::expectStyle(failed.error());
  EXPECT_FALSE(save(book("bob"))) << "a pass that goes on must not bring back what it believed";
  EXPECT_THAT(loaded().book.ledger.entries, IsEmpty());
  ASSERT_TRUE(save(book("cleo"))) << "it is written anew";
  books.forgetAll();
  EXPECT_EQ(loaded().book, book("cleo"));
}

INSTANTIATE_TEST_SUITE_P(EmptiedDamagedDeletedOrRemoved, ABookThatSomebodyElse, ::testing::Range(0, 4));

TEST_F(ACluster, SaysAgainWhyASaveFailedUntilTheBookIsReadAgain) {
  static_cast<void>(loaded());
  server.setFault([](const http::Request& request) -> std::optional<base::Result<http::Response>> {
    if (request.method != "PATCH") return std::nullopt;
    return http::Response{.status = 403, .body = "{}", .headers = {}};
  });
  EXPECT_EQ(save(book("anna")).error().reason, "Forbidden");
  server.setFault(nullptr);
  EXPECT_EQ(save(book("anna")).error().reason, "Forbidden") << "it is that verb which a person has to grant";
  EXPECT_TRUE(loadAndSave(book("anna")));
}

TEST_F(ACluster, KnowsItsOwnWriteAgainWhoseAnswerWasLost) {
  ASSERT_TRUE(loadAndSave(book("anna")));
  server.setFault([this](const http::Request& request) -> std::optional<base::Result<http::Response>> {
    if (request.method == "PUT") server.merge(kBooksPath, "d0", {{"record", Json::parse(request.body).at("record")}});
    return std::nullopt;  // and now it is asked for a second time
  });
  EXPECT_TRUE(save(book("bob")));
  server.setFault(nullptr);
  EXPECT_EQ(loaded().book, book("bob"));
  EXPECT_TRUE(save(book("cleo")));
}

TEST_F(ACluster, ThatANewerVersionWroteIntoIsNotTouched) {
  ASSERT_TRUE(loadAndSave(book("anna")));
  server.merge(kBooksPath, "d0", {{"record", {{"data", R"({"version": 99})"}}}});
  books.forgetAll();
  const auto newer = executor.run(books.load(kKey));
  ASSERT_FALSE(newer);
  EXPECT_EQ(newer.error().reason, "BookTooNew");
  EXPECT_EQ(newer.error().kind, base::ErrorKind::Stall);
}

TEST_F(ACluster, UsesTheBookOfADeletedResourceThoughItIsBeingDeletedToo) {
  ASSERT_TRUE(loadAndSave(book("anna")));
  server.erase(kBooksPath, "d0");
  server.erase(kDomainsPath, "d0");
  executor.advance(10ms);
  books.forgetAll();
  EXPECT_EQ(loaded().book, book("anna")) << "a namespace that goes deletes both";
}

}  // namespace
}  // namespace splitdelivery::source::cluster
