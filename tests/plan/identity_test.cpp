// S16: identity.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plan/world.h"

namespace splitdelivery::plan {
namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;

TEST(S16, AfterAChangeOfIdentityNothingIsOurs) {
  const struct {
    const char* what;
    std::string api::Identity::*field;
  } table[] = {{"provider", &api::Identity::provider},
               {"host", &api::Identity::host},
               {"user", &api::Identity::user},
               {"organisation", &api::Identity::organization}};
  for (const auto& row : table) {
    SCOPED_TRACE(row.what);
    World world = without(inSync(), 1);
    world.identity.*row.field = "another";
    const Plan plan = world.plan();
    EXPECT_FALSE(plan.writes());
    EXPECT_THAT(plan.held, IsEmpty());
    EXPECT_EQ(plan.counts.found, 9U);
    EXPECT_EQ(plan.counts.unmanaged, 1U);
    EXPECT_THAT(plan.ledger.entries, IsEmpty());
    EXPECT_EQ(plan.ledger.identity, world.identity);
  }
}

TEST(S16, AdoptAloneTakesTheStillWantedOnesIn) {
  World world = without(inSync(), 1);
  world.identity.host = "https://other.example:2222";
  world.adopt = true;
  const Plan plan = world.plan();
  EXPECT_EQ(plan.counts.managed, 9U);
  EXPECT_FALSE(plan.writes());
}

TEST(S16, TheCountOfTheDaySurvivesAChangeOfIdentity) {
  World world = inSync();
  world.ledger.changes = {{world.now - 1h, 7}};
  world.identity.user = "another";
  EXPECT_EQ(world.plan().ledger.changes, world.ledger.changes);
}

}  // namespace
}  // namespace splitdelivery::plan
