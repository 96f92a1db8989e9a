#include "simulators/options.h"

#include <gmock/gmock.h>

#include <vector>

namespace splitdelivery::simulators {
namespace {

using ::testing::HasSubstr;

Options parse(std::vector<const char*> arguments) {
  return parseOptions(arguments);
}

TEST(TheFlags, AreThoseOfTheLauncher) {
  const Options options =
      parse({"-zoho=127.0.0.1:1", "-da=127.0.0.1:2", "-mxroute=127.0.0.1:3", "-control=127.0.0.1:4", "-dns=127.0.0.1:5",
             "-orgs=30", "-domains-per-org=10", "-users=200", "-traps=false", "-token-limit=0"});
  EXPECT_EQ(options.zoho, "127.0.0.1:1");
  EXPECT_EQ(options.da, "127.0.0.1:2");
  EXPECT_EQ(options.control, "127.0.0.1:4");
  EXPECT_EQ(options.dns, "127.0.0.1:5");
  EXPECT_EQ(options.bench.organizations, 30U);
  EXPECT_EQ(options.bench.domainsPerOrganization, 10U);
  EXPECT_EQ(options.bench.users, 200U);
  EXPECT_FALSE(options.bench.traps);
  EXPECT_EQ(options.tokenLimit, 0U);
  EXPECT_FALSE(options.demo);
}

TEST(TheFlags, TakeOneDashOrTwoAndHaveDefaults) {
  EXPECT_TRUE(parse({"--world=demo"}).demo);
  EXPECT_FALSE(parse({"-world=demo", "-traps=false"}).bench.traps);
  EXPECT_TRUE(parse({"-help"}).help);
  EXPECT_TRUE(parse({"--help"}).help);
  const Options options = parse({});
  EXPECT_EQ(options.tokenLimit, 10U);
  EXPECT_TRUE(options.bench.traps);
  EXPECT_EQ(options.zoho, "127.0.0.1:0");
}

TEST(TheFlags, AreRefusedWhenWrong) {
  for (const char* wrong : {"-orgs", "-orgs=", "-orgs=x", "-orgs=0", "-users=-1", "-traps=maybe", "-world=moon",
                            "-nothing=1", "zoho=127.0.0.1:1", ""}) {
    EXPECT_THROW((void)parse({wrong}), UsageError) << wrong;
  }
}

TEST(TheUsage, NamesEveryFlagAndSaysWhatIsNotServed) {
  for (const char* flag : {"-zoho", "-da", "-mxroute", "-control", "-dns", "-world", "-orgs", "-domains-per-org",
                           "-users", "-traps", "-token-limit", "not served"}) {
    EXPECT_THAT(std::string(usage()), HasSubstr(flag));
  }
}

}  // namespace
}  // namespace splitdelivery::simulators
