#include "zoho/listing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "zoho/listed.h"
#include "zoho/world.h"

namespace splitdelivery::zoho {
namespace {

using namespace std::chrono_literals;
using namespace splitdelivery::testing;  // NOLINT(google-build-using-namespace)
using api::Completeness;
using base::ErrorKind;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

TEST(AListing, HoldsEveryAddressOnceAndItsDomains) {
  World world;
  const auto listed = world.list();
  const auto& listing = must(listed);
  EXPECT_THAT(shown(listing),
              ElementsAre("hello@fjordlab.example 2", "help@fjordlab.example 8", "ida@fjordlab.example 1",
                          "old@fjordlab.example 1!", "orders@fjordlab.example 8", "sales@fjordlab.example 4",
                          "support@fjordlab.example 4"));
  ASSERT_EQ(listing.domains.size(), 2U);
  EXPECT_TRUE(listing.accounts.complete() && listing.groups.complete() && listing.domainList.complete());
  EXPECT_EQ(listing.skipped, 1U);
  EXPECT_EQ(listing.takenAt, world.executor.wallTime());
}

TEST(AListing, AsksWithTheTokenInTheHeaderAndTheLimitsThatZohoTakes) {
  World world;
  ASSERT_TRUE(world.list().has_value());
  std::vector<std::string> paths;
  for (const auto& seen : world.transport.seen()) {
    if (seen.request.path == kTokenPath) continue;
    paths.push_back(seen.request.path);
    EXPECT_EQ(seen.request.method, "GET");
    EXPECT_EQ(seen.request.origin, "https://mail.zoho.eu");
    EXPECT_EQ(seen.request.authorization.reveal(), std::string("Zoho-oauthtoken ") + payload::kAccessToken);
  }
  EXPECT_THAT(paths,
              ElementsAre(kApi + "domains", kApi + "accounts?start=0&limit=500", kApi + "accounts?start=1&limit=500",
                          kApi + "groups?start=0&limit=25", kApi + "groups?start=2&limit=25"));
}

TEST(AListing, ReadsEveryPageOfAServerThatGivesTenRowsWhateverTheLimit) {
  World world;
  world.transport.on(kApi + "accounts", pages(manyRows(userRow, 0, 137), 10));
  world.transport.on(kApi + "groups", pages(manyRows(groupRow, 0, 60), 25, R"({"count":60,"groups":[)", "]}"));
  const auto listed = world.list();
  const auto& listing = must(listed);
  EXPECT_EQ(listing.addresses.size(), 137U + 60U);
  expectState(listing.accounts, Completeness::Complete);
  expectState(listing.groups, Completeness::Complete);
}

TEST(AListing, NeverMakesMoreThan25CallsInAMinute) {
  World world;
  world.transport.on(kApi + "accounts", pages(manyRows(userRow, 0, 1000), 10));
  ASSERT_TRUE(world.list().has_value());
  std::vector<base::SteadyTime> calls;
  for (const auto& seen : world.transport.seen()) {
    if (seen.request.path != kTokenPath) calls.push_back(seen.at);
  }
  ASSERT_GT(calls.size(), 100U);
  for (std::size_t i = 25; i < calls.size(); ++i) ASSERT_GE(calls[i] - calls[i - 25], 60s);
}

struct PartTrouble {
  const char* name;
  Answer answer;
  Completeness completeness;
  std::string_view reason;
};

class TroubleOnTheSecondPage : public ::testing::TestWithParam<PartTrouble> {};

TEST_P(TroubleOnTheSecondPage, OfTheUsersMakesThatPartIncompleteAndNoOther) {
  World world;
  world.transport.on(kApi + "accounts", {ok("[" + userRow(1) + "]"), GetParam().answer});
  const auto listed = world.list();
  const auto& listing = must(listed);
  expectState(listing.accounts, GetParam().completeness, GetParam().reason);
  expectState(listing.groups, Completeness::Complete);
  expectState(listing.domainList, Completeness::Complete);
  EXPECT_THAT(shown(listing), Contains("u1@fjordlab.example 1")) << "what was read is there";
  EXPECT_THAT(shown(listing), Contains("sales@fjordlab.example 4"));
}

TEST_P(TroubleOnTheSecondPage, OfTheGroupsMakesThatPartIncompleteAndNoOther) {
  World world;
  auto trouble = GetParam().answer;
  for (std::size_t at = 0; trouble.result && (at = trouble.result->body.find("zuid")) != std::string::npos;) {
    trouble.result->body.replace(at, 4, "zgid");
  }
  world.transport.on(kApi + "groups", {ok("[" + groupRow(1) + "]"), trouble});
  const auto listed = world.list();
  const auto& listing = must(listed);
  expectState(listing.accounts, Completeness::Complete);
  expectState(listing.groups, GetParam().completeness, GetParam().reason);
  EXPECT_THAT(shown(listing), Contains("g1@fjordlab.example 4"));
}

const std::string kTenTimesTheSame = [] {
  std::string rows = "[" + userRow(1);
  for (int i = 1; i < 10; ++i) rows += "," + userRow(1);
  return rows + "]";
}();

INSTANTIATE_TEST_SUITE_P(
    S1, TroubleOnTheSecondPage,
    ::testing::Values(
        PartTrouble{"cut short", answer(200, R"({"status":{"code":200},"data":[{"zuid":2})"), Completeness::Failed,
                    "UnexpectedAnswer"},
        PartTrouble{"a page", answer(200, "<html>REMOTE-TEXT</html>"), Completeness::Failed, "UnexpectedAnswer"},
        PartTrouble{"no list", ok("\"REMOTE-TEXT\""), Completeness::Failed, "UnexpectedAnswer"},
        PartTrouble{"502", answer(502, "REMOTE-TEXT"), Completeness::Failed, "ServerError"},
        PartTrouble{"time-out", lost(http::reason::kTimedOut), Completeness::Failed, "TimedOut"},
        PartTrouble{"reset", lost(http::reason::kConnectionLost), Completeness::Failed, "ConnectionLost"},
        PartTrouble{"too large", lost(http::reason::kAnswerTooLarge), Completeness::Failed, "AnswerTooLarge"},
        PartTrouble{"scope", answer(401, payload::kScopeRefused), Completeness::Failed, "InvalidScope"},
        PartTrouble{"an id twice", ok(R"([{"zuid":8},{"zuid":9},{"zuid":"8"}])"), Completeness::Failed, "RepeatedRows"},
        PartTrouble{"ten times the same row", ok(kTenTimesTheSame), Completeness::Failed, "RepeatedRows"},
        PartTrouble{"a row without an id", ok(R"([{"name":"REMOTE-TEXT"}])"), Completeness::Failed, "MalformedRows"}));

struct Total {
  const char* name;
  Answer answer;
  ErrorKind kind;
  std::string_view reason;
};

class TroubleThatConcernsAll : public ::testing::TestWithParam<Total> {};

TEST_P(TroubleThatConcernsAll, EndsTheListingOnWhateverPart) {
  for (const char* part : {"domains", "accounts", "groups"}) {
    World world;
    world.transport.on(kApi + part, {GetParam().answer});
    const auto listed = world.list();
    ASSERT_FALSE(listed.has_value()) << part;
    EXPECT_EQ(listed.error().kind, GetParam().kind) << part;
    EXPECT_EQ(listed.error().reason, GetParam().reason) << part;
    payload::expectDiscreet(listed.error());
    EXPECT_LE(world.transport.count(kApi + part), 2U) << "nobody insists";
    EXPECT_EQ(world.transport.seen().back().request.path.find(kApi + part), 0U) << "nothing after it";
  }
}

INSTANTIATE_TEST_SUITE_P(
    Errors, TroubleThatConcernsAll,
    ::testing::Values(Total{"throttle", answer(429, "REMOTE-TEXT"), ErrorKind::Wait, "Throttled"},
                      Total{"nobody listens", lost(http::reason::kConnectFailed), ErrorKind::Retry, "ConnectFailed"},
                      Total{"no such host", lost(http::reason::kHostNotFound), ErrorKind::Retry, "HostNotFound"},
                      Total{"redirect", answer(301, ""), ErrorKind::Stall, "UnexpectedRedirect"},
                      Total{"token refused for good", answer(401, payload::kTokenRefused), ErrorKind::Stall,
                            "TokenRefused"},
                      Total{"another API", answer(404, R"({"data":{"errorCode":"URL_RULE_NOT_CONFIGURED"}})"),
                            ErrorKind::Stall, "UnknownPath"},
                      Total{"no such organisation", answer(400, R"({"data":{"errorCode":"PATTERN_NOT_MATCHED"}})"),
                            ErrorKind::Stall, "InvalidOrganization"}));

TEST(AListing, OfWhichNoPartCouldBeReadIsTheErrorOfItsUsers) {
  World world;
  for (const char* part : {"domains", "accounts", "groups"}) {
    world.transport.on(kApi + part, {answer(401, payload::kScopeRefused)});
  }
  const auto listed = world.list();
  ASSERT_FALSE(listed.has_value());
  EXPECT_EQ(listed.error().kind, ErrorKind::Stall);
  EXPECT_EQ(listed.error().reason, "InvalidScope");
}

TEST(AnOrganisationWithoutUsers, HasFailed) {
  World world;
  world.transport.on(kApi + "accounts", {ok("[]")});
  const auto listed = world.list();
  expectState(must(listed).accounts, Completeness::Failed, "EmptyOrganization");
  expectState(must(listed).groups, Completeness::Complete);
}

TEST(AnOrganisationWithoutDomains, HasFailedInThatPart) {
  World world;
  world.transport.on(kApi + "domains", {ok(R"({"domainVO":[]})")});
  const auto listed = world.list();
  expectState(must(listed).domainList, Completeness::Failed, "EmptyDomainList");
  expectState(must(listed).accounts, Completeness::Complete);
}

TEST(AnOrganisationWithoutGroups, IsComplete) {
  World world;
  world.transport.on(kApi + "groups", {ok(R"({"count":0,"groups":[]})")});
  const auto listed = world.list();
  expectState(must(listed).groups, Completeness::Complete);
}

TEST(ADomainRowWithoutAName, MakesTheDomainsIncomplete) {
  World world;
  world.transport.on(kApi + "domains", {ok(R"({"domainVO":[{"domainName":"fjordlab.example"},{}]})")});
  const auto listed = world.list();
  expectState(must(listed).domainList, Completeness::Failed, "MalformedRows");
  EXPECT_NE(must(listed).domain("fjordlab.example"), nullptr);
}

TEST(AnAddressThatIsNeitherPrimaryNorAlias, IsLeftOutWhileTheDomainsAreUnknown) {
  const std::string user = R"({"zuid":1,"emailAddress":[{"mailId":"x@fjord.example","isConfirmed":true}]})";
  World knowing;
  knowing.transport.on(kApi + "accounts", pages({user}, 500));
  EXPECT_THAT(shown(must(knowing.list())), Contains("x@fjord.example 2"));

  World ignorant;
  ignorant.transport.on(kApi + "accounts", pages({user}, 500));
  ignorant.transport.on(kApi + "domains", {answer(500, "")});
  const auto listed = ignorant.list();
  EXPECT_THAT(shown(must(listed)), Not(Contains("x@fjord.example 2")));
  EXPECT_EQ(must(listed).skipped, 1U);
}

TEST(WhatIsLeftOut, IsCountedOnceThoughThePageComesTwice) {
  World world;
  world.transport.on(kApi + "accounts", {ok(payload::kAccounts)});
  EXPECT_EQ(must(world.list()).skipped, 1U);
}

TEST(WhatIsLeftOut, IsCountedOnceThoughItsRowComesOnTwoPages) {
  const auto userWithOutsideAddress = [](std::size_t id) {
    const std::string number = std::to_string(id);
    return R"({"zuid":)" + number + R"(,"emailAddress":[{"mailId":"u)" + number + R"(@webmail.example"}]})";
  };
  const auto groupWithBadAlias = [](std::size_t id) {
    const std::string number = std::to_string(id);
    return R"({"zgid":)" + number + R"(,"emailId":"g)" + number + R"(@fjordlab.example","aliasList":["nonsense"]})";
  };
  World world;
  world.transport.on(kApi + "accounts", pages(manyRows(userWithOutsideAddress, 0, 30), 10));
  world.transport.on(kApi + "groups", pages(manyRows(groupWithBadAlias, 0, 30), 10));
  EXPECT_EQ(must(world.list()).skipped, 60U);
}

TEST(OneAddressInSeveralRows, AddsUpItsKindsAndIsBlockedOnlyWhenAllSaySo) {
  const api::Address address{"a", "x.example"};
  using api::Kind;
  EXPECT_EQ(merged({{address, Kind::Primary, true}, {address, Kind::Alias, true}}),
            (std::vector<api::ZohoAddress>{{address, Kind::Primary | Kind::Alias, true}}));
  EXPECT_EQ(merged({{address, Kind::Primary, true}, {address, Kind::Group, false}, {address, Kind::Alias, true}}),
            (std::vector<api::ZohoAddress>{{address, Kind::Primary | Kind::Group | Kind::Alias, false}}));
}

TEST(TheAddressesOfAListing, AreSortedByDomainFirst) {
  const auto sorted = merged({{{"z", "a.example"}, api::Kind::Primary},
                              {{"a", "b.example"}, api::Kind::Primary},
                              {{"b", "a.example"}, api::Kind::Primary}});
  std::vector<std::string> texts;
  texts.reserve(sorted.size());
  for (const auto& entry : sorted) texts.push_back(entry.address.text());
  EXPECT_THAT(texts, ElementsAre("b@a.example", "z@a.example", "a@b.example"));
}

}  // namespace
}  // namespace splitdelivery::zoho
