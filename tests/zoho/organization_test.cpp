#include "zoho/organization.h"

#include <gtest/gtest.h>

#include "zoho/answer.h"
#include "zoho/world.h"

namespace splitdelivery::zoho {
namespace {

using namespace std::chrono_literals;
using namespace splitdelivery::testing;  // NOLINT(google-build-using-namespace)
using base::ErrorKind;

std::vector<World::Listed> listTogether(World& world, std::size_t askers) {
  std::vector<base::Task<World::Listed>> tasks;
  tasks.reserve(askers);
  for (std::size_t i = 0; i < askers; ++i) tasks.push_back(world.organization->listing({}));
  return world.executor.run(base::all(world.executor, std::move(tasks)));
}

TEST(AnOrganization, GivesOneListingToAllWhoAskAtTheSameTime) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    World world(seed);
    world.transport.on(kTokenPath, {after(2s, answer(200, payload::kToken))});
    world.transport.on(kApi + "domains", {after(2s, ok(payload::kDomains))});
    const auto listings = listTogether(world, 2);
    ASSERT_TRUE(listings[0].has_value() && listings[1].has_value());
    EXPECT_EQ(listings[0]->get(), listings[1]->get());
    EXPECT_EQ(world.transport.count(kTokenPath), 1U);
    EXPECT_EQ(world.transport.count(kApi + "domains"), 1U);
    EXPECT_EQ(world.transport.count(kApi + "accounts"), 2U);
  }
}

TEST(AnOrganization, GivesTheSameListingForAMinute) {
  World world;
  const auto first = world.list().value();
  world.executor.advance(59s);
  EXPECT_EQ(world.list().value(), first);
  world.executor.advance(1s);
  EXPECT_NE(world.list().value(), first);
  EXPECT_EQ(world.transport.count(kApi + "domains"), 2U);
}

TEST(AnOrganization, SharesAListingWithFailedPartsToo) {
  World world;
  world.transport.on(kApi + "groups", {answer(500, "")});
  const auto first = world.list().value();
  EXPECT_FALSE(first->groups.complete());
  world.executor.advance(30s);
  EXPECT_EQ(world.list().value(), first);
}

TEST(AnOrganization, AsksAgainAfterAPassingError) {
  World world;
  world.transport.on(kApi + "domains", {lost(http::reason::kConnectFailed), ok(payload::kDomains)});
  EXPECT_EQ(world.list().error().reason, "ConnectFailed");
  EXPECT_TRUE(world.list().has_value());
}

TEST(ARequestThatCouldNotBeSent, KeepsNobodyWaitingOnceItIsMended) {
  for (const auto reason : {http::reason::kTlsFailed, http::reason::kPlainHttp, http::reason::kInvalidRequest}) {
    World world;
    world.transport.on(kTokenPath, {stalled(reason), answer(200, payload::kToken)});
    EXPECT_EQ(world.list().error().kind, ErrorKind::Stall);
    EXPECT_TRUE(world.list().has_value()) << reason << " is no refusal of Zoho's";
  }
}

TEST(ARequestOfTheMailApi, NamesWhatToDoAboutAnUntrustedCertificate) {
  World world;
  ASSERT_TRUE(world.list().has_value());
  for (const auto& seen : world.transport.seen()) EXPECT_EQ(seen.request.trustAdvice, kTrustAdvice);
}

TEST(ARestartedProcess, GoesOnWithTheStoredToken) {
  World world;
  ASSERT_TRUE(world.list().has_value());
  world.restart();
  ASSERT_TRUE(world.list().has_value());
  EXPECT_EQ(world.transport.count(kApi + "domains"), 2U);
  EXPECT_EQ(world.transport.count(kTokenPath), 1U);
}

TEST(ATokenThatExpires, IsRenewedBeforeTheNextListing) {
  World world;
  for (int i = 0; i <= 24; ++i) {
    ASSERT_TRUE(world.list().has_value());
    world.executor.advance(5min);
  }
  EXPECT_EQ(world.transport.count(kTokenPath), 3U) << "two hours and a token for each, the third at the end";
}

TEST(ATokenThatDiesInTheMiddle, IsReplacedAndTheListingGoesOn) {
  World world;
  world.transport.on(kTokenPath, {answer(200, payload::kToken), answer(200, R"({"access_token":"second"})")});
  world.transport.on(kApi + "groups", [](const http::Request& request) {
    if (request.authorization.reveal() != "Zoho-oauthtoken second") return answer(401, payload::kTokenRefused);
    return ok(R"({"count":0,"groups":[]})");
  });
  const auto listing = world.list();
  ASSERT_TRUE(listing.has_value());
  EXPECT_TRUE((*listing)->groups.complete());
  EXPECT_TRUE((*listing)->accounts.complete());
  EXPECT_EQ(world.transport.count(kTokenPath), 2U);
  EXPECT_EQ(world.transport.count(kApi + "groups"), 2U);
}

TEST(ATokenThatIsRefusedAtOnce, IsMintedOnceMoreAndNoMore) {
  World world;
  world.transport.on(kApi + "domains", {answer(401, payload::kTokenRefused)});
  const auto listing = world.list();
  EXPECT_EQ(listing.error().reason, "TokenRefused");
  EXPECT_NE(listing.error().message.find("data centre"), std::string::npos);
  EXPECT_EQ(world.transport.count(kTokenPath), 2U);
  EXPECT_EQ(world.transport.count(kApi), 2U);
}

TEST(RefusedCredentials, AreNotTriedAgainByTheNextWhoAsks) {
  World world;
  world.transport.on(kTokenPath, {answer(200, R"({"error":"invalid_client"})")});
  for (int i = 0; i < 100; ++i) {
    const auto listing = world.list();
    ASSERT_FALSE(listing.has_value());
    EXPECT_EQ(listing.error().kind, ErrorKind::Stall);
    EXPECT_EQ(listing.error().reason, "InvalidClient");
    payload::expectDiscreet(listing.error());
    world.executor.advance(1s);
  }
  EXPECT_EQ(world.transport.seen().size(), 1U);
}

TEST(RefusedCredentials, AreProbedMoreAndMoreSlowlyAndForgottenWhenTheyWorkAgain) {
  World world;
  bool mended = false;
  world.transport.on(kTokenPath, [&](const http::Request&) {
    return mended ? answer(200, payload::kToken) : answer(200, R"({"error":"invalid_client"})");
  });
  for (int minute = 0; minute < 24 * 60; ++minute) {
    ASSERT_FALSE(world.list().has_value());
    world.executor.advance(1min);
  }
  EXPECT_LE(world.transport.seen().size(), 30U);
  EXPECT_GE(world.transport.seen().size(), 20U);

  mended = true;
  world.executor.advance(1h);
  EXPECT_TRUE(world.list().has_value());
  world.executor.advance(1min);
  EXPECT_TRUE(world.list().has_value());
}

TEST(AnAccountThatCannotBeReached, IsNotTakenForRefused) {
  World world;
  world.transport.on(kTokenPath, {{base::fail(ErrorKind::Stall, std::string(http::reason::kTlsFailed),
                                              "The certificate of the host is not trusted.")},
                                  answer(200, payload::kToken)});
  EXPECT_EQ(world.list().error().reason, "TLSFailed");
  EXPECT_TRUE(world.list().has_value());
}

TEST(AThrottledOrganization, IsLeftAloneForAsLongAsZohoAsks) {
  World world;
  world.transport.on(kApi + "domains", {answer(429, "REMOTE-TEXT", {{"retry-after", "90"}}), ok(payload::kDomains)});
  EXPECT_EQ(world.list().error().retryAfter, 90s);
  world.executor.advance(30s);
  const auto meanwhile = world.list();
  EXPECT_EQ(meanwhile.error().kind, ErrorKind::Wait);
  EXPECT_EQ(meanwhile.error().reason, "Throttled");
  EXPECT_EQ(meanwhile.error().retryAfter, 60s);
  EXPECT_EQ(world.transport.count(kApi), 1U);
  world.executor.advance(60s);
  EXPECT_TRUE(world.list().has_value());
}

TEST(AThrottledOrganization, IsLeftAloneForMinutesWhenZohoDoesNotSay) {
  World world;
  world.transport.on(kApi + "accounts", {answer(400, R"({"error":{"title":"URL_ROLLING_THROTTLES_LIMIT_EXCEEDED"}})")});
  EXPECT_GE(world.list().error().retryAfter, 2min);
  const auto requests = world.transport.seen().size();
  world.executor.advance(1min);
  EXPECT_FALSE(world.list().has_value());
  EXPECT_EQ(world.transport.seen().size(), requests);
}

TEST(AStop, EndsTheListingOfTheOneWhoAskedAndNotOfTheOthers) {
  World world;
  world.transport.on(kApi + "domains", {after(10s, ok(payload::kDomains))});
  std::stop_source stop;
  std::vector<base::Task<World::Listed>> tasks;
  tasks.push_back(world.organization->listing(stop.get_token()));
  tasks.push_back(world.organization->listing({}));
  world.executor.runAt(world.executor.now() + 1s, [&] { stop.request_stop(); });
  int stopped = 0;
  int listed = 0;
  for (const auto& listing : world.executor.run(base::all(world.executor, std::move(tasks)))) {
    if (listing) ++listed;
    if (!listing && listing.error().kind == ErrorKind::Stopped) ++stopped;
  }
  EXPECT_GE(listed, 1);
  EXPECT_EQ(listed + stopped, 2);
}

TEST(NoSecret, LeavesInAnAddressOrAHeader) {
  World world;
  ASSERT_TRUE(world.list().has_value());
  for (const auto& seen : world.transport.seen()) {
    for (const char* secret : {payload::kAccessToken, payload::kClientSecret, "s3cr3t"}) {
      EXPECT_EQ(seen.request.path.find(secret), std::string::npos);
      for (const auto& [name, value] : seen.request.headers) EXPECT_EQ(value.find(secret), std::string::npos) << name;
    }
  }
}

}  // namespace
}  // namespace splitdelivery::zoho
