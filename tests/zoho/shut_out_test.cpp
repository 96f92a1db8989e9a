// Staying away from Zoho over restarts, and what ends it (S9).

#include <gtest/gtest.h>

#include "zoho/organization.h"
#include "zoho/world.h"

namespace splitdelivery::zoho {
namespace {

using namespace std::chrono_literals;
using namespace splitdelivery::testing;  // NOLINT(google-build-using-namespace)
using base::ErrorKind;

/// An organisation whose client is unknown until `mended`.
struct Refusing : World {
  Refusing() {
    transport.on(kTokenPath, [this](const http::Request&) {
      return mended ? answer(200, payload::kToken) : answer(200, R"({"error":"invalid_client"})");
    });
  }
  api::AccountRecord& record() { return store.records[accountOfTheTests().digest()]; }
  bool mended = false;
};

TEST(S9ACronWithAWrongSecret, KnocksMoreAndMoreSlowly) {
  Refusing world;
  for (int minute = 0; minute < 24 * 60; ++minute) {
    world.restart();
    const auto listing = world.list();
    ASSERT_FALSE(listing.has_value());
    ASSERT_EQ(listing.error().kind, ErrorKind::Stall);
    ASSERT_EQ(listing.error().reason, "InvalidClient");
    payload::expectDiscreet(listing.error());
    world.executor.advance(1min);
  }
  EXPECT_LE(world.transport.seen().size(), 30U);
  EXPECT_GE(world.transport.seen().size(), 20U);
}

TEST(S9ACronWithAWrongSecret, IsServedOnceTheCredentialsWork) {
  Refusing world;
  EXPECT_FALSE(world.list().has_value());
  world.mended = true;
  world.restart();
  const auto early = world.list();
  ASSERT_FALSE(early.has_value());
  EXPECT_LE(early.error().retryAfter, 5min);
  world.executor.advance(5min + 1s);
  world.restart();
  EXPECT_TRUE(world.list().has_value());
  EXPECT_FALSE(world.record().lockedUntil.has_value()) << "and nothing is left of it";
  world.restart();
  EXPECT_TRUE(world.list().has_value());
}

TEST(ARefusal, LocksNobodyForLongWhenTheClockIsPutBack) {
  Refusing world;
  EXPECT_FALSE(world.list().has_value());
  world.executor.setWallTime(world.executor.wallTime() - 24h * 30);
  world.mended = true;
  world.restart();
  EXPECT_LE(world.list().error().retryAfter, 1h);
  world.executor.advance(1h);
  world.restart();
  EXPECT_TRUE(world.list().has_value());
}

TEST(AnOtherSecret, IsAnotherAccountAndTriedAtOnce) {
  Refusing world;
  EXPECT_FALSE(world.list().has_value());
  world.mended = true;
  auto account = accountOfTheTests();
  account.clientSecret = base::Secret("another");
  world.organization = std::make_unique<Organization>(world.executor, world.transport, world.store, account);
  EXPECT_TRUE(world.list().has_value());
}

TEST(AThrottledOrganization, IsLeftAloneByTheNextProcessToo) {
  World world;
  world.transport.on(kApi + "domains", {answer(429, "REMOTE-TEXT", {{"retry-after", "90"}}), ok(payload::kDomains)});
  EXPECT_EQ(world.list().error().retryAfter, 90s);
  world.executor.advance(30s);
  world.restart();
  const auto next = world.list();
  ASSERT_FALSE(next.has_value());
  EXPECT_EQ(next.error().kind, ErrorKind::Wait);
  EXPECT_EQ(next.error().reason, "Throttled");
  EXPECT_EQ(next.error().retryAfter, 60s);
  payload::expectDiscreet(next.error());
  EXPECT_EQ(world.transport.count(kApi), 1U);
  world.executor.advance(60s);
  world.restart();
  EXPECT_TRUE(world.list().has_value());
}

TEST(AThrottledOrganization, IsNotHurriedByAPerson) {
  World world;
  world.transport.on(kApi + "domains", {answer(400, R"({"x":"URL_ROLLING_THROTTLES_LIMIT_EXCEEDED"})")});
  EXPECT_EQ(world.list().error().reason, "Throttled");
  world.executor.advance(40s);
  world.organization->tryAgain();
  EXPECT_EQ(world.list().error().reason, "Throttled");
  EXPECT_EQ(world.transport.count(kApi), 1U);
}

TEST(APerson, EndsThePauseAfterARefusalOnceInHalfAMinute) {
  Refusing world;
  EXPECT_FALSE(world.list().has_value());
  for (int second = 0; second < 120; ++second) {
    world.organization->tryAgain();
    EXPECT_FALSE(world.list().has_value());
    world.executor.advance(1s);
  }
  EXPECT_GE(world.transport.seen().size(), 4U);
  EXPECT_LE(world.transport.seen().size(), 5U);
  world.mended = true;
  world.executor.advance(30s);
  world.organization->tryAgain();
  EXPECT_TRUE(world.list().has_value());
}

TEST(APerson, EndsAPauseThatAnEarlierProcessHasLeft) {
  Refusing world;
  EXPECT_FALSE(world.list().has_value());
  world.executor.advance(40s);
  world.mended = true;
  world.restart();
  world.organization->tryAgain();
  EXPECT_TRUE(world.list().has_value());
}

TEST(APerson, GetsANewListingInPlaceOfTheSharedOne) {
  World world;
  const auto first = world.list().value();
  EXPECT_EQ(world.list().value(), first);
  world.organization->tryAgain();
  EXPECT_NE(world.list().value(), first);
}

TEST(APerson, WhoAsksForAWholeFleetSpendsHalfOfTheMinutesCallsAndSharesFromThenOn) {
  World world;
  const auto began = world.executor.now();
  for (int resource = 0; resource < 50; ++resource) {
    world.organization->tryAgain();
    ASSERT_TRUE(world.list().has_value());
  }
  EXPECT_LT(world.executor.now() - began, 10s) << "nobody has waited for the minute to end";
  EXPECT_LE(world.organization->state().callsLastMinute, 20U);
  EXPECT_GE(world.transport.count(kApi + "domains"), 2U);
  const auto shared = world.list().value();
  world.executor.advance(61s);
  world.organization->tryAgain();
  EXPECT_NE(world.list().value(), shared) << "a minute later there are calls again";
}

TEST(TheState, TellsWhatWasAskedForAndWhetherWeAreShutOut) {
  World world;
  const auto fresh = world.organization->state();
  EXPECT_FALSE(fresh.shutOut);
  EXPECT_EQ(fresh.callsLastMinute + fresh.mintsLast10Minutes + fresh.minted, 0U);
  ASSERT_TRUE(world.list().has_value());
  const auto used = world.organization->state();
  EXPECT_EQ(used.callsLastMinute, world.transport.count(kApi));
  EXPECT_EQ(used.mintsLast10Minutes, 1U);
  EXPECT_EQ(used.minted, 1U);
  world.executor.advance(11min);
  const auto later = world.organization->state();
  EXPECT_EQ(later.callsLastMinute, 0U);
  EXPECT_EQ(later.mintsLast10Minutes, 0U);
  EXPECT_EQ(later.minted, 1U) << "a counter";

  world.transport.on(kApi + "domains", {answer(429, ""), ok(payload::kDomains)});
  ASSERT_FALSE(world.list().has_value());
  EXPECT_TRUE(world.organization->state().shutOut);
  EXPECT_GT(world.organization->state().waits.value_or(0s), 1min) << "until when it may be asked again";
  world.executor.advance(10min);
  EXPECT_FALSE(world.organization->state().shutOut);
}

TEST(TheState, IsShutOutAfterARefusal) {
  Refusing world;
  EXPECT_FALSE(world.list().has_value());
  EXPECT_TRUE(world.organization->state().shutOut);
  EXPECT_EQ(world.organization->state().waits, std::nullopt) << "no wait ends that";
}

TEST(EveryRequest, SaysWhomItAsksAndForWhatInFixedWords) {
  World world;
  world.transport.on(kApi + "groups",
                     [](const http::Request&) { return ok(joined(manyRows(groupRow, 0, 10)).insert(0, "[") + "]"); });
  world.transport.on(kApi + "groups/810220900", {answer(500, "")});
  ASSERT_TRUE(world.list().has_value());
  std::set<std::string_view> endpoints;
  for (const auto& seen : world.transport.seen()) {
    EXPECT_EQ(seen.request.provider, "zoho");
    endpoints.insert(seen.request.endpoint);
  }
  EXPECT_EQ(endpoints, (std::set<std::string_view>{"token", "domains", "accounts", "groups", "group"}));
}

TEST(TheFirstRows, AreWhatSomebodySeesWhoKnowsOfNoPages) {
  World world;
  world.transport.on(kApi + "accounts", [](const http::Request& request) {
    EXPECT_EQ(request.path, kApi + "accounts");
    return ok("[" + joined(manyRows(userRow, 0, 10)) + "]");
  });
  world.transport.on(kApi + "groups", {ok(payload::kGroups)});
  const auto seen = world.executor.run(world.organization->firstRows({}));
  ASSERT_TRUE(seen.has_value());
  EXPECT_EQ(seen->size(), 14U) << "ten users, two groups, an alias of each";
  EXPECT_TRUE(std::ranges::binary_search(*seen, api::Address{"help", "fjordlab.example"}));
}

TEST(TheFirstRows, AreNotAskedForWhileWeAreShutOut) {
  Refusing world;
  EXPECT_FALSE(world.list().has_value());
  const auto rows = world.executor.run(world.organization->firstRows({}));
  EXPECT_EQ(rows.error().reason, "InvalidClient");
  EXPECT_EQ(world.transport.seen().size(), 1U);
}

}  // namespace
}  // namespace splitdelivery::zoho
