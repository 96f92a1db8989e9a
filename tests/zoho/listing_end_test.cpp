#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "zoho/listed.h"
#include "zoho/world.h"

namespace splitdelivery::zoho {
namespace {

using namespace std::chrono_literals;
using namespace splitdelivery::testing;  // NOLINT(google-build-using-namespace)
using api::Completeness;
using ::testing::Contains;

/// The server of `pages`, which loses its first row after the first answer.
FakeTransport::Handler pagesThatMove(const std::vector<std::string>& rows, std::size_t cap) {
  return [before = pages(rows, cap), after = pages({rows.begin() + 1, rows.end()}, cap),
          first = true](const http::Request& request) mutable {
    return std::exchange(first, false) ? before(request) : after(request);
  };
}

TEST(SomebodyWhoLeavesBetweenTwoPages, MakesThatListIncompleteForThisTimeAndNoOther) {
  World world;
  world.transport.on(kApi + "accounts", pagesThatMove(manyRows(userRow, 0, 25), 10));
  const auto users = world.list();
  expectState(must(users).accounts, Completeness::Failed, "ListingMoved");
  expectState(must(users).groups, Completeness::Complete);

  world.executor.advance(1min);
  const auto later = world.list();
  expectState(must(later).accounts, Completeness::Complete);
  EXPECT_THAT(shown(must(later)), Contains("u10@fjordlab.example 1")) << "who had moved into the gap";
}

TEST(AGroupThatGoesBetweenTwoPages, MakesThatListIncomplete) {
  World world;
  world.transport.on(kApi + "groups", pagesThatMove(manyRows(groupRow, 0, 40), 25));
  const auto listed = world.list();
  expectState(must(listed).groups, Completeness::Failed, "ListingMoved");
  expectState(must(listed).accounts, Completeness::Complete);
}

TEST(SomebodyWhoLeavesFromTheLastPage, MakesTheListIncompleteOnlyWhenNobodyFollows) {
  World world;
  world.transport.on(kApi + "accounts", pagesThatMove(manyRows(userRow, 0, 5), 10));
  expectState(must(world.list()).accounts, Completeness::Complete);
  world.transport.on(kApi + "accounts", [first = true](const http::Request&) mutable {
    return std::exchange(first, false) ? ok("[" + userRow(1) + "," + userRow(2) + "]") : ok("[" + userRow(1) + "]");
  });
  world.executor.advance(1min);
  expectState(must(world.list()).accounts, Completeness::Complete);
}

/// Gives `rows` from `start` 0 and `behind` from any other.
FakeTransport::Handler onePageAnd(Answer rows, Answer behind) {
  return [rows = std::move(rows), behind = std::move(behind)](const http::Request& request) {
    return request.path.find("start=0&") != std::string::npos ? rows : behind;
  };
}

const std::vector<Answer> kNothing{ok("[]"), ok("{}"), ok("null"), answer(200, R"({"status":{"code":200}})")};

TEST(AListOfUsers, MayEndInAnyShapeOfNothing) {
  for (const auto& nothing : kNothing) {
    World world;
    world.transport.on(kApi + "accounts", onePageAnd(ok(payload::kAccounts), nothing));
    const auto listed = world.list();
    expectState(must(listed).accounts, Completeness::Complete);
    EXPECT_EQ(world.transport.count(kApi + "accounts"), 3U) << "the page is looked at once more";
  }
}

TEST(AListOfGroups, MayEndInAnyShapeOfNothing) {
  auto shapes = kNothing;
  shapes.push_back(ok(R"({"count":3})"));
  shapes.push_back(ok(R"({"count":"0","groups":null})"));
  for (const auto& nothing : shapes) {
    World world;
    world.transport.on(kApi + "groups", onePageAnd(ok(payload::kGroups), nothing));
    expectState(must(world.list()).groups, Completeness::Complete);
  }
}

TEST(AListOfGroups, ThatEndsWithAHigherCountThanItBroughtIsStagnant) {
  World world;
  world.transport.on(kApi + "groups", onePageAnd(ok(payload::kGroups), ok(R"({"count":4})")));
  expectState(must(world.list()).groups, Completeness::Stagnant, "ListingStagnant");
}

TEST(AFirstPage, OfNoListAtAllIsAFailure) {
  for (const char* part : {"accounts", "groups", "domains"}) {
    for (const auto& nothing : {ok("null"), answer(200, R"({"status":{"code":200}})")}) {
      World world;
      world.transport.on(kApi + part, {nothing});
      const auto listed = world.list();
      const auto& listing = must(listed);
      expectState(part == std::string_view("accounts") ? listing.accounts
                  : part == std::string_view("groups") ? listing.groups
                                                       : listing.domainList,
                  Completeness::Failed, "UnexpectedAnswer");
    }
  }
  World world;
  world.transport.on(kApi + "accounts", {ok("{}")});
  world.transport.on(kApi + "groups", {ok("{}")});
  const auto listed = world.list();
  expectState(must(listed).accounts, Completeness::Failed, "MalformedRows");
  expectState(must(listed).groups, Completeness::Failed, "UnexpectedAnswer");
}

}  // namespace
}  // namespace splitdelivery::zoho
