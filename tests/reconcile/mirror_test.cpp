// spec.addresses.mirrorMainDomain: an alias domain has the main domain's addresses.

#include "reconcile/mirror.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "support/message_style.h"
#include "zoho/listing.h"

namespace splitdelivery::reconcile {
namespace {

using api::Completeness;
using api::Kind;
using api::ZohoAddress;
using base::ErrorKind;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// alias.example is an alias of main.example; other.example is a domain of its own.
struct World {
  api::Spec spec{};
  api::Listing listing{};

  World() {
    spec.domain = "alias.example";
    spec.zoho.organizationId = "60012345";
    spec.addresses.mirrorMainDomain = true;
    listing.domainList.completeness = Completeness::Complete;
    listing.domains = {{.name = "alias.example", .alias = true, .aliasOf = "main.example"},
                       {.name = "main.example", .alias = false},
                       {.name = "other.example", .alias = false}};
    lists("anna@main.example").lists("bob@main.example", Kind::Alias).lists("jo@other.example");
  }
  World& lists(const std::string& address, api::Kinds kinds = Kind::Primary, bool blocked = false) {
    listing.addresses.push_back({api::parseAddress(address).value(), kinds, blocked});
    listing.addresses = zoho::merged(std::move(listing.addresses));
    return *this;
  }
  api::ZohoDomain& own() { return listing.domains.front(); }
  [[nodiscard]] base::Result<std::vector<ZohoAddress>> addresses() const { return addressesFor(spec, listing); }
  [[nodiscard]] std::vector<std::string> texts() const {
    std::vector<std::string> all;
    const auto listed = addresses().value();
    for (const ZohoAddress& entry : listed) all.push_back(entry.address.text());
    return all;
  }
  void expectError(ErrorKind kind, const std::string& reason, const std::string& part) const {
    const auto result = addresses();
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, kind);
    EXPECT_EQ(result.error().reason, reason);
    EXPECT_THAT(result.error().message, HasSubstr(part));
    testing::expectStyle(result.error());
  }
};

TEST(WithoutMirroring, TheDomainHasItsOwnAddresses) {
  World world;
  world.spec.addresses.mirrorMainDomain = false;
  world.listing.domainList.completeness = Completeness::Failed;
  EXPECT_THAT(world.texts(), IsEmpty());
  world.lists("zoe@alias.example");
  EXPECT_THAT(world.texts(), ElementsAre("zoe@alias.example"));
}

TEST(Mirroring, GivesTheMainDomainsAddressesInTheAliasesName) {
  const World world;
  EXPECT_THAT(world.texts(), ElementsAre("anna@alias.example", "bob@alias.example"));
  EXPECT_EQ(world.addresses()->at(1).kinds, api::Kinds(Kind::Alias)) << "which part of the listing it came from stays";
}

TEST(Mirroring, AddsWhatTheAliasHasOfItsOwnEachOnce) {
  World world;
  world.lists("zoe@alias.example").lists("anna@alias.example", Kind::Group).lists("adam@alias.example");
  EXPECT_THAT(world.texts(),
              ElementsAre("adam@alias.example", "anna@alias.example", "bob@alias.example", "zoe@alias.example"));
  EXPECT_EQ(world.addresses()->at(1).kinds, Kind::Primary | Kind::Group);
}

TEST(Mirroring, AnAddressIsBlockedOnlyWhenItIsOnBothSides) {
  World world;
  world.lists("kim@main.example", Kind::Primary, true).lists("lee@main.example", Kind::Primary, true);
  world.lists("lee@alias.example", Kind::Alias, false);
  const auto all = world.addresses().value();
  const auto blocked = [&](const std::string& local) {
    return std::ranges::find(all, local, [](const auto& entry) { return entry.address.local; })->blocked;
  };
  EXPECT_TRUE(blocked("kim"));
  EXPECT_FALSE(blocked("lee"));
}

TEST(Mirroring, TakesTheOnlyMainDomainWhereTheLinkIsSaidNowhere) {
  World world;
  world.own().aliasOf.clear();
  world.expectError(ErrorKind::Retry, "MainDomainUnknown", "does not say which domain it is an alias of");
  world.listing.domains.pop_back();
  EXPECT_THAT(world.texts(), ElementsAre("anna@alias.example", "bob@alias.example"));
  world.listing.domains.push_back({.name = "unsaid.example"});
  world.expectError(ErrorKind::Retry, "MainDomainUnknown", "spec.addresses.extra");
}

TEST(Mirroring, ADomainThatIsNoAliasStalls) {
  World world;
  world.own().alias = false;
  world.expectError(ErrorKind::Stall, "NotAnAliasDomain", "Zoho says that alias.example is a domain of its own");
  world.spec.domain = "third.example";
  world.expectError(ErrorKind::Stall, "NotAnAliasDomain", "it has alias.example, main.example, other.example");
}

TEST(Mirroring, ConcludesNothingFromAListThatIsNotComplete) {
  for (const auto completeness : {Completeness::Failed, Completeness::Stagnant}) {
    World world;
    world.listing.domainList.completeness = completeness;
    world.expectError(ErrorKind::Retry, "MainDomainUnknown", "Zoho's list of domains is not complete");
    world.listing.domainList.error = base::Error{ErrorKind::Stall, "ScopeMissing", "the scope is missing: grant it"};
    world.expectError(ErrorKind::Retry, "MainDomainUnknown", "the scope is missing: grant it");
    world.listing.domains.clear();
    world.expectError(ErrorKind::Retry, "MainDomainUnknown", "alias.example");
  }
}

TEST(Mirroring, ConcludesNothingFromALinkThatLeadsNowhere) {
  World world;
  for (const char* main : {"vanished.example", "alias.example"}) {
    world.own().aliasOf = main;
    world.expectError(ErrorKind::Retry, "MainDomainUnknown", "no main domain");
  }
  world.own().aliasOf = "main.example";
  world.listing.domains[1].alias = true;
  world.expectError(ErrorKind::Retry, "MainDomainUnknown", "no main domain");
}

TEST(Mirroring, TakesTheLinkWhereTheFlagIsNotSaid) {
  World world;
  world.own().alias.reset();
  EXPECT_THAT(world.texts(), ElementsAre("anna@alias.example", "bob@alias.example"));
  world.own().aliasOf.clear();
  world.expectError(ErrorKind::Retry, "MainDomainUnknown", "does not say whether it is an alias domain");
}

TEST(Mirroring, AMainDomainWithoutAddressesGivesNone) {
  World world;
  world.listing.addresses.clear();
  EXPECT_THAT(world.texts(), IsEmpty());
}

}  // namespace
}  // namespace splitdelivery::reconcile
