#include "simulators/world.h"

#include <gmock/gmock.h>

#include "simulators/asking.h"

namespace splitdelivery::simulators {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::Pair;
using ::testing::SizeIs;

std::vector<std::string> emailsOf(World& world, const std::string& organization) {
  std::vector<std::string> emails;
  for (const auto& user : world.zoho.organization(organization).users) emails.push_back(user.email);
  return emails;
}

TEST(TheBenchWorld, DealsUsersInTurnToTheDomainsOfTheirOrganization) {
  World world;
  fillBenchWorld(world, {.organizations = 2, .domainsPerOrganization = 2, .users = 3, .traps = false});
  EXPECT_THAT(emailsOf(world, "60010000"),
              ElementsAre("user0@d0.example.com", "user1@d1.example.com", "user2@d0.example.com"));
  EXPECT_THAT(emailsOf(world, "60010001"),
              ElementsAre("user0@d2.example.com", "user1@d3.example.com", "user2@d2.example.com"));
  EXPECT_EQ(get(world.da, "/CMD_API_SHOW_DOMAINS?json=yes").body,
            R"(["d0.example.com","d1.example.com","d2.example.com","d3.example.com"])");
  EXPECT_FALSE(tokenOf(askForToken(world.zoho, clientCredentials("60010001"))).empty());
  EXPECT_THAT(world.zoho.organization("60010000").domains, SizeIs(2));
}

TEST(TheBenchWorld, HasTrapsOrLetsClientsRunFreely) {
  World with;
  fillBenchWorld(with, {.users = 1, .traps = true});
  EXPECT_THAT(emailsOf(with, "60010000"), SizeIs(3));
  EXPECT_THAT(with.zoho.organization("60010000").groups, SizeIs(2));
  EXPECT_EQ(with.zoho.behavior.callsPerMinute, 30U);

  World without;
  fillBenchWorld(without, {.users = 1, .traps = false});
  EXPECT_THAT(emailsOf(without, "60010000"), SizeIs(1));
  EXPECT_EQ(without.zoho.behavior.callsPerMinute, 0U);
}

TEST(TheDemoWorld, HasOneOfEverythingThatAFirstSyncMeets) {
  World world;
  fillDemoWorld(world);
  EXPECT_THAT(emailsOf(world, "60012345"), SizeIs(8));
  EXPECT_TRUE(world.zoho.user("60012345", "mia@example.com").incomingBlocked);
  EXPECT_THAT(world.zoho.user("60012345", "lena@example.com").unconfirmedAliases, SizeIs(1));
  const auto& forwarders = world.da.forwarders("example.com");
  EXPECT_THAT(forwarders, Contains(Pair("anna", "anna@zoho.example.com"))) << "right already";
  EXPECT_THAT(forwarders, Contains(Pair("kim", "kim@elsewhere.example"))) << "in conflict";
  EXPECT_THAT(forwarders, Contains(Pair("paul", "paul@zoho.example.com"))) << "nobody's";
  EXPECT_THAT(world.da.domain("example.com").mailboxes, Contains(Key("dora"))) << "a mailbox in the way";
  EXPECT_THAT(world.journal.changes(), IsEmpty());
  const auto login = as(Request::make("GET", "/CMD_API_SHOW_DOMAINS?json=yes"), "demo", "demo-login-key");
  EXPECT_EQ(world.da.handle(login, kNoon).body, R"(["example.com"])");
}

TEST(TheDemoWorld, HasTrapsOrLetsClientsRunFreely) {
  World with;
  fillDemoWorld(with);
  EXPECT_EQ(with.zoho.behavior.callsPerMinute, 30U);
  World without;
  fillDemoWorld(without, false);
  EXPECT_EQ(without.zoho.behavior.callsPerMinute, 0U);
  EXPECT_EQ(emailsOf(without, "60012345"), emailsOf(with, "60012345"));
}

}  // namespace
}  // namespace splitdelivery::simulators
