#include "cli/import_env.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/two_systems.h"

namespace splitdelivery::cli {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

const std::string kEnv =
    "CLIENT_ID=1000.SIMCLIENT\n"
    "CLIENT_SECRET='simsecret'\n"
    "ORGANIZATION_ID=60012345\n"
    "USER_ID=user\n"
    "PASSWORD=key\n"
    "SERVER=https://da.test:2222\n";

ScriptSettings settingsOf(const std::string& env) {
  auto settings = readScriptSettings(env);
  if (!settings) {
    for (const auto& error : settings.error()) ADD_FAILURE() << error;
    return {};
  }
  return *settings;
}

std::vector<std::string> errorsOf(const std::string& env) {
  const auto settings = readScriptSettings(env);
  return settings ? std::vector<std::string>{} : settings.error();
}

TEST(TheScriptsSettings, AreReadInOurTerms) {
  const auto settings = settingsOf(kEnv + "CRON_SCHEDULE=\"*/10 * * * *\"\nDATA_CENTER=eu\n");
  EXPECT_EQ(settings.zoho.organizationId, "60012345");
  EXPECT_EQ(settings.zoho.mailUrl, "https://mail.zoho.eu");
  EXPECT_EQ(settings.directAdmin.server, "https://da.test:2222");
  EXPECT_EQ(settings.interval, 10min);
  EXPECT_EQ(settings.zohoSecret.values.at("clientId"), base::Secret("1000.SIMCLIENT"));
  EXPECT_EQ(settings.zohoSecret.values.at("clientSecret"), base::Secret("simsecret"));
  EXPECT_EQ(settings.directAdminSecret.values.at("username"), base::Secret("user"));
  EXPECT_EQ(settings.directAdminSecret.values.at("loginKey"), base::Secret("key"));
  EXPECT_THAT(settings.notes, IsEmpty());
}

TEST(TheScriptsSettings, NameAllThatIsMissingAtOnceAndNoValue) {
  EXPECT_THAT(errorsOf(""), SizeIs(6));
  EXPECT_THAT(errorsOf("PASSWORD=\nSERVER=ftp://s3cr3t@x\nORGANIZATION_ID=s3cr3t\nDATA_CENTER=s3cr3t\n"),
              AllOf(SizeIs(7), Contains(HasSubstr("PASSWORD is empty")), Contains(HasSubstr("CLIENT_ID is missing")),
                    Contains(HasSubstr("SERVER: ")), Contains(HasSubstr("must be digits")),
                    Contains(HasSubstr("us eu")), Not(Contains(HasSubstr("s3cr3t")))));
}

TEST(TheScriptsSettings, TakeTheServerWithOrWithoutWhatIsUsual) {
  for (const char* server : {"da.test", "https://da.test", "https://DA.test:2222/", "da.test:2222"}) {
    auto env = kEnv;
    env.replace(env.find("https://da.test:2222"), 20, server);
    EXPECT_EQ(settingsOf(env).directAdmin.server, "https://da.test:2222") << server;
  }
}

TEST(TheScriptsSettings, TakeASchedulesIntervalWhereItIsOne) {
  struct Row {
    const char* schedule;
    std::chrono::seconds interval;
    bool noted;
  };
  for (const auto& [schedule, interval, noted] :
       {Row{"*/5 * * * *", 5min, false}, Row{"*/1  * * *\t*", 1min, false}, Row{"* * * * *", 1min, false},
        Row{"0 * * * *", 1h, false}, Row{"0 */6 * * *", 6h, false}, Row{"", 5min, false},
        Row{"*/60 * * * *", 5min, true}, Row{"*/0 * * * *", 5min, true}, Row{"3,9 * * * *", 5min, true},
        Row{"* * * * 1", 5min, true}, Row{"nonsense", 5min, true}, Row{"*/ * * * *", 5min, true}}) {
    const auto settings = settingsOf(kEnv + "DATA_CENTER=us\nCRON_SCHEDULE='" + schedule + "'\n");
    EXPECT_EQ(settings.interval, interval) << schedule;
    EXPECT_EQ(!settings.notes.empty(), noted) << schedule;
  }
}

TEST(TheScriptsSettings, ReportWhatIsStrangeInThem) {
  const auto settings = settingsOf(kEnv + "LOG_LEVEL=DEBUG\nCRON_SHEDULE=x\nHOSTNAME=y\nSPLITDELIVERY_POLICY=Sync\n");
  EXPECT_THAT(settings.notes, ElementsAre("line 7: LOG_LEVEL has no meaning here",
                                          AllOf(HasSubstr("line 8: CRON_SHEDULE is not one of the script's"),
                                                HasSubstr("CRON_SCHEDULE")),
                                          "line 9: HOSTNAME is not one of the script's", HasSubstr("DATA_CENTER=eu")));
}

/// What the environment comes to: notes, or errors.
std::vector<std::string> said(std::vector<const char*> environment) {
  environment.push_back(nullptr);
  const auto settings = readScriptSettings(scriptVariables(environment.data()), EnvOrigin::Environment);
  return settings ? settings->notes : settings.error();
}

TEST(TheScriptsEnvironment, IsReadAmongTheVariablesOfOthers) {
  const std::vector<const char*> environment{"PATH=/usr/bin",
                                             "CLIENT_ID=1000.SIMCLIENT",
                                             "CLIENT_SECRET=a=b",
                                             "ORGANIZATION_ID= 60012345\r",
                                             "USER_ID=user",
                                             "PASSWORD=key",
                                             "SERVER=da.test",
                                             "CRON_SCHEDULE=\"*/10 * * * *\"",
                                             "DATA_CENTER=eu",
                                             "ZOHO_MAIL_URL=http://127.0.0.1:8",
                                             "LOG_LEVEL=INFO",
                                             "broken",
                                             nullptr};
  const auto settings = readScriptSettings(scriptVariables(environment.data()), EnvOrigin::Environment);
  ASSERT_TRUE(settings.has_value()) << settings.error().front();
  EXPECT_EQ(settings->zoho.organizationId, "60012345");
  EXPECT_EQ(settings->zoho.accountsUrl, "https://accounts.zoho.eu");
  EXPECT_EQ(settings->zoho.mailUrl, "http://127.0.0.1:8");
  EXPECT_EQ(settings->zohoSecret.values.at("clientSecret"), base::Secret("a=b"));
  EXPECT_EQ(settings->directAdmin.server, "https://da.test:2222");
  EXPECT_EQ(settings->interval, 10min);
  EXPECT_THAT(settings->notes, ElementsAre(HasSubstr("CRON_SCHEDULE stands in quotes")));
}

TEST(TheScriptsEnvironment, IsRefusedWithTheVariableAndTheFixAndNoValue) {
  EXPECT_THAT(said({"CLIENT_ID=s3cr3t", "CLIENT_SECRET=s3cr3t", "ORGANIZATION_ID=6", "USER_ID=", "PASSWORD=s3cr3t",
                    "SERVER=ftp://s3cr3t", "CRON_SCHEDULE=3 4 * * s3cr3t", "ZOHO_ACCOUNTS_URL=s3cr3t"}),
              AllOf(SizeIs(4), Contains(HasSubstr("USER_ID is empty: set it")), Contains(HasSubstr("SERVER: ")),
                    Contains(HasSubstr("ZOHO_ACCOUNTS_URL: ")),
                    Contains("CRON_SCHEDULE is no plain interval such as */10 * * * *: write one, or take it out for "
                             "every five minutes"),
                    Not(Contains(HasSubstr("s3cr3t")))));
}

TEST(TheScriptsEnvironment, TellsOfACommentThatDockerMakesPartOfAValue) {
  EXPECT_THAT(said({"CLIENT_ID=1", "CLIENT_SECRET=s3cr3t # mine", "ORGANIZATION_ID=6", "USER_ID=u", "PASSWORD=k",
                    "SERVER=da.test", "DATA_CENTER=us"}),
              ElementsAre(AllOf(HasSubstr("CLIENT_SECRET has a # "), Not(HasSubstr("s3cr3t")))));
}

/// Twelve users of whom the script sees ten, and what people keep beside them.
struct Import : TwoSystems {
  Import() {
    for (int i = 0; i < 12; ++i) {
      const std::string local = "user" + std::string(i < 10 ? "0" : "") + std::to_string(i);
      world.zoho.addUser(kOrganization, {.email = local + "@example.com"});
      world.da.setForwarder("example.com", local, local + "@zoho.example.com");
    }
    world.da.addDomain("user", "other.example");
  }

  ImportResult run() {
    auto result = executor.run(importEnv(accounts, settingsOf(kEnv), {}));
    if (!result) throw std::runtime_error(result.error().message);
    return std::move(*result);
  }

  /// The lines below the heading that holds `title`.
  std::vector<std::string> section(const std::string& title) {
    const std::string report = run().report;
    const auto heading = report.find(title);
    if (heading == std::string::npos) return {};
    std::istringstream lines(report.substr(report.find('\n', heading) + 1));
    std::vector<std::string> section;
    for (std::string line; std::getline(lines, line) && line.starts_with("  ");) section.push_back(line.substr(2));
    return section;
  }
};

TEST(AnImport, PrintsDocumentsThatAreReadBackAsTheyAreMeant) {
  Import import;
  const auto snapshot = readBack(import.run().yaml);
  for (const auto& error : snapshot.errors) ADD_FAILURE() << error.where << ": " << error.message;
  ASSERT_THAT(snapshot.resources, SizeIs(1)) << "other.example is not Zoho's";
  const auto& resource = snapshot.resources.front();
  EXPECT_EQ(resource.key.text(), "default/example-com");
  EXPECT_EQ(resource.spec.domain, "example.com");
  EXPECT_EQ(resource.spec.policy, api::Policy::Observe);
  EXPECT_TRUE(resource.annotated(api::annotation::kAdopt, "true"));
  const auto settings = settingsOf(kEnv);
  EXPECT_EQ(resource.spec.zoho, settings.zoho);
  EXPECT_EQ(resource.spec.directAdmin, settings.directAdmin);
  ASSERT_THAT(snapshot.secrets, SizeIs(2));
  EXPECT_EQ(snapshot.secrets.at({"default", "zoho"}), settings.zohoSecret);
  EXPECT_EQ(snapshot.secrets.at({"default", "directadmin"}), settings.directAdminSecret);
  EXPECT_THAT(import.run().yaml, AllOf(HasSubstr("Stop the script"), HasSubstr("policy is Observe")));
}

TEST(AnImport, WritesNothingAnywhere) {
  Import import;
  const auto before = import.world.da.forwarders("example.com");
  import.run();
  EXPECT_EQ(import.world.journal.requests("da", "POST"), 0U);
  EXPECT_EQ(import.world.da.forwarders("example.com"), before);
}

TEST(AnImport, NamesTheUsersBehindTheFirstPage) {
  Import import;
  EXPECT_THAT(import.section("never saw"), ElementsAre("user10@example.com (user)", "user11@example.com (user)"));
}

TEST(AnImport, NamesWhatTheScriptWouldDeleteThoughZohoHasIt) {
  Import import;
  EXPECT_THAT(import.section("its mail would bounce"), ElementsAre("user10@example.com -> user10@zoho.example.com",
                                                                   "user11@example.com -> user11@zoho.example.com"));
}

TEST(AnImport, NamesTheHandMadeOnesThatTheScriptWouldDeleteAndThatWeLeaveAlone) {
  Import import;
  import.world.da.setForwarder("example.com", "support", "support@zoho.example.com");
  import.world.da.setForwarder("example.com", "help", "help@zoho.com");
  import.world.da.setForwarder("example.com", "both", "both@zoho.example.com,archive@example.net");
  import.world.da.setForwarder("example.com", "kim", "kim@elsewhere.example");
  EXPECT_THAT(import.section("did not make them"),
              ElementsAre("both@example.com -> archive@example.net, both@zoho.example.com",
                          "help@example.com -> help@zoho.com", "support@example.com -> support@zoho.example.com"));
  EXPECT_THAT(import.section("Left alone"), AllOf(SizeIs(4), Contains("kim@example.com -> kim@elsewhere.example")));
}

TEST(AnImport, NamesConflicts) {
  Import import;
  import.world.da.setForwarder("example.com", "user03", "user03@elsewhere.example");
  import.world.da.addMailbox("example.com", "user04");
  EXPECT_THAT(import.section("In conflict"),
              ElementsAre("user04@example.com: has a mailbox on the server too",
                          HasSubstr("user03@example.com -> user03@elsewhere.example: Zoho has the address")));
}

TEST(AnImport, SaysWhichDomainsHaveNoResource) {
  Import import;
  EXPECT_THAT(import.section("not in Zoho's organisation"), ElementsAre("other.example"));
}

TEST(AnImport, OfRefusedCredentialsIsAnError) {
  Import import;
  auto env = kEnv;
  env.replace(env.find("simsecret"), 9, "wrong");
  const auto result = import.executor.run(importEnv(import.accounts, settingsOf(env), {}));
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().reason, "InvalidClient");
  EXPECT_THAT(result.error().message, Not(HasSubstr("wrong'")));
}

ImportFindings findingsOf(api::Listing listing) {
  listing.accounts.completeness = listing.groups.completeness = api::Completeness::Complete;
  return {.listing = std::make_shared<const api::Listing>(std::move(listing))};
}

TEST(AnImportsText, LetsNothingBreakOutOfItsComments) {
  auto findings = findingsOf({.domains = {{.name = "a.example", .alias = true, .aliasOf = "x\nkind: Evil"}}});
  findings.hosted = {"a.example"};
  findings.domains = {
      {.name = "a.example", .forwarders = api::Forwarders{{.local = "x\x1B[2J\n", .destinations = {"y\r\n"}}}}};
  const auto result = describeImport(settingsOf(kEnv), findings);
  EXPECT_THAT(result.yaml, Not(HasSubstr("\nkind: Evil")));
  EXPECT_THAT(result.yaml, HasSubstr("is an alias domain"));
  EXPECT_THAT(result.report, Not(HasSubstr("\x1B")));
  EXPECT_THAT(readBack(result.yaml).errors, IsEmpty());
}

TEST(AnImportsText, AccusesNobodyWhenItIsNotKnownWhatTheScriptSees) {
  auto findings = findingsOf({.domains = {{.name = "a.example"}}});
  findings.listing = std::make_shared<const api::Listing>(*findings.listing);
  findings.hosted = {"a.example"};
  findings.domains = {
      {.name = "a.example", .forwarders = api::Forwarders{{.local = "x", .destinations = {"x@zoho.a.example"}}}}};
  const auto report = describeImport(settingsOf(kEnv), findings).report;
  EXPECT_THAT(report,
              AllOf(HasSubstr("could not be asked for"), Not(HasSubstr("deletes")), Not(HasSubstr("never saw"))));
}

TEST(AnImportsText, SaysWhatCouldNotBeRead) {
  auto findings = findingsOf({.domains = {{.name = "a.example"}}});
  findings.hosted = {"a.example"};
  findings.domains = {{.name = "a.example", .error = base::Error{base::ErrorKind::Retry, "X", "the panel is down"}}};
  EXPECT_THAT(describeImport(settingsOf(kEnv), findings).report, HasSubstr("a.example: the panel is down"));
}

TEST(AnImportsText, IsShortAboutLongLists) {
  auto findings = findingsOf({});
  for (int i = 0; i < 80; ++i) findings.hosted.push_back("d" + std::to_string(i) + ".example");
  EXPECT_THAT(describeImport(settingsOf(kEnv), findings).report, HasSubstr("… and 30 more"));
}

TEST(AnImportsText, HoldsNoSecretInItsReport) {
  const auto result = describeImport(settingsOf(kEnv), findingsOf({}));
  for (const char* secret : {"simsecret", "1000.SIMCLIENT"}) EXPECT_THAT(result.report, Not(HasSubstr(secret)));
  EXPECT_THAT(result.yaml, HasSubstr("simsecret")) << "which is what was asked for";
}

}  // namespace
}  // namespace splitdelivery::cli
