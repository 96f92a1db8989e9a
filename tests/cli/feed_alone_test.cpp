// What the feed does by itself: resources that cannot be used, and the API server in its way.

#include <gmock/gmock.h>

#include "base/log.h"
#include "cli/cluster_feed.h"
#include "cli/two_systems.h"
#include "simulators/dns.h"
#include "simulators/kubernetes.h"
#include "source/cluster/resource_types.h"

namespace splitdelivery::cli {
namespace {

using namespace std::chrono_literals;
using kube::Json;
using ::testing::HasSubstr;
namespace cluster = source::cluster;

constexpr const char* kPath = "/apis/splitdelivery.dev/v1alpha1/namespaces/mail/splitdeliverydomains";

/// Of a policy that only a newer version knows.
Json newer() {
  return {{"metadata", {{"name", "d0"}, {"finalizers", {cluster::kFinalizer}}}},
          {"spec",
           {{"domain", "example.com"},
            {"policy", "Mirror"},
            {"zoho", {{"organizationId", "1"}, {"dataCenter", "eu"}, {"credentialsSecretRef", {{"name", "zoho"}}}}},
            {"directAdmin",
             {{"server", "https://eagle.example:2222"}, {"credentialsSecretRef", {{"name", "directadmin"}}}}}}}};
}

class AFeed : public ::testing::Test {
 protected:
  void SetUp() override {
    base::spawn(systems.executor, feed.follow(stop.get_token()), [this](auto failure, const auto&) { bug = failure; });
  }
  ~AFeed() override {
    stop.request_stop();
    systems.executor.drain();
  }
  /// The API server answers nothing but watches.
  void breakDown() {
    server.setFault([](const http::Request& request) -> std::optional<base::Result<http::Response>> {
      if (request.path.find("watch=1") != std::string::npos) return std::nullopt;
      return base::fail(base::ErrorKind::Retry, "ConnectionLost", "the connection was lost");
    });
  }
  std::string reason() {
    const Json status = server.get(kPath, "d0").value_or(Json::object()).value("status", Json::object());
    for (const Json& each : status.value("conditions", Json::array())) {
      if (each.at("type") == "Ready") return each.at("reason");
    }
    return "";
  }

  TwoSystems systems;
  simulators::Kubernetes server{systems.executor};
  kube::Client client{systems.executor, server, {.origin = "https://kube", .ns = "system"}};
  cluster::Domains domains{systems.executor, client, [this] {
                             if (breaks) throw std::logic_error("a bug");
                             feed.poke();
                           }};
  cluster::Books books{client, domains};
  reconcile::Claims claims;
  reconcile::Observer observer;
  queue::Observer queueObserver;
  simulators::VirtualDns dns{systems.executor, systems.world.dns};
  reconcile::Reconciler reconciler{{systems.executor, systems.accounts, books, domains, observer, claims, dns, &books},
                                   reconcile::Mode::Sync};
  reconcile::Controller controller{systems.executor, reconciler, queueObserver, 1};
  ClusterFeed feed{{.executor = systems.executor,
                    .client = client,
                    .controller = controller,
                    .claims = claims,
                    .domains = domains,
                    .books = books,
                    .observer = observer,
                    .onChange =
                        [this](const source::Changes&) {
                          if (breaksAtChange) throw std::logic_error("a bug");
                        },
                    .works = [] { return true; },
                    .onSight = [](const api::SplitDeliveryDomain&) {}},
                   {}};
  std::stop_source stop;
  bool breaks = false;  ///< whatever hears of a resource
  bool breaksAtChange = false;
  std::exception_ptr bug;
};

TEST_F(AFeed, SaysWhatIsWrongWithAResourceThatCannotBeUsed) {
  server.put(kPath, newer());
  systems.executor.advance(1s);
  EXPECT_EQ(reason(), "InvalidSpec");
}

TEST_F(AFeed, SaysSoOnceTheApiServerTakesIt) {
  systems.executor.advance(1s);
  breakDown();
  server.put(kPath, newer());
  systems.executor.advance(5min);
  EXPECT_EQ(reason(), "");
  server.setFault(nullptr);
  systems.executor.advance(1min);
  EXPECT_EQ(reason(), "InvalidSpec");
}

TEST_F(AFeed, LetsAResourceThatCannotBeUsedGoOnceTheApiServerTakesIt) {
  server.put(kPath, newer());
  systems.executor.advance(1s);
  breakDown();
  server.erase(kPath, "d0");
  systems.executor.advance(5min);
  EXPECT_TRUE(server.get(kPath, "d0")) << "its finalizer holds it";
  server.setFault(nullptr);
  systems.executor.advance(1min);
  EXPECT_FALSE(server.get(kPath, "d0"));
}

TEST_F(AFeed, SaysNothingMoreAboutAResourceThatWasMendedMeanwhile) {
  systems.executor.advance(1s);
  breakDown();
  server.put(kPath, newer());
  systems.executor.advance(1s);
  server.merge(kPath, "d0", {{"spec", {{"policy", "Observe"}}}});
  systems.executor.advance(1s);
  server.setFault(nullptr);
  systems.executor.advance(5min);
  EXPECT_EQ(reason(), "") << "its own pass, which nobody runs here, will say";
}

TEST_F(AFeed, EndsWithAWordInTheLogWhereABugEndsItsWatch) {
  ::testing::internal::CaptureStderr();
  base::setUpLogging(base::LogLevel::Error, base::LogFormat::Text);
  breaks = true;
  server.put(kPath, newer());
  systems.executor.advance(1s);
  base::setUpLogging(base::LogLevel::Off, base::LogFormat::Text);
  const std::string log = ::testing::internal::GetCapturedStderr();
  EXPECT_THAT(log, HasSubstr("a bug ended the watch of splitdeliverydomains: please report it namespace=- type="));
  EXPECT_TRUE(bug) << "whoever waits for it has to know";
  EXPECT_THAT(feed.trouble().value_or(""), HasSubstr("a bug ended the watch"));
}

TEST_F(AFeed, LeavesNothingUnderWayWhereABugEndsTheTakingIn) {
  Json usable = newer();
  usable["spec"]["policy"] = "Observe";
  breaksAtChange = true;
  server.put(kPath, usable);
  systems.executor.advance(1s);
  EXPECT_TRUE(bug);
  EXPECT_EQ(server.watches(), 0U);
}

TEST_F(AFeed, NamesTheCrdThatIsMissing) {
  server.setFault([](const http::Request&) -> std::optional<base::Result<http::Response>> {
    return http::Response{.status = 404, .body = "404 page not found\n", .headers = {}};
  });
  systems.executor.advance(1s);
  EXPECT_THAT(feed.trouble().value_or(""), HasSubstr("kubectl apply -f crds/"));
  server.setFault(nullptr);
  systems.executor.advance(1min);
  EXPECT_EQ(feed.trouble(), std::nullopt);
}

}  // namespace
}  // namespace splitdelivery::cli
