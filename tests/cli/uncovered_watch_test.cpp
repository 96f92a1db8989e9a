#include "cli/uncovered_watch.h"

#include <gtest/gtest.h>

#include "base/await.h"
#include "cli/two_systems.h"

namespace splitdelivery::cli {
namespace {

using namespace std::chrono_literals;

/// A watch over one resource, and how often it has asked the mail server.
struct Watched : TwoSystems {
  ~Watched() {
    stop.request_stop();
    executor.advance(1s);
    EXPECT_TRUE(ended);
  }
  void start() {
    base::spawn(executor, watch.follow(stop.get_token()), [this](const auto&, const auto&) { ended = true; });
  }
  std::size_t askedAfter(base::Duration span) {
    executor.advance(span);
    return world.journal.requests("da", "GET");
  }
  Watched() {
    api::SplitDeliveryDomain resource;
    resource.key = {"default", "example-com"};
    resource.spec.domain = "example.com";
    resource.spec.directAdmin = {.server = simulators::VirtualNetwork::kDirectAdmin, .credentialsSecret = "d"};
    snapshot->resources = {resource};
    api::SecretObject login{.key = {"default", "d"}, .values = {}};
    login.values.emplace("username", base::Secret("user"));
    login.values.emplace("loginKey", base::Secret("key"));
    snapshot->secrets.emplace(login.key, login);
  }
  std::optional<source::Snapshot> snapshot{source::Snapshot{}};
  UncoveredWatch watch{executor, accounts, [this] { return snapshot; }};
  std::stop_source stop;
  bool ended = false;
};

TEST(TheWatchForUncoveredDomains, AsksTheServerAtOnceAndThenEveryHour) {
  Watched place;
  place.start();
  const std::size_t first = place.askedAfter(1min);
  EXPECT_GT(first, 0U);
  EXPECT_EQ(place.askedAfter(58min), first);
  EXPECT_GT(place.askedAfter(2min), first);
}

TEST(TheWatchForUncoveredDomains, AccusesNobodyUntilAllIsKnown) {
  Watched place;
  auto all = std::exchange(place.snapshot, std::nullopt);
  place.start();
  EXPECT_EQ(place.askedAfter(3h), 0U);
  place.snapshot = std::move(all);
  EXPECT_GT(place.askedAfter(1min), 0U) << "and then does not wait for the hour";
}

}  // namespace
}  // namespace splitdelivery::cli
