#include <gmock/gmock.h>

#include "source/a_cluster.h"

namespace splitdelivery::source::cluster {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

const std::string kReconcileAt{api::annotation::kReconcileAt};
const std::string kAdopt{api::annotation::kAdopt};

class AResourceThatIsAskedForAgain : public ACluster {
 protected:
  void SetUp() override {
    ACluster::SetUp();
    static_cast<void>(domains.takeNews());
  }
  void annotate(const std::string& name, const Json& value) {
    server.merge(kDomainsPath, "d0", {{"metadata", {{"annotations", {{name, value}}}}}});
    executor.advance(10ms);
  }
  std::string text() { return server.get(kDomainsPath, "d0")->dump(); }
};

TEST_F(AResourceThatIsAskedForAgain, IsNotReadAnew) {
  annotate(kReconcileAt, "now");
  auto told = domains.takeNews();
  EXPECT_THAT(told.resources, IsEmpty());
  EXPECT_THAT(told.askedAgain, ElementsAre(Pair(kKey, std::optional<std::string>("now"))));
  annotate(kReconcileAt, nullptr);
  told = domains.takeNews();
  EXPECT_THAT(told.askedAgain, ElementsAre(Pair(kKey, std::optional<std::string>())));
  EXPECT_THAT(domains.takeNews().askedAgain, IsEmpty()) << "each news once";
}

TEST_F(AResourceThatIsAskedForAgain, IsReadInFullWhenAnythingElseIsAnother) {
  server.merge(kDomainsPath, "d0",
               {{"metadata", {{"annotations", {{kReconcileAt, "now"}}}}}, {"spec", {{"interval", "10m"}}}});
  executor.advance(10ms);
  EXPECT_THAT(domains.takeNews().resources, SizeIs(1));
  annotate(kAdopt, "true");
  ASSERT_THAT(domains.takeNews().resources, SizeIs(1));
  annotate(kAdopt, "tru");
  EXPECT_THAT(domains.takeNews().invalid, SizeIs(1));
  annotate(kReconcileAt, "now again");
  EXPECT_THAT(domains.takeNews().invalid, SizeIs(1)) << "it is still of no use";
  annotate(kAdopt, nullptr);
  EXPECT_THAT(domains.takeNews().resources, SizeIs(1));
}

TEST_F(AResourceThatIsAskedForAgain, LosesNoChangeThatNobodyHasFetchedYet) {
  annotate(kAdopt, "true");
  annotate(kReconcileAt, "now");
  auto told = domains.takeNews();
  ASSERT_THAT(told.resources, SizeIs(1));
  EXPECT_TRUE(told.resources.front().annotated(kAdopt, "true"));
  EXPECT_TRUE(told.resources.front().annotated(kReconcileAt, "now"));
  annotate(kAdopt, nullptr);
  annotate(kReconcileAt, nullptr);
  told = domains.takeNews();
  ASSERT_THAT(told.resources, SizeIs(1));
  EXPECT_THAT(told.resources.front().annotations, IsEmpty());
}

TEST_F(AResourceThatIsAskedForAgain, IsReadInFullAfterAListThatBrokeOff) {
  kube::Sink& sink = domains.sinkOf("");
  const std::string before = text();
  annotate(kAdopt, "true");
  static_cast<void>(domains.takeNews());
  // The watch has missed that adoption was taken back; a list tells it, and breaks off.
  sink.begin();
  sink.listed(kube::Object(before));
  EXPECT_THAT(domains.takeNews().resources, SizeIs(1)) << "handed on, though the list is not whole";
  sink.begin();
  sink.listed(kube::Object(text()));
  const auto told = domains.takeNews();
  ASSERT_THAT(told.resources, SizeIs(1)) << "it is what is known, but not what was handed on last";
  EXPECT_TRUE(told.resources.front().annotated(kAdopt, "true"));
}

TEST_F(AResourceThatIsAskedForAgain, IsReadInFullWhenItIsAnotherOneOrOfAnotherGeneration) {
  kube::Sink& sink = domains.sinkOf("");
  const auto list = [&sink](const Json& object) {
    const std::string text = object.dump();
    sink.begin();
    sink.listed(kube::Object(text));
    sink.commit();
  };
  Json object = *server.get(kDomainsPath, "d0");
  list(object);
  EXPECT_THAT(domains.takeNews().resources, IsEmpty());
  object["metadata"]["uid"] = "another";
  list(object);
  EXPECT_THAT(domains.takeNews().resources, SizeIs(1));
  object["metadata"]["generation"] = 7;
  list(object);
  EXPECT_THAT(domains.takeNews().resources, SizeIs(1)) << "its status has to speak of that generation";
}

TEST_F(AResourceThatIsAskedForAgain, IsReadInFullWhenAPlanIsApprovedOrItIsToGoOrHasAnotherAge) {
  annotate(std::string(api::annotation::kApprovedPlan), "9f3c");
  ASSERT_THAT(domains.takeNews().resources, SizeIs(1));
  kube::Sink& sink = domains.sinkOf("");
  Json object = *server.get(kDomainsPath, "d0");
  for (const char* time : {"deletionTimestamp", "creationTimestamp"}) {
    object["metadata"][time] = "2026-01-02T00:00:00Z";
    const std::string text = object.dump();
    sink.begin();
    sink.listed(kube::Object(text));
    sink.commit();
    EXPECT_THAT(domains.takeNews().resources, SizeIs(1)) << time;
  }
}

TEST_F(AResourceThatIsAskedForAgain, IsReadInFullWhenItWasAnotherForAMomentInOneList) {
  kube::Sink& sink = domains.sinkOf("");
  Json adopted = *server.get(kDomainsPath, "d0");
  adopted["metadata"]["annotations"][kAdopt] = "true";
  const std::string first = adopted.dump();
  const std::string second = text();
  sink.begin();
  sink.listed(kube::Object(first));
  static_cast<void>(domains.takeNews());
  sink.listed(kube::Object(second));
  sink.commit();
  const auto told = domains.takeNews();
  ASSERT_THAT(told.resources, SizeIs(1));
  EXPECT_FALSE(told.resources.front().annotated(kAdopt, "true"));
}

TEST_F(AResourceThatIsAskedForAgain, IsGoneThoughOnlyAListThatBrokeOffHadIt) {
  kube::Sink& sink = domains.sinkOf("");
  Json other = *server.get(kDomainsPath, "d0");
  other["metadata"]["name"] = "d9";
  const std::string briefly = other.dump();
  const std::string whole = text();
  sink.begin();
  sink.listed(kube::Object(briefly));
  sink.begin();
  sink.listed(kube::Object(whole));
  sink.commit();
  EXPECT_THAT(domains.takeNews().gone, ElementsAre(api::ObjectKey{"mail", "d9"}));
}

}  // namespace
}  // namespace splitdelivery::source::cluster
