#include "zoho/accounts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "zoho/payloads.h"

namespace splitdelivery::zoho {
namespace {

using api::Kind;
using api::Kinds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
namespace payload = splitdelivery::testing::payload;

const OwnDomains kOwn{{"fjordlab.example", "fjord.example"}};
const OwnDomains kUnknown{};

/// "ida@fjordlab.example 1" for its kinds' bits, with a "!" when blocked.
std::vector<std::string> shown(const std::vector<api::ZohoAddress>& addresses) {
  std::vector<std::string> lines;
  lines.reserve(addresses.size());
  for (const auto& entry : addresses) {
    lines.push_back(entry.address.text() + " " + std::to_string(entry.kinds.bits()) + (entry.blocked ? "!" : ""));
  }
  return lines;
}

Page read(const std::string& json, const OwnDomains& own = kOwn) {
  auto page = readAccounts(Json::parse(json), own);
  return page ? std::move(*page) : Page{};
}

/// One user with these entries of emailAddress[].
Page user(const std::string& entries, const OwnDomains& own = kOwn) {
  return read(R"([{"zuid":1,"emailAddress":[)" + entries + "]}]", own);
}

TEST(AnAccountsPage, HoldsAliasesAndBlockedUsersAndLeavesOutsideAddressesOut) {
  const Page page = read(payload::kAccounts);
  ASSERT_EQ(page.rows.size(), 2U);
  EXPECT_EQ(page.received, 2U);
  EXPECT_FALSE(page.malformed);
  EXPECT_EQ(page.skipped, 1U) << "ida.home@webmail.example";
  EXPECT_EQ(page.rows[0].id, "810220011");
  EXPECT_THAT(shown(page.rows[0].addresses),
              ElementsAre("ida@fjordlab.example 1", "ida@fjordlab.example 1", "hello@fjordlab.example 2"));
  EXPECT_THAT(shown(page.rows[1].addresses), ElementsAre("old@fjordlab.example 1!", "old@fjordlab.example 1!"));
  ASSERT_EQ(page.rows[0].groups.size(), 1U);
  EXPECT_EQ(page.rows[0].groups[0].id, "810220900");
  EXPECT_EQ(page.rows[0].groups[0].address.text(), "sales@fjordlab.example");
}

struct Entry {
  const char* name;
  const char* entry;
  const char* kept;  ///< "" when left out
  OwnDomains own = kOwn;
};

class AnEntryOfAUser : public ::testing::TestWithParam<Entry> {};

TEST_P(AnEntryOfAUser, IsKeptOrCounted) {
  const Page page = user(GetParam().entry, GetParam().own);
  ASSERT_EQ(page.rows.size(), 1U);
  const bool kept = *GetParam().kept != '\0';
  EXPECT_EQ(page.skipped, kept ? 0U : 1U);
  EXPECT_FALSE(page.malformed) << "the user is known all the same";
  EXPECT_EQ(shown(page.rows[0].addresses),
            kept ? std::vector<std::string>{GetParam().kept} : std::vector<std::string>{});
}

INSTANTIATE_TEST_SUITE_P(
    Primary, AnEntryOfAUser,
    ::testing::Values(
        Entry{"confirmed", R"({"mailId":"a@fjordlab.example","isPrimary":true,"isConfirmed":true})",
              "a@fjordlab.example 1"},
        Entry{"unconfirmed", R"({"mailId":"a@fjordlab.example","isPrimary":true,"isConfirmed":false})",
              "a@fjordlab.example 1"},
        Entry{"flags as words", R"({"mailId":"a@fjordlab.example","isPrimary":"true","isConfirmed":"false"})",
              "a@fjordlab.example 1"},
        Entry{"flags as digits", R"({"mailId":"a@fjordlab.example","isPrimary":1,"isAlias":0})",
              "a@fjordlab.example 1"},
        Entry{"canonical", R"({"mailId":"A.B@FjordLab.Example.","isPrimary":true})", "a.b@fjordlab.example 1"},
        Entry{"malformed", R"({"mailId":"REMOTE","isPrimary":true})", ""},
        Entry{"empty", R"({"mailId":"","isPrimary":true})", ""},
        Entry{"not a string", R"({"mailId":7,"isPrimary":true})", ""}, Entry{"absent", R"({"isPrimary":true})", ""}));

INSTANTIATE_TEST_SUITE_P(
    Alias, AnEntryOfAUser,
    ::testing::Values(
        Entry{"confirmed", R"({"mailId":"a@fjordlab.example","isAlias":true,"isConfirmed":true})",
              "a@fjordlab.example 2"},
        Entry{"confirmed, as words", R"({"mailId":"a@fjordlab.example","isAlias":"true","isConfirmed":"1"})",
              "a@fjordlab.example 2"},
        Entry{"unconfirmed", R"({"mailId":"a@fjordlab.example","isAlias":true,"isConfirmed":false})", ""},
        Entry{"unconfirmed, as a digit", R"({"mailId":"a@fjordlab.example","isAlias":true,"isConfirmed":0})", ""},
        Entry{"nothing said", R"({"mailId":"a@fjordlab.example","isAlias":true})", "a@fjordlab.example 2"},
        Entry{"domains unknown", R"({"mailId":"a@fjordlab.example","isAlias":true,"isConfirmed":true})",
              "a@fjordlab.example 2", kUnknown}));

INSTANTIATE_TEST_SUITE_P(
    Neither, AnEntryOfAUser,
    ::testing::Values(
        Entry{"outside", R"({"mailId":"a@webmail.example","isPrimary":false,"isAlias":false,"isConfirmed":true})", ""},
        Entry{"own domain", R"({"mailId":"a@Fjord.Example","isPrimary":false,"isAlias":false,"isConfirmed":true})",
              "a@fjord.example 2"},
        Entry{"a subdomain is another domain",
              R"({"mailId":"a@sub.fjord.example","isPrimary":false,"isAlias":false,"isConfirmed":true})", ""},
        Entry{"own domain, unconfirmed",
              R"({"mailId":"a@fjord.example","isPrimary":false,"isAlias":false,"isConfirmed":false})", ""},
        Entry{"domains unknown", R"({"mailId":"a@fjord.example","isPrimary":false,"isAlias":false,"isConfirmed":true})",
              "", kUnknown},
        Entry{"malformed", R"({"mailId":"@","isConfirmed":true})", ""}, Entry{"no object", "7", ""},
        Entry{"null", "null", ""}));

TEST(AUser, MayStandAloneInsteadOfInAnArray) {
  const Page page = read(R"({"zuid":"1","primaryEmailAddress":"a@fjordlab.example"})");
  EXPECT_EQ(page.received, 1U);
  ASSERT_EQ(page.rows.size(), 1U);
  EXPECT_THAT(shown(page.rows[0].addresses), ElementsAre("a@fjordlab.example 1"));
}

TEST(AUser, IsKnownByAnIdOfAnyLengthAndForm) {
  const Page page = read(R"([{"zuid":6123450000000009001},{"zuid":"6123450000000009002"},{"accountId":7}])");
  ASSERT_EQ(page.rows.size(), 3U);
  EXPECT_EQ(page.rows[0].id, "6123450000000009001");
  EXPECT_EQ(page.rows[1].id, "6123450000000009002") << "these two are the same as doubles";
  EXPECT_EQ(page.rows[2].id, "7");
}

TEST(AUser, WithoutAnIdMakesThePageMalformedButNotTheOthers) {
  const Page page = read(R"([{"primaryEmailAddress":"a@fjordlab.example"},{"zuid":2}, 7, null, {"zuid":1.5}])");
  EXPECT_EQ(page.received, 5U);
  EXPECT_EQ(page.rows.size(), 1U);
  EXPECT_EQ(page.skipped, 4U);
  EXPECT_TRUE(page.malformed);
}

TEST(AUser, WhoseAddressesAreOfAnUnknownFormMakesThePageMalformed) {
  EXPECT_TRUE(read(R"([{"zuid":1,"emailAddress":"a@fjordlab.example"}])").malformed);
  EXPECT_FALSE(read(R"([{"zuid":1,"emailAddress":null}])").malformed);
  EXPECT_FALSE(read(R"([{"zuid":1}])").malformed);
}

TEST(AUser, LendsNoAddressesOfOtherPeople) {
  const Page page = read(R"([{"zuid":1,"primaryEmailAddress":"a@fjordlab.example",
      "sendMailDetails":[{"fromAddress":"boss@fjordlab.example"}],"incomingUserName":"x@fjordlab.example",
      "groupList":[{"zgid":2,"emailId":"all@fjordlab.example"},{"zgid":3,"name":"no mail"},{"emailId":"b@c.example"}]}])");
  EXPECT_THAT(shown(page.rows[0].addresses), ElementsAre("a@fjordlab.example 1"));
  ASSERT_EQ(page.rows[0].groups.size(), 1U);
  EXPECT_EQ(page.rows[0].groups[0].id, "2");
}

TEST(AUser, IsBlockedByIncomingBlockedAloneAndOnAllAddresses) {
  const auto blocked = [](const std::string& field) {
    return read(R"([{"zuid":1,"primaryEmailAddress":"a@fjordlab.example",)" + field + "}]")
        .rows[0]
        .addresses[0]
        .blocked;
  };
  for (const char* field : {R"("incomingBlocked":true)", R"("incomingBlocked":"true")", R"("incomingBlocked":1)"}) {
    EXPECT_TRUE(blocked(field)) << field;
  }
  for (const char* field : {R"("incomingBlocked":false)", R"("incomingBlocked":"false")", R"("incomingBlocked":0)",
                            R"("status":false)", R"("enabled":false)", R"("mailboxStatus":"disabled")"}) {
    EXPECT_FALSE(blocked(field)) << field;
  }
  const Page page = read(R"([{"zuid":1,"incomingBlocked":true,"primaryEmailAddress":"a@fjordlab.example",
      "emailAddress":[{"mailId":"b@fjordlab.example","isAlias":true},{"mailId":"c@fjord.example"}]}])");
  EXPECT_THAT(shown(page.rows[0].addresses),
              ElementsAre("a@fjordlab.example 1!", "b@fjordlab.example 2!", "c@fjord.example 2!"));
}

TEST(AnAccountsPage, IsNoneWhenItsDataIsNoList) {
  for (const char* data : {"7", "\"x\"", "true"}) {
    EXPECT_FALSE(readAccounts(Json::parse(data), kOwn).has_value()) << data;
  }
  EXPECT_EQ(read("[]").received, 0U);
  EXPECT_TRUE(read("{}").malformed) << "no user, and not the empty list either";
}

}  // namespace
}  // namespace splitdelivery::zoho
