// S15: one owner for each domain.

#include "reconcile/claims.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "reconcile/fleet.h"

namespace splitdelivery::reconcile {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

const std::string kDomain = "example.com";

/// Two resources, "a" and "b", for one domain.
class S15OneOwner : public ::testing::Test {
 protected:
  S15OneOwner() {
    for (api::SplitDeliveryDomain* each : {&a_, &b_}) each->spec.domain = kDomain;
    a_.key = {"default", "a"};
    b_.key = {"default", "b"};
  }
  void update(bool aOwns, bool bOwns) {
    claims_.update({&a_, &b_});
    claims_.setOwner(a_.key, kDomain, aOwns);
    claims_.setOwner(b_.key, kDomain, bOwns);
  }
  [[nodiscard]] bool works(const api::SplitDeliveryDomain& resource) const { return !claims_.obstacle(resource.key); }

  api::SplitDeliveryDomain a_{};
  api::SplitDeliveryDomain b_{};
  Claims claims_;
};

TEST_F(S15OneOwner, IsTheOneWhoseLedgerOwnsForwarders) {
  update(false, true);
  claims_.setListed(b_.key, kDomain, true);
  EXPECT_TRUE(works(b_));
  const auto error = claims_.obstacle(a_.key);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind, base::ErrorKind::Stall);
  EXPECT_EQ(error->reason, "DomainClaimed");
  EXPECT_THAT(error->message, HasSubstr("default/b"));
}

TEST_F(S15OneOwner, ElseTheOlderOne) {
  b_.createdAt = base::WallTime{1h};
  update(false, false);
  EXPECT_TRUE(works(b_));
  EXPECT_FALSE(works(a_)) << "without a time it counts as the younger";
  a_.createdAt = base::WallTime{30min};
  update(false, false);
  EXPECT_TRUE(works(a_));
  EXPECT_FALSE(works(b_));
}

TEST_F(S15OneOwner, ElseTheSmallerName) {
  update(false, false);
  EXPECT_TRUE(works(a_));
  EXPECT_EQ(claims_.obstacle(b_.key)->kind, base::ErrorKind::Retry) << "a has not been tried yet";
  claims_.setListed(a_.key, kDomain, true);
  EXPECT_EQ(claims_.obstacle(b_.key)->kind, base::ErrorKind::Stall);
}

TEST_F(S15OneOwner, CountsOnlyOnceItsCredentialsListTheDomain) {
  update(false, false);
  claims_.setListed(a_.key, kDomain, false);
  EXPECT_TRUE(works(b_));
}

TEST_F(S15OneOwner, IsNobodyThatWasNeverListedAndCannotBegin) {
  update(false, false);
  claims_.cannotBegin(a_.key, kDomain);
  EXPECT_TRUE(works(b_));
}

TEST_F(S15OneOwner, StaysTheOwnerThatCannotBegin) {
  update(true, false);
  claims_.cannotBegin(a_.key, kDomain);
  ASSERT_FALSE(works(b_)) << "its ledger is the proof that it was listed once";
  EXPECT_EQ(claims_.obstacle(b_.key)->kind, base::ErrorKind::Stall);
}

TEST_F(S15OneOwner, StaysTheOneThatWasListedAndCannotBeginAnyMore) {
  update(false, false);
  claims_.setListed(a_.key, kDomain, true);
  claims_.cannotBegin(a_.key, kDomain);
  EXPECT_FALSE(works(b_));
}

TEST_F(S15OneOwner, IsNobodyWhileTheLedgerOfOneThatCannotBeginIsUnread) {
  claims_.update({&a_, &b_});
  claims_.setOwner(b_.key, kDomain, false);
  claims_.cannotBegin(a_.key, kDomain);
  EXPECT_FALSE(works(b_));
}

TEST_F(S15OneOwner, IsNobodyWhileALedgerIsUnread) {
  claims_.update({&a_, &b_});
  EXPECT_FALSE(works(a_));
  EXPECT_FALSE(works(b_));
}

TEST_F(S15OneOwner, ConcernsNobodyWhoIsAloneAndWhoeverStays) {
  update(true, false);
  claims_.setListed(a_.key, kDomain, true);
  EXPECT_FALSE(works(b_));
  claims_.update({&b_});
  EXPECT_TRUE(works(b_));
}

TEST_F(S15OneOwner, WritesAloneWhateverTheDocumentsSayMeanwhile) {
  update(false, false);
  std::optional<Claims::Writing> writing;
  {
    auto begun = claims_.beginWriting(a_.key, kDomain);
    ASSERT_TRUE(begun);
    writing.emplace(std::move(*begun));
  }
  claims_.update({&b_});
  claims_.setOwner(b_.key, kDomain, false);
  EXPECT_TRUE(works(b_));
  EXPECT_FALSE(claims_.beginWriting(b_.key, kDomain).has_value()) << "a's pass is still under way";
  writing.reset();
  EXPECT_TRUE(claims_.beginWriting(b_.key, kDomain).has_value());
}

TEST_F(S15OneOwner, DoesNotHearAPassThatSpeaksOfAnotherDomain) {
  update(false, false);
  claims_.setListed(a_.key, "old.example", false);
  EXPECT_FALSE(works(b_)) << "a is still untried for this one";
}

TEST(S15TwoResourcesOfOneDomain, AFirstThatCannotBeginKeepsNobodyFromTheDomain) {
  Fleet fleet(2, 0);
  fleet.read();
  fleet.start();
  fleet.runFor(1min);
  fleet.at(0).spec.domain = "d1.example.com";  // a slip: d0 sorts before d1, and its ledger is of another domain
  fleet.read();
  fleet.at(1).spec.addresses.extra = {"support"};
  fleet.read();
  fleet.runFor(1h);
  EXPECT_EQ(readyReason(fleet.diary.last.at(Fleet::key(0))), "DomainChanged");
  EXPECT_EQ(readyReason(fleet.diary.last.at(Fleet::key(1))), "Synced");
  EXPECT_TRUE(fleet.u.world.da.forwarders("d1.example.com").contains("support"));
  EXPECT_TRUE(fleet.stop());
}

/// d0 and, at its domain and before it by name, one with a Secret of its own.
struct TwoForOneDomain : Fleet {
  TwoForOneDomain() : Fleet(1, 0) {
    first = at(0);
    first.key = {"default", "a-first"};
    first.spec.directAdmin.credentialsSecret = "first";
    setKey("key");
  }
  void setKey(const std::string& loginKey) {
    manifests.secrets[{"default", "first"}] = {
        .key = {"default", "first"},
        .values = {{"username", base::Secret("user")}, {"loginKey", base::Secret(loginKey)}}};
  }
  std::string reasonOf(const api::ObjectKey& of) { return readyReason(diary.last.at(of)); }
  api::SplitDeliveryDomain first{};
};

TEST(S15TwoResourcesOfOneDomain, AnOwnerWhoseKeyIsRevokedKeepsIt) {
  TwoForOneDomain fleet;
  fleet.manifests.resources = {fleet.first};
  fleet.read();
  fleet.start();
  fleet.runFor(1min);
  ASSERT_EQ(fleet.reasonOf(fleet.first.key), "Synced");
  fleet.setKey("wrong");
  fleet.read();
  fleet.runFor(1min);
  ASSERT_EQ(fleet.reasonOf(fleet.first.key), "BadCredentials");
  api::SplitDeliveryDomain second = fleet.first;
  second.key = Fleet::key(0);
  second.spec.directAdmin.credentialsSecret = "directadmin";
  fleet.manifests.resources.push_back(second);
  fleet.read();
  fleet.runFor(1h);
  EXPECT_EQ(fleet.reasonOf(second.key), "DomainClaimed");
  EXPECT_TRUE(fleet.stop());
}

TEST(S15TwoResourcesOfOneDomain, AFirstWithAWrongKeyOrSuspendedFromTheStartKeepsNobodyFromTheDomain) {
  for (const bool suspend : {false, true}) {
    SCOPED_TRACE(suspend);
    TwoForOneDomain fleet;
    fleet.setKey(suspend ? "key" : "wrong");
    fleet.first.spec.suspend = suspend;
    fleet.manifests.resources.insert(fleet.manifests.resources.begin(), fleet.first);
    fleet.read();
    fleet.start();
    fleet.runFor(1h);
    EXPECT_EQ(fleet.reasonOf(Fleet::key(0)), "Synced");
    EXPECT_TRUE(fleet.stop());
  }
}

TEST(S15TwoResourcesOfOneDomain, ASuspendedOwnerKeepsIt) {
  TwoForOneDomain fleet;
  fleet.u.books.books[fleet.first.key].ledger = {
      .identity = api::Identity{.domain = fleet.first.spec.domain},
      .entries = {{.local = "anna", .destinations = {"anna@zoho.d0.example.com"}}}};
  fleet.first.spec.suspend = true;
  fleet.manifests.resources.push_back(fleet.first);
  fleet.read();
  fleet.start();
  fleet.runFor(1h);
  EXPECT_EQ(fleet.reasonOf(Fleet::key(0)), "DomainClaimed");
  EXPECT_TRUE(fleet.stop());
}

TEST(S15TwoResourcesOfOneDomain, TheSecondTouchesNothingAndSaysWhoKeepsIt) {
  Fleet fleet(1, 0);
  api::SplitDeliveryDomain second = fleet.at(0);
  second.key = {"default", "a-second"};
  second.spec.policy = api::Policy::Sync;
  second.spec.addresses.extra = {"only-the-second-wants-this"};
  fleet.read();
  fleet.start();
  fleet.runFor(1min);
  fleet.manifests.resources.push_back(second);
  fleet.read();
  fleet.runFor(1h);
  const PassReport& report = fleet.diary.last.at(second.key);
  EXPECT_EQ(readyReason(report), "DomainClaimed");
  EXPECT_THAT(readyMessage(report), HasSubstr("default/d0"));
  EXPECT_EQ(condition(report.status, "Stalled").status, api::ConditionStatus::True);
  EXPECT_FALSE(fleet.u.world.da.forwarders("d0.example.com").contains("only-the-second-wants-this"));
  EXPECT_EQ(readyReason(fleet.diary.last.at(Fleet::key(0))), "Synced");

  std::erase_if(fleet.manifests.resources, [](const auto& each) { return each.key == Fleet::key(0); });
  fleet.read();
  fleet.runFor(10s);
  EXPECT_EQ(readyReason(fleet.diary.last.at(second.key)), "Synced") << "the domain is free now, and nobody waits";
  EXPECT_TRUE(fleet.stop());
}

}  // namespace
}  // namespace splitdelivery::reconcile
