#include <gmock/gmock.h>

#include "source/a_cluster.h"

namespace splitdelivery::source::cluster {
namespace {

using namespace std::chrono_literals;
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

}  // namespace
}  // namespace splitdelivery::source::cluster
