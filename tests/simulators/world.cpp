#include "simulators/world.h"

#include <string>
#include <utility>

namespace splitdelivery::simulators {
namespace {

constexpr std::size_t kFirstOrganization = 60'010'000;

std::string domainName(std::size_t number) {
  return "d" + std::to_string(number) + ".example.com";
}

/// One of each account that has caught somebody out, in the organisation's first domain.
void addOddAccounts(Zoho& zoho, const std::string& organization, const std::string& domain) {
  zoho.addUser(organization, {.email = "traps@" + domain,
                              .aliases = {"traps-alias@" + domain},
                              .unconfirmedAliases = {"traps-unconfirmed@" + domain},
                              .outside = {"traps.home@webmail.example"}});
  zoho.addUser(organization, {.email = "traps-blocked@" + domain, .incomingBlocked = true, .disabled = true});
  zoho.addGroup(organization, {.name = "Traps", .email = "traps-group@" + domain, .members = {"traps@" + domain}});
  zoho.addGroup(organization, {.name = "Department without an address"});
}

void fillOrganization(World& world, std::size_t number, const BenchSize& size) {
  const std::string id = std::to_string(kFirstOrganization + number);
  const std::size_t first = number * size.domainsPerOrganization;
  world.zoho.addOrganization({.id = id});
  for (std::size_t i = 0; i < size.domainsPerOrganization; ++i) {
    world.zoho.addDomain(id, {.name = domainName(first + i), .primary = i == 0});
    world.da.addDomain("dauser0", domainName(first + i));
    addMailRecords(world.dns, domainName(first + i));
  }
  for (std::size_t user = 0; user < size.users; ++user) {
    const auto domain = domainName(first + user % size.domainsPerOrganization);
    world.zoho.addUser(id, {.email = "user" + std::to_string(user) + '@' + domain});
  }
  if (size.traps) addOddAccounts(world.zoho, id, domainName(first));
}

void takeTrapsAway(ZohoBehavior& behavior) {
  behavior.callsPerMinute = 0;
  behavior.groupsStart = 0;
  behavior.pagedDomains = true;
}

void addDemoOrganization(Zoho& zoho) {
  const std::string id = "60012345";
  zoho.addOrganization({.id = id});
  zoho.addDomain(id, {.name = "example.com", .primary = true});
  zoho.addUser(id,
               {.email = "anna@example.com", .aliases = {"hello@example.com"}, .name = "Anna", .role = "super_admin"});
  zoho.addUser(id, {.email = "ben@example.com", .aliases = {"benjamin@example.com"}, .name = "Ben"});
  zoho.addUser(id, {.email = "dora@example.com", .name = "Dora"});
  zoho.addUser(id, {.email = "erik@example.com", .outside = {"erik.home@webmail.example"}, .name = "Erik"});
  zoho.addUser(id, {.email = "kim@example.com", .name = "Kim"});
  zoho.addUser(id, {.email = "lena@example.com", .unconfirmedAliases = {"lena.new@example.com"}, .name = "Lena"});
  zoho.addUser(id, {.email = "mia@example.com", .incomingBlocked = true, .disabled = true, .name = "Mia"});
  zoho.addUser(id, {.email = "tom@example.com", .name = "Tom"});
  zoho.addGroup(id, {.name = "Sales",
                     .email = "sales@example.com",
                     .aliases = {"orders@example.com"},
                     .members = {"anna@example.com", "ben@example.com"}});
  zoho.addGroup(
      id, {.name = "Support", .email = "support@example.com", .members = {"dora@example.com"}, .sharedMailbox = true});
  zoho.addGroup(id, {.name = "Finance", .members = {"erik@example.com", "tom@example.com"}});
}

void addDemoServer(DirectAdmin& da) {
  da.addAccount({.user = "demo", .keys = {{.key = "demo-login-key"}}});
  da.addDomain("demo", "example.com");
  da.setForwarder("example.com", "anna", "anna@zoho.example.com");
  da.setForwarder("example.com", "kim", "kim@elsewhere.example");
  da.setForwarder("example.com", "paul", "paul@zoho.example.com");
  da.setForwarder("example.com", "press", "bob-local@example.com");
  da.addMailbox("example.com", "bob-local", {.usage = 12.4});
  da.addMailbox("example.com", "shop", {.usage = 301.5});
  da.addMailbox("example.com", "dora", {.usage = 88});
}

}  // namespace

void fillBenchWorld(World& world, BenchSize size) {
  if (!size.traps) takeTrapsAway(world.zoho.behavior);
  world.da.addAccount({.user = "dauser0", .keys = {{.key = "dakey0"}}});
  for (std::size_t number = 0; number < size.organizations; ++number) fillOrganization(world, number, size);
}

void fillDemoWorld(World& world, bool traps) {
  if (!traps) takeTrapsAway(world.zoho.behavior);
  addDemoOrganization(world.zoho);
  addDemoServer(world.da);
  addMailRecords(world.dns, "example.com");
}

}  // namespace splitdelivery::simulators
