#include "cli/from_env.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "base/await.h"
#include "cli/cluster_options.h"
#include "cli/env_feed.h"
#include "cli/env_options.h"
#include "cli/import_env.h"
#include "cli/two_systems.h"
#include "simulators/dns.h"
#include "source/folder/state.h"
#include "support/temporary_folder.h"

namespace splitdelivery::cli {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

FromEnv fromEnv(const std::string& password = "key") {
  auto settings = readScriptSettings(
      "CLIENT_ID=1000.SIMCLIENT\nCLIENT_SECRET=simsecret\nORGANIZATION_ID=60012345\nUSER_ID=user\nPASSWORD=" +
      password + "\nSERVER=https://da.test:2222\nCRON_SCHEDULE=*/10 * * * *\n");
  if (!settings) throw std::runtime_error(settings.error().front());
  return {.settings = std::move(*settings)};
}

/// The books of a state folder.
class Books final : public source::BookList {
 public:
  void add(const std::string& name, const std::string& domain, std::size_t managed, const std::string& user = "user") {
    const auto slash = name.find('/');
    books.push_back({.key = {name.substr(0, slash), name.substr(slash + 1)},
                     .identity = api::Identity{.provider = "directadmin",
                                               .host = "https://da.test:2222",
                                               .user = user,
                                               .domain = domain,
                                               .organization = TwoSystems::kOrganization},
                     .managed = managed});
  }
  base::Task<std::vector<source::NamedBook>> list() override { co_return books; }

  std::vector<source::NamedBook> books;
};

struct Environment : TwoSystems {
  void addDomain(const std::string& name) {
    world.zoho.addDomain(kOrganization, {.name = name});
    world.da.addDomain("user", name);
  }
  std::vector<std::string> names() {
    const auto snapshot = look();
    std::vector<std::string> names;
    for (const auto& resource : snapshot.resources) names.push_back(resource.key.text() + " " + resource.spec.domain);
    return names;
  }
  source::Snapshot look() {
    auto snapshot = executor.run(resources.look({}));
    if (!snapshot) throw std::runtime_error(snapshot.error().message);
    executor.advance(2min);  // Zoho's lists are fresh for a minute
    return std::move(*snapshot);
  }
  Books books;
  EnvResources resources{accounts, books, fromEnv()};
};

TEST(TheEnvironmentsResources, AreThoseThatImportEnvPrints) {
  Environment place;
  place.world.da.addDomain("user", "other.example");
  auto snapshot = place.look();
  const auto printed = place.executor.run(importEnv(place.accounts, fromEnv().settings, {}));
  ASSERT_TRUE(printed.has_value()) << printed.error().message;
  const auto documents = readBack(printed->yaml);
  ASSERT_EQ(snapshot.resources.size(), 1U) << "other.example is not Zoho's";
  EXPECT_TRUE(std::exchange(snapshot.resources.front().fromEnvironment, false)) << "no document is about it";
  EXPECT_EQ(snapshot.resources, documents.resources);
  EXPECT_EQ(snapshot.secrets, documents.secrets);
  EXPECT_EQ(snapshot.resources.front().spec.policy, api::Policy::Observe);
}

TEST(TheEnvironmentsResources, TakeThePolicyAndTheApprovalThatAreNamed) {
  Environment place;
  FromEnv from = fromEnv();
  from.policy = api::Policy::UpsertOnly;
  from.approvedPlans = "9f3c51d0a2b4e687";
  EnvResources resources(place.accounts, place.books, std::move(from));
  const auto snapshot = place.executor.run(resources.look({}));
  ASSERT_TRUE(snapshot.has_value());
  const auto& resource = snapshot->resources.front();
  EXPECT_EQ(resource.spec.policy, api::Policy::UpsertOnly);
  EXPECT_TRUE(resource.annotated(api::annotation::kApprovedPlan, "9f3c51d0a2b4e687,")) << "which is a list";
}

TEST(TheEnvironmentsResources, StayWhenASideNoLongerHasTheirDomain) {
  Environment place;
  place.addDomain("second.example");
  EXPECT_THAT(place.names(), ElementsAre("default/example-com example.com", "default/second-example second.example"));
  place.world.da.removeDomain("second.example");
  place.addDomain("third.example");
  EXPECT_THAT(place.names(), ElementsAre("default/example-com example.com", "default/second-example second.example",
                                         "default/third-example third.example"));
}

TEST(TheEnvironmentsResources, TakeTheNamesOfTheirAddressBooksWhateverMadeThose) {
  Environment place;
  place.books.add("default/a-b-example", "a.b.example", 3);
  place.books.add("default/main", "example.com", 20);
  place.books.add("default/example-com", "example.com", 0);
  place.books.add("default/zz", "example.com", 90, "somebody-else");
  place.books.add("mail/second", "second.example", 1);
  for (const char* name : {"a-b.example", "a.b.example", "second.example"}) place.addDomain(name);
  EXPECT_THAT(place.names(),
              UnorderedElementsAre("default/a-b-example a.b.example", "default/a-b-example-2 a-b.example",
                                   "default/main example.com", "mail/second second.example"));
  const auto snapshot = place.look();
  for (const auto& resource : snapshot.resources) {
    EXPECT_TRUE(reconcile::Accounts::identity(resource, snapshot.secrets)) << resource.key.text();
  }
}

TEST(TheEnvironmentsResources, LeaveANameToTheDomainWhoseBookHasItThoughItOwnsNothing) {
  Environment place;
  place.books.add("default/a-b-example", "a.b.example", 0);
  place.books.add("default/example-com-2", "example.com", 0);
  place.addDomain("a-b.example");
  place.addDomain("a.b.example");
  EXPECT_THAT(place.names(),
              UnorderedElementsAre("default/a-b-example a.b.example", "default/a-b-example-2 a-b.example",
                                   "default/example-com-2 example.com"));
}

TEST(TheEnvironmentsResources, HaveADomainThatWentBeforeTheStartForAsLongAsItsBookOwnsSomething) {
  Environment place;
  place.books.add("default/gone-example", "gone.example", 2);
  place.books.add("default/empty-example", "empty.example", 0);
  place.books.add("default/others-example", "others.example", 5, "somebody-else");
  EXPECT_THAT(place.names(), ElementsAre("default/example-com example.com", "default/gone-example gone.example"));
  Environment alone;
  alone.books.add("default/gone-example", "gone.example", 2);
  alone.world.da.removeDomain("example.com");
  alone.world.da.addDomain("user", "other.example");
  EXPECT_THAT(alone.names(), ElementsAre("default/gone-example gone.example"));
}

TEST(TheEnvironmentsResources, AreNoneWithoutASharedDomain) {
  Environment place;
  place.world.da.removeDomain("example.com");
  place.world.da.addDomain("user", "other.example");
  const auto snapshot = place.executor.run(place.resources.look({}));
  ASSERT_FALSE(snapshot.has_value());
  EXPECT_EQ(snapshot.error().reason, "NoSharedDomain");
}

TEST(TheFlagsOfTheEnvironment, ThatContradictEachOtherAreRefusedWithTheFix) {
  const char* const none[] = {nullptr};
  const auto said = [&none](const EnvFlags& flags, const std::string& manifests = "") {
    const auto from = readFromEnv(flags, manifests, none);
    return from ? std::string() : from.error().front();
  };
  EXPECT_EQ(said({}, "mail"), "");
  EXPECT_THAT(said({.fromEnv = true}, "mail"), HasSubstr("exclude each other"));
  EXPECT_THAT(said({.policy = "Sync"}, "mail"), HasSubstr("spec.policy"));
  EXPECT_THAT(said({.approvedPlan = "9f3c"}), HasSubstr("splitdelivery.dev/approved-plan"));
  EXPECT_THAT(said({.fromEnv = true}), HasSubstr("CLIENT_ID is missing"));
}

TEST(TheFlagsOfACluster, AreNamedWhereTheyWereGiven) {
  EXPECT_THAT(givenClusterFlags({}), IsEmpty());
  const ClusterOptions all{.kubeconfig = "k", .namespaces = {"a"}, .allowedServers = {"*.test"}, .leaderElect = true};
  EXPECT_THAT(givenClusterFlags(all), ElementsAre("--kubeconfig", HasSubstr("--namespace"), HasSubstr("--allow-server"),
                                                  HasSubstr("--leader-elect")));
}

/// A feed over a state folder, whose controller never begins a pass.
class AFeedFromTheEnvironment : public ::testing::Test {
 protected:
  ~AFeedFromTheEnvironment() override {
    stop.request_stop();
    systems.executor.advance(1s);
    EXPECT_TRUE(ended);
  }
  EnvFeed& start(const std::string& password = "key") {
    feed.emplace(intake, EnvResources(systems.accounts, state->bookList(), fromEnv(password)));
    EXPECT_TRUE(systems.executor.run(feed->begin()));
    base::spawn(systems.executor, feed->follow(stop.get_token()), [this](const auto&, const auto&) { ended = true; });
    return *feed;
  }
  std::size_t fedAfter(base::Duration span) {
    systems.executor.advance(span);
    return controller.snapshot().resources.size();
  }

  TwoSystems systems;
  testing::TemporaryFolder folder;
  std::unique_ptr<source::folder::StateFolder> state =
      source::folder::StateFolder::open(systems.executor, folder.path(), source::folder::Access::Exclusive).value();
  reconcile::Claims claims;
  reconcile::Observer observer;
  queue::Observer queueObserver;
  simulators::VirtualDns dns{systems.executor, systems.world.dns};
  reconcile::Reconciler reconciler{
      {systems.executor, systems.accounts, state->books(), state->statuses(), observer, claims, dns},
      reconcile::Mode::Sync};
  reconcile::Controller controller{systems.executor, reconciler, queueObserver, 1};
  std::size_t read = 0;
  Intake intake{{.executor = systems.executor,
                 .controller = controller,
                 .claims = claims,
                 .books = state->books(),
                 .onRead = [this](const source::Snapshot&) { ++read; }}};
  std::optional<EnvFeed> feed;
  std::stop_source stop;
  bool ended = false;
};

TEST_F(AFeedFromTheEnvironment, GivesANewDomainWithinAnHourOrWhenItIsPoked) {
  start();
  EXPECT_EQ(fedAfter(1min), 1U);
  EXPECT_EQ(feed->trouble(), std::nullopt);
  systems.world.zoho.addDomain(TwoSystems::kOrganization, {.name = "second.example"});
  systems.world.da.addDomain("user", "second.example");
  EXPECT_EQ(fedAfter(30min), 1U);
  EXPECT_EQ(fedAfter(40min), 2U);
  systems.world.zoho.addDomain(TwoSystems::kOrganization, {.name = "third.example"});
  systems.world.da.addDomain("user", "third.example");
  EXPECT_EQ(fedAfter(10min), 2U);
  feed->poke();
  EXPECT_EQ(fedAfter(1s), 3U);
}

TEST_F(AFeedFromTheEnvironment, TriesAgainUntilBothSidesAnswerAndThenIsWell) {
  systems.network.setDown(simulators::VirtualNetwork::kDirectAdmin, true);
  start();
  EXPECT_EQ(fedAfter(1h), 0U);
  EXPECT_NE(feed->trouble(), std::nullopt);
  EXPECT_LE(systems.world.journal.requests("zoho", "GET"), 40U) << "later and later";
  systems.network.setDown(simulators::VirtualNetwork::kDirectAdmin, false);
  EXPECT_EQ(fedAfter(20min), 1U);
  EXPECT_EQ(feed->trouble(), std::nullopt);
  systems.network.setDown(simulators::VirtualNetwork::kDirectAdmin, true);
  EXPECT_EQ(fedAfter(3h), 1U) << "and leaves everything as it was";
  EXPECT_EQ(feed->trouble(), std::nullopt) << "which the domains' own passes tell of";
}

TEST_F(AFeedFromTheEnvironment, DoesNotHammerAServerThatRefusesThePassword) {
  start("s3cr3t");
  EXPECT_EQ(fedAfter(24h), 0U);
  EXPECT_THAT(feed->trouble().value_or(""), AllOf(Not(IsEmpty()), Not(HasSubstr("s3cr3t"))));
  EXPECT_LE(systems.world.journal.requests("da", "GET"), 60U) << "the breaker lets a slow probe through";
  EXPECT_LE(systems.world.journal.requests("zoho", "GET"), 200U) << "which is waited for before Zoho is asked again";
}

}  // namespace
}  // namespace splitdelivery::cli
