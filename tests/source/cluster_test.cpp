#include <gmock/gmock.h>

#include "simulators/kubernetes.h"
#include "source/cluster/accounts.h"
#include "source/cluster/books.h"
#include "source/cluster/resource_types.h"
#include "support/message_style.h"
#include "support/virtual_executor.h"

namespace splitdelivery::source::cluster {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr const char* kDomainsPath = "/apis/splitdelivery.dev/v1alpha1/namespaces/mail/splitdeliverydomains";
constexpr const char* kBooksPath = "/apis/splitdelivery.dev/v1alpha1/namespaces/mail/addressbooks";
const api::ObjectKey kKey{"mail", "d0"};

Json domain(const std::string& name = "d0") {
  return {{"apiVersion", "splitdelivery.dev/v1alpha1"},
          {"kind", "SplitDeliveryDomain"},
          {"metadata",
           {{"name", name},
            {"annotations", {{"kubectl.kubernetes.io/last-applied-configuration", "{}"}}},
            {"managedFields", Json::array({{{"manager", "kubectl"}}})}}},
          {"spec",
           {{"domain", "example.com"},
            {"policy", "Sync"},
            {"zoho", {{"organizationId", "1"}, {"dataCenter", "eu"}, {"credentialsSecretRef", {{"name", "zoho"}}}}},
            {"directAdmin",
             {{"server", "https://eagle.example:2222"}, {"credentialsSecretRef", {{"name", "directadmin"}}}}}}}};
}

api::AddressBook book(const std::string& local) {
  api::AddressBook book;
  book.ledger.identity = api::Identity{"directadmin", "https://eagle.example:2222", "me", "example.com", "1"};
  book.ledger.entries = {{.local = local, .destinations = {local + "@zoho.example.com"}}};
  return book;
}

/// More than one object can hold.
api::AddressBook longBook(std::size_t addresses) {
  api::AddressBook long_ = book("a");
  for (std::size_t i = 0; i < addresses; ++i) {
    const std::string local = "address-" + std::to_string(1'000'000 + i);
    long_.ledger.entries.push_back({.local = local, .destinations = {local + "@zoho.example.com"}});
  }
  return long_;
}

class ACluster : public ::testing::Test {
 protected:
  void SetUp() override {
    server.put(kDomainsPath, domain());
    base::spawn(executor, reflector.run(stop.get_token()), [](auto, const auto&) {});
    executor.advance(100ms);
  }
  ~ACluster() override {
    stop.request_stop();
    executor.drain();
  }
  StoredBook loaded() {
    auto stored = executor.run(books.load(kKey));
    EXPECT_TRUE(stored) << stored.error().message;
    return stored.value_or(StoredBook{});
  }
  base::Result<base::Done> save(const api::AddressBook& next) { return executor.run(books.save(kKey, next)); }
  /// As a pass does it.
  base::Result<base::Done> loadAndSave(const api::AddressBook& next) {
    static_cast<void>(loaded());
    return save(next);
  }
  std::vector<std::string> finalizers() {
    executor.advance(10ms);
    return metadataOf(server.get(kDomainsPath, "d0").value_or(Json())).finalizers;
  }

  testing::VirtualExecutor executor;
  simulators::Kubernetes server{executor};
  kube::Client client{executor, server, {.origin = "https://kube", .ns = "system"}};
  int news = 0;
  Domains domains{executor, client, [this] { ++news; }};
  Books books{client, domains};
  kube::Reflector reflector{executor, client, {kDomains, ""}, domains.sinkOf("")};
  std::stop_source stop;
};

TEST_F(ACluster, GivesItsResourcesWithoutWhatOthersWroteIntoThem) {
  const auto first = domains.takeNews();
  ASSERT_THAT(first.resources, SizeIs(1));
  EXPECT_EQ(first.resources[0].key, kKey);
  EXPECT_THAT(first.resources[0].annotations, IsEmpty());
  EXPECT_THAT(domains.takeNews().resources, IsEmpty()) << "each news once";
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
  odd["spec"]["newer"] = 1;
  server.put(kDomainsPath, odd);
  server.put(kDomainsPath, {{"metadata", {{"name", "empty"}}}});
  server.put(kDomainsPath, domain("fine"));
  executor.advance(10ms);
  const auto told = domains.takeNews();
  EXPECT_THAT(told.resources, SizeIs(2));
  ASSERT_THAT(told.invalid, SizeIs(2));
  EXPECT_EQ(told.invalid[1].resource.key.name, "odd");
  EXPECT_THAT(told.invalid[1].message, HasSubstr("spec.policy"));
  EXPECT_THAT(told.invalid[1].message, HasSubstr("spec.newer"));
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

TEST_F(ACluster, ThatANewerVersionWroteIntoIsNotTouched) {
  ASSERT_TRUE(loadAndSave(book("anna")));
  server.merge(kBooksPath, "d0", {{"record", {{"data", R"({"version": 99})"}}}});
  books.forgetAll();
  const auto newer = executor.run(books.load(kKey));
  ASSERT_FALSE(newer);
  EXPECT_EQ(newer.error().reason, "BookTooNew");
  EXPECT_EQ(newer.error().kind, base::ErrorKind::Stall);
}

TEST_F(ACluster, KeepsALongBookInSlices) {
  const auto first = longBook(12'000);
  ASSERT_TRUE(loadAndSave(first));
  EXPECT_GT(server.names(kBooksPath).size(), 2U);
  for (const auto& name : server.names(kBooksPath)) {
    EXPECT_LT(server.get(kBooksPath, name)->dump().size(), std::size_t{1} << 20U);
  }
  books.forgetAll();
  EXPECT_EQ(loaded().book, first);
  ASSERT_TRUE(save(book("anna")));
  EXPECT_THAT(server.names(kBooksPath), ElementsAre("d0")) << "old slices go";
  books.forgetAll();
  EXPECT_EQ(loaded().book, book("anna"));
}

TEST_F(ACluster, KeepsTheOldBookWholeWhenANewOneBreaksOff) {
  ASSERT_TRUE(loadAndSave(longBook(12'000)));
  for (std::size_t written = 0;; ++written) {
    std::size_t writes = 0;
    server.setFault([&](const http::Request& request) -> std::optional<base::Result<http::Response>> {
      if (request.method == "GET" || writes++ < written) return std::nullopt;
      return base::fail(base::ErrorKind::Retry, "ConnectionLost", "the connection was lost");
    });
    auto next = longBook(12'001);
    next.ledger.entries.front().local = "a" + std::to_string(written);
    const bool saved = save(next).has_value();
    server.setFault(nullptr);
    books.forgetAll();
    const auto found = loaded();
    EXPECT_EQ(found.setAside, "") << "after " << written << " writes";
    EXPECT_GE(found.book.ledger.entries.size(), 12'001U);
    if (saved) break;
    ASSERT_LT(written, 20U);
  }
}

TEST_F(ACluster, TakesABookThatLacksASliceForNone) {
  ASSERT_TRUE(loadAndSave(longBook(12'000)));
  for (const auto& name : server.names(kBooksPath)) {
    if (name == "d0") continue;
    server.merge(kBooksPath, name, {{"record", {{"data", "changed"}}}});
    break;
  }
  books.forgetAll();
  const auto found = loaded();
  EXPECT_NE(found.setAside, "");
  EXPECT_THAT(found.book.ledger.entries, IsEmpty());
}

TEST_F(ACluster, DoesNotTakeAnothersSliceForABook) {
  server.put(kBooksPath, {{"metadata", {{"name", "d0"}}}, {"record", {{"sliceOf", "other"}, {"data", "x"}}}});
  const auto taken = executor.run(books.load(kKey));
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().reason, "BookNameTaken");
  ASSERT_TRUE(executor.run(books.release(kKey)));
  EXPECT_THAT(server.names(kBooksPath), ElementsAre("d0")) << "it is not ours to remove";
}

TEST_F(ACluster, LetsAResourceGoWithItsBookAndSlices) {
  ASSERT_TRUE(loadAndSave(longBook(12'000)));
  server.erase(kDomainsPath, "d0");
  executor.advance(10ms);
  EXPECT_TRUE(server.get(kDomainsPath, "d0")) << "held back";
  ASSERT_TRUE(executor.run(books.release(kKey)));
  EXPECT_FALSE(server.get(kDomainsPath, "d0"));
  EXPECT_THAT(server.names(kBooksPath), IsEmpty());
  EXPECT_TRUE(executor.run(books.release(kKey))) << "twice is once";
}

TEST_F(ACluster, UsesTheBookOfADeletedResourceThoughItIsBeingDeletedToo) {
  ASSERT_TRUE(loadAndSave(book("anna")));
  server.erase(kBooksPath, "d0");
  server.erase(kDomainsPath, "d0");
  executor.advance(10ms);
  books.forgetAll();
  EXPECT_EQ(loaded().book, book("anna")) << "a namespace that goes deletes both";
}

TEST_F(ACluster, KeepsWhatAccountsHaveUsedAndNeverAToken) {
  Accounts accounts(executor, client, "accounts");
  api::AccountRecord record;
  record.accessToken = base::Secret("1000.secret");
  record.expiresAt = executor.wallTime() + 1h;
  record.mints = {executor.wallTime()};
  executor.run(accounts.save("account", record));
  const auto map = server.get("/api/v1/namespaces/system/configmaps", "accounts");
  ASSERT_TRUE(map);
  EXPECT_THAT(map->dump(), ::testing::Not(HasSubstr("1000.secret")));
  EXPECT_EQ(executor.run(accounts.load("account")).accessToken, record.accessToken) << "in memory it is kept";
  Accounts later(executor, client, "accounts");
  const auto found = executor.run(later.load("account"));
  EXPECT_EQ(found.mints, record.mints);
  EXPECT_TRUE(found.accessToken.empty());
}

TEST_F(ACluster, WritesWhatIsSavedAtTheSameTimeTogether) {
  Accounts accounts(executor, client, "accounts");
  std::vector<base::Task<base::Done>> saves;
  for (int i = 0; i < 50; ++i) {
    api::AccountRecord record;
    record.mints = {executor.wallTime()};
    saves.push_back(accounts.save("account" + std::to_string(i), record));
  }
  executor.run(base::all(executor, std::move(saves)));
  EXPECT_LE(server.count("PATCH", "/api/v1/namespaces/system/configmaps"), 3U);
  Accounts later(executor, client, "accounts");
  EXPECT_THAT(executor.run(later.load("account49")).mints, SizeIs(1));
}

TEST_F(ACluster, DoesItsWorkWithoutTheRightToKeepAccounts) {
  server.setFault([](const http::Request& request) -> std::optional<base::Result<http::Response>> {
    if (request.path.find("configmaps") == std::string::npos) return std::nullopt;
    return http::Response{.status = 403, .body = "{}", .headers = {}};
  });
  Accounts accounts(executor, client, "accounts");
  api::AccountRecord record;
  record.mints = {executor.wallTime()};
  executor.run(accounts.save("account", record));
  EXPECT_THAT(executor.run(accounts.load("account")).mints, SizeIs(1));
}

}  // namespace
}  // namespace splitdelivery::source::cluster
