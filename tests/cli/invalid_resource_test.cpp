// A resource of a cluster that cannot be used: what is said of it, and how it goes.

#include <gmock/gmock.h>

#include "cli/cluster_feed.h"
#include "cli/two_systems.h"
#include "reconcile/parting.h"
#include "simulators/dns.h"
#include "simulators/kubernetes.h"
#include "source/cluster/resource_types.h"

namespace splitdelivery::cli {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Json = nlohmann::json;

constexpr const char* kDomainsPath = "/apis/splitdelivery.dev/v1alpha1/namespaces/mail/splitdeliverydomains";

class Hearing final : public reconcile::Observer {
 public:
  explicit Hearing(const simulators::Kubernetes& server) : server_(server) {}
  void invalid(const api::SplitDeliveryDomain& resource, const std::string& message) override {
    heard.push_back(resource.key.text() + " is invalid: " + message);
  }
  base::Task<base::Done> parting(const api::SplitDeliveryDomain& resource, const reconcile::Parting& parting) override {
    EXPECT_TRUE(server_.get(kDomainsPath, resource.key.name)) << "it is still there";
    heard.push_back("parting with " + std::to_string(parting.left));
    return Observer::parting(resource, parting);
  }
  void parted(const api::SplitDeliveryDomain& resource, const reconcile::Parting& /*parting*/) override {
    EXPECT_FALSE(server_.get(kDomainsPath, resource.key.name));
    heard.emplace_back("parted");
  }
  std::vector<std::string> heard{};

 private:
  const simulators::Kubernetes& server_;
};

class AnInvalidResource : public ::testing::Test {
 protected:
  void SetUp() override {
    base::spawn(executor, feed.follow(stop.get_token()), [](auto, const auto&) {});
    executor.advance(100ms);
  }
  ~AnInvalidResource() override {
    stop.request_stop();
    executor.advance(1min);
  }
  static Json document(const Json& policy) {
    return {{"apiVersion", "splitdelivery.dev/v1alpha1"},
            {"kind", "SplitDeliveryDomain"},
            {"metadata", {{"name", "d0"}}},
            {"spec",
             {{"domain", "example.com"},
              {"policy", policy},
              {"zoho", {{"organizationId", "1"}, {"dataCenter", "eu"}, {"credentialsSecretRef", {{"name", "zoho"}}}}},
              {"directAdmin",
               {{"server", "https://eagle.example:2222"}, {"credentialsSecretRef", {{"name", "directadmin"}}}}}}}};
  }
  void put(const Json& object) {
    server.put(kDomainsPath, object);
    executor.advance(1s);
  }
  Json status() { return server.get(kDomainsPath, "d0")->value("status", Json()); }

  TwoSystems systems;
  testing::VirtualExecutor& executor = systems.executor;
  simulators::VirtualDns dns{executor, systems.world.dns};
  simulators::Kubernetes server{executor};
  kube::Client client{executor, server, {.origin = "https://kube", .ns = "system"}};
  source::cluster::Domains domains{executor, client, [this] { feed.poke(); }};
  source::cluster::Books books{client, domains};
  Hearing hearing{server};
  reconcile::Claims claims;
  reconcile::Reconciler reconciler{{executor, systems.accounts, books, domains, hearing, claims, dns, &books},
                                   reconcile::Mode::Sync};
  queue::Observer line;
  reconcile::Controller controller{executor, reconciler, line, 4};
  bool works = true;
  std::vector<std::string> seen;
  ClusterFeed feed{{.executor = executor,
                    .client = client,
                    .controller = controller,
                    .claims = claims,
                    .domains = domains,
                    .books = books,
                    .observer = hearing,
                    .onChange = [](const source::Changes&) {},
                    .works = [this] { return works; },
                    .onSight = [this](const auto& resource) { seen.push_back(resource.key.name); }},
                   {}};
  std::stop_source stop;
};

TEST_F(AnInvalidResource, IsToldOfOnceAndItsStatusSaysWhy) {
  put(document("Whatever"));
  ASSERT_THAT(hearing.heard, SizeIs(1));
  EXPECT_THAT(hearing.heard[0], HasSubstr("mail/d0 is invalid: spec.policy: must be"));
  EXPECT_THAT(status().dump(), HasSubstr("InvalidSpec"));
  server.merge(kDomainsPath, "d0", {{"metadata", {{"labels", {{"a", "b"}}}}}});
  executor.advance(1s);
  EXPECT_THAT(hearing.heard, SizeIs(1));
  EXPECT_THAT(seen, IsEmpty());
}

TEST_F(AnInvalidResource, IsLeftAloneByOneThatStandsByUntilItWorks) {
  works = false;
  put(document("Whatever"));
  EXPECT_THAT(hearing.heard, IsEmpty());
  EXPECT_TRUE(status().is_null());
  works = true;
  feed.poke();
  executor.advance(1s);
  EXPECT_THAT(hearing.heard, SizeIs(1));
}

TEST_F(AnInvalidResource, IsNotReportedOnceItWasMended) {
  works = false;
  put(document("Whatever"));
  put(document("Sync"));
  works = true;
  feed.poke();
  executor.advance(1s);
  EXPECT_THAT(hearing.heard, IsEmpty());
  EXPECT_THAT(seen, ElementsAre("d0"));
}

TEST_F(AnInvalidResource, ThatIsDeletedGoesAndWhatItLeavesIsCounted) {
  put(document("Sync"));
  api::AddressBook book;
  book.ledger.identity = api::Identity{"directadmin", "https://eagle.example:2222", "me", "example.com", "1"};
  book.ledger.entries = {{.local = "anna", .destinations = {"anna@zoho.example.com"}}};
  ASSERT_TRUE(executor.run(books.load({"mail", "d0"})));
  ASSERT_TRUE(executor.run(books.save({"mail", "d0"}, book)));
  server.merge(kDomainsPath, "d0", {{"spec", {{"policy", "Whatever"}}}});
  executor.advance(1s);
  hearing.heard.clear();
  server.erase(kDomainsPath, "d0");
  executor.advance(1s);
  EXPECT_THAT(hearing.heard, ElementsAre("parting with 1", "parted"));
  EXPECT_FALSE(server.get(kDomainsPath, "d0"));
}

TEST_F(AnInvalidResource, WithTenThousandBadEntriesHasAShortStatus) {
  Json large = document("Sync");
  for (const char* list : {"only", "extra", "exclude"}) {
    Json& entries = large["spec"]["addresses"][list] = Json::array();
    for (int i = 0; i < 10'000; ++i) entries.push_back("no address " + std::to_string(i));
  }
  large["spec"][std::string(100'000, 'x')] = 1;
  put(large);
  EXPECT_THAT(status().dump(), HasSubstr("InvalidSpec"));
  EXPECT_LT(status().dump().size(), 8U << 10U);
}

}  // namespace
}  // namespace splitdelivery::cli
