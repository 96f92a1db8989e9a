#include "cli/uncovered_watch.h"

#include <gtest/gtest.h>

#include "base/await.h"
#include "cli/two_systems.h"

namespace splitdelivery::cli {
namespace {

using namespace std::chrono_literals;

/// A watch over one resource, and how often it has asked the mail server.
struct Watched : TwoSystems {
  std::size_t asked() {
    std::stop_source stop;
    UncoveredWatch watch(executor, accounts);
    watch.snapshotIs(snapshot);
    bool ended = false;
    base::spawn(executor, watch.follow(stop.get_token()), [&](const auto&, const auto&) { ended = true; });
    executor.advance(1min);
    stop.request_stop();
    executor.advance(1s);
    EXPECT_TRUE(ended);
    return world.journal.requests("da", "GET");
  }
  Watched() {
    api::SplitDeliveryDomain resource;
    resource.key = {"default", "example-com"};
    resource.spec.domain = "example.com";
    resource.spec.directAdmin = {.server = simulators::VirtualNetwork::kDirectAdmin, .credentialsSecret = "d"};
    snapshot.resources = {resource};
    api::SecretObject login{.key = {"default", "d"}, .values = {}};
    login.values.emplace("username", base::Secret("user"));
    login.values.emplace("loginKey", base::Secret("key"));
    snapshot.secrets.emplace(login.key, login);
  }
  source::Snapshot snapshot;
};

TEST(TheWatchForUncoveredDomains, AsksTheServer) {
  Watched place;
  EXPECT_GT(place.asked(), 0U);
}

TEST(TheWatchForUncoveredDomains, AccusesNobodyWhileADocumentCannotBeRead) {
  Watched place;
  place.snapshot.errors.push_back({"b.yaml", "spec.domain is missing"});
  EXPECT_EQ(place.asked(), 0U);
}

}  // namespace
}  // namespace splitdelivery::cli
