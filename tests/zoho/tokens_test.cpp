#include "zoho/tokens.h"

#include <gtest/gtest.h>

#include "zoho/answer.h"
#include "zoho/token_answer.h"
#include "zoho/world.h"

namespace splitdelivery::zoho {
namespace {

using namespace std::chrono_literals;
using base::ErrorKind;
using testing::accountOfTheTests;
using testing::answer;
using testing::FakeTransport;
using testing::kTokenPath;
using testing::MemoryStore;
using testing::VirtualExecutor;
namespace payload = splitdelivery::testing::payload;

/// Each mint gives another token: "token-1", "token-2", …
struct Bench {
  Bench() {
    transport.on(kTokenPath, [n = 0](const http::Request&) mutable {
      return answer(200, R"({"access_token":"token-)" + std::to_string(++n) + R"(","expires_in":3600})");
    });
  }

  base::Result<base::Secret> get() { return executor.run(tokens->get({})); }
  std::string text() { return get().value().reveal(); }
  void restart() {
    kept = std::make_unique<KeptRecord>(executor, store, account.digest());
    tokens = std::make_unique<Tokens>(executor, transport, *kept, account);
  }

  VirtualExecutor executor;
  FakeTransport transport{executor};
  MemoryStore store;
  Account account = accountOfTheTests();
  std::unique_ptr<KeptRecord> kept = std::make_unique<KeptRecord>(executor, store, account.digest());
  std::unique_ptr<Tokens> tokens = std::make_unique<Tokens>(executor, transport, *kept, account);
};

TEST(AToken, IsAskedForWithEverySecretInTheBodyAndNoneInTheAddress) {
  Bench bench;
  ASSERT_TRUE(bench.get().has_value());
  const auto& request = bench.transport.seen().at(0).request;
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.origin, "https://accounts.zoho.eu");
  EXPECT_EQ(request.path, "/oauth/v2/token");
  EXPECT_EQ(request.contentType, "application/x-www-form-urlencoded");
  EXPECT_TRUE(request.authorization.empty());
  EXPECT_EQ(request.trustAdvice, kTrustAdvice);
  EXPECT_EQ(request.body,
            "client_id=1000.CLIENT&client_secret=s3cr3t%26of%3Dthe%20client&grant_type=client_credentials"
            "&scope=ZohoMail.organization.accounts.READ%2CZohoMail.organization.groups.READ"
            "%2CZohoMail.organization.domains.READ&soid=ZohoMail.810220000");
}

TEST(AToken, IsAskedForWithTheRefreshTokenWhenThereIsOne) {
  Bench bench;
  bench.account.refreshToken = base::Secret(payload::kRefreshToken);
  bench.restart();
  ASSERT_TRUE(bench.get().has_value());
  const auto& request = bench.transport.seen().at(0).request;
  EXPECT_EQ(request.path, "/oauth/v2/token");
  EXPECT_EQ(request.body,
            "client_id=1000.CLIENT&client_secret=s3cr3t%26of%3Dthe%20client&grant_type=refresh_token"
            "&refresh_token=1000.refresh%2Btoken");
}

TEST(AToken, IsKeptForItsHourLessAMinute) {
  Bench bench;
  EXPECT_EQ(bench.text(), "token-1");
  bench.executor.advance(58min + 59s);
  EXPECT_EQ(bench.text(), "token-1");
  bench.executor.advance(2s);
  EXPECT_EQ(bench.text(), "token-2");
}

TEST(AToken, OutlivesARestart) {
  Bench bench;
  EXPECT_EQ(bench.text(), "token-1");
  bench.restart();
  EXPECT_EQ(bench.text(), "token-1");
  EXPECT_EQ(bench.transport.seen().size(), 1U);
  bench.executor.advance(1h);
  bench.restart();
  EXPECT_EQ(bench.text(), "token-2") << "but not its own end";
}

TEST(AToken, IsMadeOnceForAllWhoAskAtTheSameTime) {
  Bench bench;
  bench.transport.on(kTokenPath, {testing::after(5s, answer(200, payload::kToken))});
  std::vector<base::Task<base::Result<base::Secret>>> tasks;
  tasks.reserve(20);
  for (int i = 0; i < 20; ++i) tasks.push_back(bench.tokens->get({}));
  for (const auto& token : bench.executor.run(base::all(bench.executor, std::move(tasks)))) {
    EXPECT_EQ(token.value().reveal(), payload::kAccessToken);
  }
  EXPECT_EQ(bench.transport.seen().size(), 1U);
}

TEST(AToken, ThatTheApiRefusedIsReplacedOnce) {
  Bench bench;
  const auto refused = bench.get().value();
  bench.tokens->forget(refused);
  EXPECT_EQ(bench.text(), "token-2");
  bench.tokens->forget(refused);
  EXPECT_EQ(bench.text(), "token-2") << "somebody else's late complaint about the old one";
}

TEST(AToken, IsWrittenDownAsAskedForBeforeItIsAskedFor) {
  Bench bench;
  std::size_t known = 0;
  bench.transport.on(kTokenPath, [&](const http::Request&) {
    known = bench.store.records[bench.account.digest()].mints.size();
    return testing::lost(http::reason::kTimedOut);
  });
  EXPECT_EQ(bench.get().error().reason, "TimedOut");
  EXPECT_EQ(known, 1U);
}

TEST(TheEleventhMintInTenMinutes, IsRefusedHereAndNeverSent) {
  Bench bench;
  for (int i = 0; i < 10; ++i) {
    const auto token = bench.get();
    ASSERT_TRUE(token.has_value()) << i;
    bench.tokens->forget(*token);
    bench.executor.advance(30s);
  }
  const auto eleventh = bench.get();
  ASSERT_FALSE(eleventh.has_value());
  EXPECT_EQ(eleventh.error().kind, ErrorKind::Wait);
  EXPECT_EQ(eleventh.error().reason, "TokenThrottled");
  payload::expectDiscreet(eleventh.error());
  EXPECT_EQ(bench.transport.seen().size(), 10U);

  const auto pause = eleventh.error().retryAfter.value_or(0s);
  EXPECT_GE(pause, 300s);
  EXPECT_LE(pause, 320s);
  bench.executor.advance(pause - 1s);
  EXPECT_FALSE(bench.get().has_value());
  bench.executor.advance(1s);
  EXPECT_EQ(bench.text(), "token-11");
}

TEST(TheEleventhMintInTenMinutes, IsRefusedAlsoWhenEachWasAProcessOfItsOwn) {
  Bench bench;
  for (int i = 0; i < 10; ++i) {
    const auto token = bench.get();
    ASSERT_TRUE(token.has_value()) << i;
    // A crash loop whose store keeps no tokens, as the ConfigMap does.
    bench.store.records[bench.account.digest()].accessToken = base::Secret{};
    bench.restart();
    bench.executor.advance(1s);
  }
  EXPECT_EQ(bench.get().error().reason, "TokenThrottled");
  EXPECT_EQ(bench.transport.seen().size(), 10U);
}

TEST(TheTokensOfADay, NeverExceedTheWindowHoweverOftenTheyAreRefused) {
  Bench bench;
  for (int i = 0; i < 24 * 60; ++i) {
    if (const auto token = bench.get()) bench.tokens->forget(*token);
    bench.executor.advance(1min - 7s);
  }
  const auto& seen = bench.transport.seen();
  ASSERT_GT(seen.size(), 1000U) << "and yet uses it";
  for (std::size_t i = kMintsPerWindow; i < seen.size(); ++i) {
    ASSERT_GT(seen[i].at - seen[i - kMintsPerWindow].at, kMintWindow);
  }
}

TEST(AMintThatNeverLeft, IsNotCounted) {
  Bench bench;
  for (const auto reason : {http::reason::kConnectFailed, http::reason::kHostNotFound, http::reason::kTlsFailed,
                            http::reason::kPlainHttp, http::reason::kInvalidRequest}) {
    bench.transport.on(kTokenPath, {testing::lost(reason)});
    for (int i = 0; i < 5; ++i) EXPECT_EQ(bench.get().error().reason, reason);
  }
  EXPECT_EQ(bench.transport.seen().size(), 25U);
}

TEST(AMintThatNeverLeft, IsTakenBackForTheProcessesThatFollowToo) {
  Bench bench;
  bench.transport.on(kTokenPath, {testing::lost(http::reason::kConnectFailed)});
  for (int i = 0; i < 11; ++i) {
    EXPECT_EQ(bench.get().error().reason, "ConnectFailed") << i;
    bench.executor.advance(1s);
    bench.restart();
  }
  EXPECT_TRUE(bench.store.records[bench.account.digest()].mints.empty());
}

TEST(AMintThatNeverLeft, TakesNoOtherMintBackWithIt) {
  Bench bench;
  bench.transport.on(kTokenPath, {testing::lost(http::reason::kTimedOut), testing::lost(http::reason::kConnectFailed)});
  const auto first = bench.executor.wallTime();
  EXPECT_EQ(bench.get().error().reason, "TimedOut");
  bench.executor.advance(1s);
  EXPECT_EQ(bench.get().error().reason, "ConnectFailed");
  EXPECT_EQ(bench.store.records[bench.account.digest()].mints, std::vector{first});
}

TEST(AMintThatMayHaveArrived, IsCounted) {
  Bench bench;
  bench.transport.on(kTokenPath, {testing::lost(http::reason::kConnectionLost)});
  for (int i = 0; i < 10; ++i) EXPECT_EQ(bench.get().error().reason, "ConnectionLost");
  EXPECT_EQ(bench.get().error().reason, "TokenThrottled");
  EXPECT_EQ(bench.transport.seen().size(), 10U);
}

TEST(ALockedAccount, IsLeftAloneUntilTheLockIsOverAlsoAfterARestart) {
  Bench bench;
  bench.transport.on(kTokenPath,
                     {answer(400, payload::kTokenThrottle, {{"retry-after", "480"}}), answer(200, payload::kToken)});
  EXPECT_EQ(bench.get().error().retryAfter, 480s);
  bench.executor.advance(100s);
  bench.restart();
  const auto locked = bench.get();
  EXPECT_EQ(locked.error().kind, ErrorKind::Wait);
  EXPECT_EQ(locked.error().reason, "TokenThrottled");
  EXPECT_EQ(locked.error().retryAfter, 380s);
  EXPECT_EQ(bench.transport.seen().size(), 1U);
  bench.executor.advance(380s);
  EXPECT_TRUE(bench.get().has_value());
}

TEST(AClockThatWasPutBack, LocksNobodyOutForLongerThanTheWindow) {
  Bench bench;
  for (int i = 0; i < 10; ++i) bench.tokens->forget(bench.get().value());
  bench.executor.setWallTime(bench.executor.wallTime() - 24h * 365);
  EXPECT_LE(bench.get().error().retryAfter.value_or(24h), 610s);
  bench.executor.advance(610s);
  EXPECT_TRUE(bench.get().has_value());
}

TEST(AClockThatWasPutBack, ShortensALockFromTheFuture) {
  Bench bench;
  auto& record = bench.store.records[bench.account.digest()];
  record.lockedUntil = bench.executor.wallTime() + 24h * 365;
  EXPECT_LE(bench.get().error().retryAfter.value_or(48h), 24h);
  bench.executor.advance(24h);
  EXPECT_TRUE(bench.get().has_value());
}

TEST(AStop, ThatCameFirstMintsNothing) {
  Bench bench;
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(bench.executor.run(bench.tokens->get(stop.get_token())).error().kind, ErrorKind::Stopped);
  EXPECT_TRUE(bench.transport.seen().empty());
}

TEST(AStop, OfTheOneWhoAskedFirstDoesNotStopTheOthers) {
  Bench bench;
  bench.transport.on(kTokenPath, {testing::after(10s, answer(200, payload::kToken))});
  std::stop_source stop;
  std::vector<base::Task<base::Result<base::Secret>>> tasks;
  tasks.push_back(bench.tokens->get(stop.get_token()));
  tasks.push_back(bench.tokens->get({}));
  bench.executor.runAt(bench.executor.now() + 1s, [&] { stop.request_stop(); });
  const auto results = bench.executor.run(base::all(bench.executor, std::move(tasks)));
  EXPECT_EQ(results[0].error().kind, ErrorKind::Stopped);
  EXPECT_TRUE(results[1].has_value());
}

TEST(ARefusedMint, PassesItsErrorOn) {
  Bench bench;
  bench.transport.on(kTokenPath, {answer(200, R"({"error":"invalid_client"})")});
  const auto token = bench.get();
  EXPECT_EQ(token.error().kind, ErrorKind::Stall);
  EXPECT_EQ(token.error().reason, "InvalidClient");
}

TEST(AnAccount, IsToldApartByEveryPartOfIt) {
  const auto base = accountOfTheTests();
  const auto differs = [&](auto change) {
    auto other = base;
    change(other);
    return other.digest() != base.digest();
  };
  EXPECT_TRUE(differs([](Account& a) { a.organizationId = "1"; }));
  EXPECT_TRUE(differs([](Account& a) { a.accountsUrl = "1"; }));
  EXPECT_TRUE(differs([](Account& a) { a.mailUrl = "1"; }));
  EXPECT_TRUE(differs([](Account& a) { a.clientId = "1"; }));
  EXPECT_TRUE(differs([](Account& a) { a.clientSecret = base::Secret("1"); }));
  EXPECT_TRUE(differs([](Account& a) { a.refreshToken = base::Secret("1"); }));
  EXPECT_EQ(base.digest(), accountOfTheTests().digest());
  EXPECT_EQ(base.digest().find("s3cr3t"), std::string::npos);
}

}  // namespace
}  // namespace splitdelivery::zoho
