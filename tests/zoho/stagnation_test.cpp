#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "zoho/listed.h"
#include "zoho/world.h"

namespace splitdelivery::zoho {
namespace {

using namespace splitdelivery::testing;  // NOLINT(google-build-using-namespace)
using api::Completeness;
using ::testing::Contains;
using ::testing::Not;

// The list of groups of some tenants never gets beyond the ten lowest ids.
struct StagnatingWorld : World {
  explicit StagnatingWorld(std::size_t mentioned) {
    transport.on(kApi + "groups", {ok(R"({"count":10,"groups":[)" + joined(manyRows(groupRow, 0, 10)) + "]}")});
    const std::string mentions = joined(manyRows(groupRow, 100, 100 + mentioned));
    transport.on(kApi + "accounts", pages({R"({"zuid":1,"groupList":[)" + mentions + "]}"}, 500));
    for (std::size_t i = 100; i < 100 + mentioned; ++i) {
      transport.on(kApi + "groups/" + std::to_string(i), {ok(groupWithAlias(std::to_string(i)))});
    }
  }

  static std::string groupWithAlias(const std::string& id) {
    return R"({"zgid":")" + id + R"(","emailId":"g)" + id + R"(@fjordlab.example","aliasList":["alias)" + id +
           R"(@fjordlab.example"]})";
  }
};

TEST(AStagnatingListOfGroups, IsCompletedFromWhatUsersKnowButStaysStagnant) {
  StagnatingWorld world(2);
  const auto listed = world.list();
  const auto& listing = must(listed);
  expectState(listing.groups, Completeness::Stagnant, "ListingStagnant");
  EXPECT_THAT(shown(listing), Contains("g100@fjordlab.example 4"));
  EXPECT_THAT(shown(listing), Contains("alias101@fjordlab.example 8"));
  EXPECT_EQ(listing.addresses.size(), 10U + 2U * 2U);
}

TEST(AStagnatingListOfGroups, AsksForNoMoreThanTenGroups) {
  StagnatingWorld world(15);
  const auto listed = world.list();
  EXPECT_EQ(world.transport.count(kApi + "groups/"), 10U);
  EXPECT_EQ(must(listed).addresses.size(), 10U + 15U + 10U) << "the rest at least by name";
}

TEST(AStagnatingListOfGroups, LosesNothingWhenTheGroupsThemselvesCannotBeRead) {
  for (const auto& trouble : {answer(429, ""), answer(500, ""), answer(404, "REMOTE-TEXT"), ok("[]"),
                              ok(R"({"zgid":7,"emailId":"stranger@fjordlab.example"})")}) {
    StagnatingWorld world(2);
    world.transport.on(kApi + "groups/100", {trouble});
    world.transport.on(kApi + "groups/101", {trouble});
    const auto listed = world.list();
    expectState(must(listed).groups, Completeness::Stagnant, "ListingStagnant");
    EXPECT_EQ(must(listed).addresses.size(), 10U + 2U);
    EXPECT_THAT(shown(must(listed)), Not(Contains("stranger@fjordlab.example 4")));
  }
}

TEST(AListOfGroups, ThatBringsFewerThanItCountsIsStagnant) {
  World world;
  world.transport.on(kApi + "accounts", pages({userRow(1)}, 500));
  world.transport.on(kApi + "groups", pages(manyRows(groupRow, 0, 4), 25, R"({"count":5,"groups":[)", "]}"));
  expectState(must(world.list()).groups, Completeness::Stagnant, "ListingStagnant");
}

TEST(AListOfUsers, ThatRepeatsItselfIsStagnant) {
  World world;
  world.transport.on(kApi + "accounts", {ok("[" + joined(manyRows(userRow, 0, 10)) + "]")});
  const auto listed = world.list();
  expectState(must(listed).accounts, Completeness::Stagnant, "ListingStagnant");
  EXPECT_EQ(must(listed).addresses.size(), 10U + 4U);
}

}  // namespace
}  // namespace splitdelivery::zoho
