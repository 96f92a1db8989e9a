// S14 in a cluster: when a deleted resource may go.

#include "reconcile/parting.h"

#include <gmock/gmock.h>

#include "reconcile/universe.h"

namespace splitdelivery::reconcile {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

/// Two of ours at the server, and one of somebody else.
struct S14ADeletedResource : ::testing::Test {
  void SetUp() override {
    u.forward("other", "x@elsewhere.example");
    for (const char* name : {"anna", "bob"}) u.addUser(name);
    u.pass();
    u.resource.spec.deletionPolicy = api::DeletionPolicy::Delete;
    u.executor.advance(5min);
    u.resource.deletedAt = u.executor.wallTime();
  }
  void breakServer() {
    u.world.faults.add({.api = "da", .fault = {.kind = simulators::FaultKind::Status, .status = 503}});
  }
  void loseSecret() { u.secrets.erase({u.resource.key.ns, u.resource.spec.directAdmin.credentialsSecret}); }
  [[nodiscard]] bool gone() const { return !u.finalizers.released.empty(); }
  Universe u;
};

/// Hears of partings, and knows whether the finalizer was there.
class Hearing final : public Observer {
 public:
  explicit Hearing(const Universe& universe) : u_(universe) {}
  base::Task<base::Done> parting(const api::SplitDeliveryDomain& /*resource*/, const Parting& parting) override {
    return note(parting);
  }
  void parted(const api::SplitDeliveryDomain& resource, const Parting& /*parting*/) override {
    EXPECT_EQ(resource.key, u_.resource.key);
    EXPECT_FALSE(u_.finalizers.released.empty());
    heard.emplace_back("parted");
  }
  void passEnded(const PassReport& /*report*/) override { heard.emplace_back("ended"); }
  void suspended(const api::SplitDeliveryDomain& /*resource*/) override { heard.emplace_back("suspended"); }
  std::vector<std::string> heard{};

 private:
  base::Task<base::Done> note(Parting parting) {
    EXPECT_TRUE(u_.finalizers.released.empty());
    heard.push_back("parting with " + std::to_string(parting.left) + (parting.gaveUp ? ", gave up" : ""));
    co_return base::Done{};
  }
  const Universe& u_;
};

TEST_F(S14ADeletedResource, IsToldOfWhileItIsThereAndWhenItIsGone) {
  Hearing hearing(u);
  u.observer = &hearing;
  u.finalizers.fails = true;
  u.pass();
  EXPECT_THAT(hearing.heard, ElementsAre("parting with 0", "ended")) << "it could not be let go";
  hearing.heard.clear();
  u.finalizers.fails = false;
  u.pass();
  EXPECT_THAT(hearing.heard, ElementsAre("parting with 0", "parted", "ended"));
}

TEST_F(S14ADeletedResource, IsToldOfWithWhatItLeaves) {
  Hearing hearing(u);
  u.observer = &hearing;
  breakServer();
  u.pass();
  EXPECT_THAT(hearing.heard, ElementsAre("ended"));
  hearing.heard.clear();
  u.passAfter(1h);
  EXPECT_THAT(hearing.heard, ElementsAre("parting with 2, gave up", "parted", "ended"));
}

TEST_F(S14ADeletedResource, IsToldOfWithWhatItRetains) {
  Hearing hearing(u);
  u.observer = &hearing;
  u.resource.spec.policy = api::Policy::UpsertOnly;
  u.pass();
  EXPECT_THAT(hearing.heard, ElementsAre("parting with 2", "parted", "ended"));
}

TEST_F(S14ADeletedResource, ThatIsSuspendedBeforeIsToldOfAsSuspended) {
  Hearing hearing(u);
  u.observer = &hearing;
  u.resource.deletedAt.reset();
  u.resource.spec.suspend = true;
  u.pass();
  EXPECT_THAT(hearing.heard, ElementsAre("suspended"));
}

TEST_F(S14ADeletedResource, TakesItsForwardersAlongAndGoes) {
  const PassReport report = u.pass();
  EXPECT_EQ(readyReason(report), "Deleted");
  EXPECT_THAT(u.forwarders(), ElementsAre(Pair("other", "x@elsewhere.example")));
  EXPECT_THAT(u.finalizers.released, ElementsAre(u.resource.key));
}

TEST_F(S14ADeletedResource, IsNotLetGoByAPlan) {
  u.pass(Mode::Plan);
  EXPECT_FALSE(gone());
  EXPECT_THAT(u.forwarders(), SizeIs(3));
}

TEST_F(S14ADeletedResource, UnderRetainGoesAtOnceWithoutSecretOrServer) {
  u.resource.spec.deletionPolicy = api::DeletionPolicy::Retain;
  loseSecret();
  breakServer();
  EXPECT_EQ(readyReason(u.pass()), "Retained");
  EXPECT_TRUE(gone());
  EXPECT_THAT(u.forwarders(), SizeIs(3));
}

TEST_F(S14ADeletedResource, ThatIsSuspendedOrMayNotDeleteIsRetained) {
  u.resource.spec.suspend = true;
  EXPECT_EQ(readyReason(u.pass()), "Retained");
  EXPECT_THAT(u.finalizers.released, SizeIs(1));
  u.resource.spec.suspend = false;
  for (const auto policy : {api::Policy::Observe, api::Policy::CreateOnly, api::Policy::UpsertOnly}) {
    u.finalizers.released.clear();
    u.resource.spec.policy = policy;
    EXPECT_EQ(readyReason(u.pass()), "Retained");
    EXPECT_TRUE(gone());
  }
  EXPECT_THAT(u.forwarders(), SizeIs(3));
}

TEST_F(S14ADeletedResource, WaitsAnHourForItsServerAndThenGoesAllTheSame) {
  breakServer();
  for (int minutes = 0; minutes < 60; minutes += 10) {
    u.pass();
    EXPECT_FALSE(gone()) << minutes;
    u.executor.advance(10min);
  }
  u.pass();
  EXPECT_TRUE(gone());
  EXPECT_THAT(u.forwarders(), SizeIs(3)) << "they stay, and the log counts them";
}

TEST_F(S14ADeletedResource, UsesAServerThatComesBackInTime) {
  breakServer();
  u.pass();
  u.world.faults.clear();
  u.passAfter(30min);
  EXPECT_TRUE(gone());
  EXPECT_THAT(u.forwarders(), SizeIs(1));
}

TEST_F(S14ADeletedResource, WaitsFiveMinutesForItsSecret) {
  loseSecret();
  EXPECT_EQ(readyReason(u.pass()), "SecretMissing");
  EXPECT_FALSE(gone());
  u.passAfter(4min);
  EXPECT_FALSE(gone());
  u.passAfter(1min);
  EXPECT_TRUE(gone());
}

TEST_F(S14ADeletedResource, ThatOwnsNothingGoesWhateverIsBroken) {
  u.books.books.clear();
  loseSecret();
  u.pass();
  EXPECT_TRUE(gone());
}

TEST_F(S14ADeletedResource, DoesNotWaitForASwitchThatItLeavesAlone) {
  u.books.books[u.resource.key].localDelivery = api::SwitchRecord{};
  for (const auto kind : {api::LocalDelivery::Check, api::LocalDelivery::Ignore}) {
    u.finalizers.released.clear();
    u.resource.spec.directAdmin.localDelivery = kind;
    u.pass();
    EXPECT_TRUE(gone());
  }
}

TEST_F(S14ADeletedResource, IsNotGivenUpBecauseTheProgramStops) {
  u.executor.advance(2h);
  u.stop.request_stop();
  u.pass();
  EXPECT_FALSE(gone());
}

TEST_F(S14ADeletedResource, IsToldOfWithWhatBecameOfItsForwarders) {
  u.resource.spec.deletionPolicy = api::DeletionPolicy::Retain;
  u.pass();
  EXPECT_THAT(u.partings.told, ElementsAre(Partings::Told{.left = 2, .gaveUp = false, .kept = true}));
  u.resource.spec.deletionPolicy = api::DeletionPolicy::Delete;
  breakServer();
  u.passAfter(1h);
  EXPECT_EQ(u.partings.told.back(), (Partings::Told{.left = 2, .gaveUp = true, .kept = true}));
  u.world.faults.clear();
  u.pass();
  EXPECT_EQ(u.partings.told.back(), (Partings::Told{.left = 0, .gaveUp = false, .kept = false}));
}

TEST_F(S14ADeletedResource, IsToldOfOnlyOnceItIsGone) {
  u.finalizers.fails = true;
  u.pass();
  EXPECT_THAT(u.partings.told, IsEmpty());
  u.finalizers.fails = false;
  u.pass();
  EXPECT_THAT(u.partings.told, SizeIs(1));
}

TEST_F(S14ADeletedResource, ThatCannotBeLetGoCountsAsFailed) {
  u.finalizers.fails = true;
  EXPECT_EQ(u.pass().outcome, Outcome::Failed);
  u.finalizers.fails = false;
  EXPECT_EQ(u.pass().outcome, Outcome::InSync);
  EXPECT_TRUE(gone());
}

}  // namespace
}  // namespace splitdelivery::reconcile
