#include "cli/discover.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/two_systems.h"

namespace splitdelivery::cli {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

/// example.com has its resource; example.net and other.example are hosted beside it, and Zoho has example.net.
struct Place : TwoSystems {
  Place() {
    world.zoho.addOrganization(
        {.id = kOrganization, .domains = {{.name = "example.com", .primary = true}, {.name = "example.net"}}});
    world.zoho.addUser(kOrganization, {.email = "anna@example.com"});
    world.da.addDomain("user", "example.net");
    world.da.addDomain("user", "other.example");
    api::SplitDeliveryDomain resource;
    resource.key = {"mail", "example-com"};
    resource.spec.domain = "example.com";
    resource.spec.policy = api::Policy::Sync;
    resource.spec.routingHost = "mx.example.com";
    const auto hosts = api::zohoHosts("us").value();
    resource.spec.zoho = {.organizationId = kOrganization,
                          .dataCenter = "us",
                          .accountsUrl = std::string(hosts.accountsUrl),
                          .mailUrl = std::string(hosts.mailUrl),
                          .credentialsSecret = "z"};
    resource.spec.directAdmin = {.server = simulators::VirtualNetwork::kDirectAdmin, .credentialsSecret = "d"};
    snapshot.resources = {resource};
    secret("z", {{"clientId", "1000.SIMCLIENT"}, {"clientSecret", "simsecret"}});
    secret("d", {{"username", "user"}, {"loginKey", "key"}});
  }

  void secret(const std::string& name, std::map<std::string, std::string> values) {
    api::SecretObject object{.key = {"mail", name}, .values = {}};
    for (auto& [key, value] : values) object.values.emplace(key, base::Secret(value));
    snapshot.secrets.insert_or_assign(object.key, object);
  }

  DiscoverResult run() { return executor.run(discover(accounts, snapshot, {})); }
  reconcile::Uncovered find() { return executor.run(reconcile::findUncovered(accounts, snapshot, {})); }

  source::Snapshot snapshot;
};

TEST(Discover, PrintsAResourceForEachDomainThatZohoHasToo) {
  Place place;
  const auto result = place.run();
  EXPECT_TRUE(result.complete);
  EXPECT_THAT(result.report, IsEmpty());
  const auto back = readBack(result.yaml);
  EXPECT_THAT(back.errors, IsEmpty());
  ASSERT_THAT(back.resources, SizeIs(1));
  const auto& found = back.resources.front();
  const auto& like = place.snapshot.resources.front();
  EXPECT_EQ(found.key.text(), "mail/example-net");
  EXPECT_EQ(found.spec.domain, "example.net");
  EXPECT_EQ(found.spec.policy, api::Policy::Observe);
  EXPECT_EQ(found.spec.routingHost, "mx.example.net") << "as the other one's stands to its domain";
  EXPECT_EQ(found.spec.zoho, like.spec.zoho);
  EXPECT_EQ(found.spec.directAdmin, like.spec.directAdmin);
  EXPECT_THAT(found.annotations, IsEmpty());
}

TEST(Discover, ListsWhatZohoDoesNotHaveAsAComment) {
  Place place;
  EXPECT_THAT(place.run().yaml, HasSubstr("# - other.example (as mail/example-com)\n"));
}

TEST(Discover, AsksEachAccountOnceAndOnlyReads) {
  Place place;
  auto second = place.snapshot.resources.front();
  second.key.name = "second";
  second.spec.domain = "example.net";
  place.snapshot.resources.push_back(second);
  EXPECT_EQ(place.find().domains,
            (std::vector<reconcile::UncoveredDomain>{{"other.example", {"mail", "example-com"}, false}}));
  EXPECT_EQ(place.world.journal.requests("da", "GET"), 1U);
  EXPECT_EQ(place.world.journal.requests("da", "POST"), 0U);
}

TEST(Discover, SaysSoWhenNothingIsLeft) {
  Place place;
  place.world.da.addDomain("user", "example.org");
  for (const char* domain : {"example.net", "other.example", "example.org"}) {
    auto other = place.snapshot.resources.front();
    other.key.name = domain;
    other.spec.domain = domain;
    place.snapshot.resources.push_back(other);
  }
  const auto result = place.run();
  EXPECT_EQ(result.yaml, "# Every hosted domain has its resource.\n");
  EXPECT_TRUE(result.complete);
}

TEST(Discover, FindsTheOrganisationAmongSeveralOfOneServerAccount) {
  Place place;
  place.world.zoho.addOrganization({.id = "70000001", .domains = {{.name = "other.example", .primary = true}}});
  place.world.zoho.addUser("70000001", {.email = "bob@other.example"});
  place.world.da.addDomain("user", "third.example");
  auto second = place.snapshot.resources.front();
  second.key.name = "third-example";
  second.spec.domain = "third.example";
  second.spec.zoho.organizationId = "70000001";
  place.snapshot.resources.push_back(second);
  EXPECT_THAT(place.find().domains,
              ElementsAre(reconcile::UncoveredDomain{"example.net", {"mail", "example-com"}, true},
                          reconcile::UncoveredDomain{"other.example", {"mail", "third-example"}, true}));
}

TEST(Discover, SaysNothingOfADomainThatItCouldNotAskZohoFor) {
  Place place;
  place.network.setDown(simulators::VirtualNetwork::kMail, true);
  const auto result = place.run();
  EXPECT_FALSE(result.complete);
  EXPECT_THAT(readBack(result.yaml).resources, IsEmpty());
  EXPECT_THAT(result.yaml, Not(HasSubstr("Every hosted domain")));
  EXPECT_THAT(result.yaml, Not(HasSubstr("other.example"))) << "it may be at Zoho";
  EXPECT_THAT(result.report, AllOf(HasSubstr("mail/example-com: "), HasSubstr("may be missing")));
}

TEST(Discover, NamesTheServerThatCouldNotBeAskedOnce) {
  Place place;
  place.network.setDown(simulators::VirtualNetwork::kDirectAdmin, true);
  auto second = place.snapshot.resources.front();
  second.key.name = "second";
  place.snapshot.resources.push_back(second);
  const auto found = place.find();
  EXPECT_THAT(found.domains, IsEmpty());
  EXPECT_THAT(found.unasked, SizeIs(1));
}

TEST(Discover, NamesASecretThatIsMissing) {
  Place place;
  place.snapshot.secrets.clear();
  EXPECT_THAT(place.run().report, HasSubstr("Secret mail/d"));
}

TEST(Discover, GivesNoNameThatIsTaken) {
  Place place;
  auto second = place.snapshot.resources.front();
  second.key.name = "example-net";
  second.spec.domain = "elsewhere.example";
  place.snapshot.resources.push_back(second);
  const auto back = readBack(place.run().yaml);
  ASSERT_THAT(back.resources, SizeIs(1));
  EXPECT_EQ(back.resources.front().key.name, "example-net-2");
}

}  // namespace
}  // namespace splitdelivery::cli
