#include "api/directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/condition.h"
#include "api/enums.h"
#include "api/zoho_hosts.h"

namespace splitdelivery::api {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

Listing listing() {
  Listing all;
  all.addresses = {{{"zoe", "a.example"}, Kind::Primary},
                   {{"anna", "b.example"}, Kind::Primary},
                   {{"bob", "b.example"}, Kind::Alias},
                   {{"adam", "c.example"}, Kind::Group}};
  all.domains = {ZohoDomain{"a.example"}, ZohoDomain{"b.example"}, ZohoDomain{"empty.example"}};
  return all;
}

TEST(AListing, GivesTheAddressesOfOneDomain) {
  std::vector<std::string> found;
  for (const auto& entry : listing().of("b.example")) found.push_back(entry.address.text());
  EXPECT_THAT(found, ElementsAre("anna@b.example", "bob@b.example"));
  EXPECT_EQ(listing().of("a.example").size(), 1U);
  EXPECT_EQ(listing().of("c.example").size(), 1U);
}

TEST(AListing, HasNothingOfADomainThatItDoesNotHave) {
  EXPECT_THAT(listing().of("empty.example"), IsEmpty());
  EXPECT_THAT(listing().of("b"), IsEmpty());
  EXPECT_THAT(Listing{}.of("b.example"), IsEmpty());
}

TEST(AListing, FindsADomainByItsName) {
  const Listing all = listing();
  ASSERT_NE(all.domain("b.example"), nullptr);
  EXPECT_EQ(all.domain("b.example")->name, "b.example");
  EXPECT_EQ(all.domain("bb.example"), nullptr);
  EXPECT_EQ(all.domain("z.example"), nullptr);
  EXPECT_EQ(Listing{}.domain("b.example"), nullptr);
}

const base::WallTime kNoon{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + 12h};

TEST(Conditions, MoveTheTransitionTimeOnlyWithTheStatus) {
  Conditions conditions;
  conditions.set(condition::kReady, ConditionStatus::False, "RoutingNotReady", "add the record", kNoon, 1);
  conditions.set(condition::kReady, ConditionStatus::False, "ApplyFailed", "try again", kNoon + 1h, 2);
  ASSERT_NE(conditions.find("Ready"), nullptr);
  EXPECT_EQ(*conditions.find("Ready"),
            (Condition{"Ready", ConditionStatus::False, "ApplyFailed", "try again", kNoon, 2}));
  conditions.set(condition::kReady, ConditionStatus::True, "Synced", "all is well", kNoon + 2h, 2);
  EXPECT_EQ(conditions.find("Ready")->lastTransitionTime, kNoon + 2h);
}

TEST(Conditions, AreSortedByTypeAndEachThereOnce) {
  Conditions conditions;
  for (const auto type : {condition::kReady, condition::kInSync, condition::kStalled, condition::kInSync}) {
    conditions.set(type, ConditionStatus::True, "Because", "", kNoon, 1);
  }
  std::vector<std::string> types;
  for (const auto& condition : conditions.list()) types.push_back(condition.type);
  EXPECT_THAT(types, ElementsAre("InSync", "Ready", "Stalled"));
}

TEST(Conditions, ARestoredOneIsKeptAsItIs) {
  Conditions conditions;
  conditions.set(condition::kReady, ConditionStatus::True, "Synced", "", kNoon + 1h, 2);
  const Condition before{"Ready", ConditionStatus::True, "Synced", "as written", kNoon, 1};
  conditions.restore(before);
  EXPECT_THAT(conditions.list(), ElementsAre(before));
}

TEST(Conditions, CanBeTakenAway) {
  Conditions conditions;
  conditions.set(condition::kReady, ConditionStatus::True, "Synced", "", kNoon, 1);
  conditions.remove(condition::kStalled);
  EXPECT_EQ(conditions.list().size(), 1U);
  conditions.remove(condition::kReady);
  EXPECT_EQ(conditions.find(condition::kReady), nullptr);
}

template <class E>
void expectEveryWordLeadsBack() {
  for (const auto& choice : kChoices<E>) {
    EXPECT_FALSE(choice.text.empty());
    EXPECT_EQ(choiceFrom<E>(choice.text), choice.value) << choice.text;
    EXPECT_EQ(choiceText(choice.value), choice.text);
  }
  EXPECT_EQ(choiceFrom<E>("nonsense"), std::nullopt);
  EXPECT_EQ(choiceFrom<E>(""), std::nullopt);
}

TEST(TheWordsOfAnEnumeration, LeadBackToItsValues) {
  expectEveryWordLeadsBack<Policy>();
  expectEveryWordLeadsBack<Delivery>();
  expectEveryWordLeadsBack<LocalDelivery>();
  expectEveryWordLeadsBack<BlockedUsers>();
  expectEveryWordLeadsBack<Approval>();
  expectEveryWordLeadsBack<DeletionPolicy>();
  expectEveryWordLeadsBack<ConditionStatus>();
  expectEveryWordLeadsBack<Completeness>();
  expectEveryWordLeadsBack<Kind>();
  expectEveryWordLeadsBack<LedgerEntry::State>();
}

TEST(TheWordsOfAnEnumeration, AreWrittenExactly) {
  EXPECT_EQ(choiceFrom<Policy>("sync"), std::nullopt);
  EXPECT_EQ(choiceText(ConditionStatus::Unknown), "Unknown");
}

TEST(ZohosTable, HasBothHostsOfEveryDataCentre) {
  std::vector<std::string_view> names;
  for (const auto& hosts : allZohoHosts()) {
    names.push_back(hosts.dataCenter);
    EXPECT_TRUE(hosts.accountsUrl.starts_with("https://accounts.zoho")) << hosts.accountsUrl;
    EXPECT_TRUE(hosts.mailUrl.starts_with("https://mail.zoho")) << hosts.mailUrl;
    EXPECT_EQ(hosts.accountsUrl.substr(hosts.accountsUrl.find(".zoho")),
              hosts.mailUrl.substr(hosts.mailUrl.find(".zoho")))
        << "both lie in one domain";
  }
  EXPECT_THAT(names, ElementsAre("us", "eu", "in", "au", "jp", "ca", "cn", "sa", "uk", "ae"));
}

TEST(ZohosTable, KnowsTheUnusualOnes) {
  EXPECT_EQ(zohoHosts("ca")->mailUrl, "https://mail.zohocloud.ca");
  EXPECT_EQ(zohoHosts("au")->accountsUrl, "https://accounts.zoho.com.au");
  EXPECT_FALSE(zohoHosts("US"));
  EXPECT_FALSE(zohoHosts(""));
}

TEST(ZohosTable, HasTheMailServersOfEveryDataCentre) {
  for (const auto& hosts : allZohoHosts()) {
    EXPECT_TRUE(hosts.mailUrl.ends_with("." + std::string(hosts.mxDomain))) << hosts.dataCenter;
    EXPECT_EQ(mailDataCenter("mx2." + std::string(hosts.mxDomain)), hosts.dataCenter);
  }
  EXPECT_EQ(mailDataCenter("mx.zoho.com.au"), "au") << "and not us";
  for (const auto* host : {"", "com", "mx.evilzoho.com", "mx.zoho.com.example", "mx.zohomail.com"}) {
    EXPECT_EQ(mailDataCenter(host), "") << host;
  }
}

TEST(ZohosTable, KnowsWhatSPFRecordsInclude) {
  EXPECT_TRUE(isSpfOf(*zohoHosts("us"), "zohomail.com"));
  EXPECT_TRUE(isSpfOf(*zohoHosts("us"), "zoho.com")) << "the older one";
  EXPECT_TRUE(isSpfOf(*zohoHosts("us"), "one.zoho.com"));
  EXPECT_TRUE(isSpfOf(*zohoHosts("in"), "zohomail.in"));
  EXPECT_FALSE(isSpfOf(*zohoHosts("us"), "zohomail.eu"));
  EXPECT_FALSE(isSpfOf(*zohoHosts("us"), "notzohomail.com"));
  EXPECT_TRUE(isSpfOf(*zohoHosts("cn"), "zohomail.com")) << "its own is not known";
  EXPECT_FALSE(isSpfOf(*zohoHosts("cn"), "mxlogin.com"));
  EXPECT_TRUE(isZohosSpf("zohocloud.ca"));
  EXPECT_FALSE(isZohosSpf(""));
}

}  // namespace
}  // namespace splitdelivery::api
