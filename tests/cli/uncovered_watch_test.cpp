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
    resource.spec.zoho = {.organizationId = kOrganization,
                          .dataCenter = "us",
                          .accountsUrl = simulators::VirtualNetwork::kAccounts,
                          .mailUrl = simulators::VirtualNetwork::kMail,
                          .credentialsSecret = "z"};
    resource.spec.directAdmin = {.server = simulators::VirtualNetwork::kDirectAdmin, .credentialsSecret = "d"};
    snapshot->resources = {resource};
    api::SecretObject login{.key = {"default", "d"}, .values = {}};
    login.values.emplace("username", base::Secret("user"));
    login.values.emplace("loginKey", base::Secret("key"));
    snapshot->secrets.emplace(login.key, login);
    api::SecretObject client{.key = {"default", "z"}, .values = {}};
    client.values.emplace("clientId", base::Secret("1000.SIMCLIENT"));
    client.values.emplace("clientSecret", base::Secret("simsecret"));
    snapshot->secrets.emplace(client.key, client);
  }
  std::optional<source::Snapshot> snapshot{source::Snapshot{}};
  std::optional<std::size_t> told;
  UncoveredWatch watch{executor, accounts, [this] { return snapshot; }, [this](std::size_t count) { told = count; }};
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

TEST(TheWatchForUncoveredDomains, TellsHowManyThereAreUntilTheyAreCovered) {
  Watched place;
  for (const char* name : {"second.example", "third.example"}) {
    place.world.da.addDomain("user", name);
    place.world.zoho.addDomain(TwoSystems::kOrganization, {.name = name});
  }
  place.world.da.addDomain("user", "not-at-zoho.example");
  place.start();
  place.executor.advance(1min);
  EXPECT_EQ(place.told, 2U);
  auto second = place.snapshot->resources.front();
  second.key.name = "second";
  second.spec.domain = "second.example";
  place.snapshot->resources.push_back(second);
  place.executor.advance(1h);
  EXPECT_EQ(place.told, 1U);
  place.network.setDown(simulators::VirtualNetwork::kDirectAdmin, true);
  place.executor.advance(1h);
  EXPECT_EQ(place.told, 1U) << "of a server that cannot be asked nothing new is known";
  place.network.setDown(simulators::VirtualNetwork::kDirectAdmin, false);
  place.world.da.removeDomain("third.example");
  place.executor.advance(1h);
  EXPECT_EQ(place.told, 0U);
}

TEST(TheWatchForUncoveredDomains, DoesNotCountWhatIsCoveredOrGoneWhileAnotherAccountCannotBeAsked) {
  Watched place;
  for (const char* name : {"second.example", "third.example"}) {
    place.world.da.addDomain("user", name);
    place.world.zoho.addDomain(TwoSystems::kOrganization, {.name = name});
  }
  auto strange = place.snapshot->resources.front();
  strange.key.name = "strange";
  strange.spec.domain = "strange.example";
  strange.spec.directAdmin.credentialsSecret = "missing";
  place.snapshot->resources.push_back(strange);
  place.start();
  place.executor.advance(1min);
  EXPECT_EQ(place.told, 2U);
  place.world.da.removeDomain("third.example");
  place.executor.advance(1h);
  EXPECT_EQ(place.told, 1U) << "gone";
  place.network.setDown(simulators::VirtualNetwork::kDirectAdmin, true);
  place.executor.advance(1h);
  EXPECT_EQ(place.told, 1U) << "nothing is known";
  place.snapshot->resources.back().spec.domain = "second.example";
  place.executor.advance(1h);
  EXPECT_EQ(place.told, 0U) << "covered, though no account could be asked";
}

TEST(TheWatchForUncoveredDomains, GoesOnCountingWhatAnOrganisationThatCannotBeAskedHad) {
  Watched place;
  place.world.da.addDomain("user", "second.example");
  place.world.zoho.addDomain(TwoSystems::kOrganization, {.name = "second.example"});
  place.start();
  place.executor.advance(1min);
  EXPECT_EQ(place.told, 1U);
  place.snapshot->resources.front().spec.zoho.credentialsSecret = "missing";
  place.executor.advance(1h);
  EXPECT_EQ(place.told, 1U);
}

}  // namespace
}  // namespace splitdelivery::cli
