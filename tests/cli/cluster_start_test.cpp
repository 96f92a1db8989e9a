// The start of a controller with many resources, under the limit on requests (docs/cli.md gives the figures).

#include <gmock/gmock.h>

#include <algorithm>

#include "cli/cluster_view.h"

namespace splitdelivery::cli {
namespace {

using namespace std::chrono_literals;

/// Each with Secrets of its own, which is the most that a resource can ask for.
class AStart : public ::testing::Test, protected ClusterView {
 protected:
  static constexpr std::size_t kResources = 150;
  static constexpr double kPerSecond = 50;
  static constexpr double kBurst = 300;

  explicit AStart(std::size_t resources = kResources,
                  kube::RequestLimit::Options limit = {.perSecond = kPerSecond, .burst = kBurst})
      : ClusterView(std::move(limit)) {
    works = true;
    for (std::size_t i = 0; i < resources; ++i) {
      const std::string number = std::to_string(i);
      const std::string domain = "d" + number + ".example.com";
      world.zoho.addDomain(kOrganization, {.name = domain});
      world.zoho.addUser(kOrganization, {.email = "anna@" + domain});
      world.da.addDomain("user", domain);
      simulators::addMailRecords(world.dns, domain);
      addZohoSecret("zoho" + number);
      addServerSecret("directadmin" + number);
      addResource("d" + number, domain, "directadmin" + number, "zoho" + number);
    }
  }
  ~AStart() override {
    stop.request_stop();
    executor.advance(1min);
    EXPECT_TRUE(workEnded);
  }
  void start() {
    follow();
    workEnded = false;
    base::spawn(executor, controller.run(stop.get_token()), [this](const auto&, const auto&) { workEnded = true; });
  }
  [[nodiscard]] std::size_t ready() const {
    std::size_t count = 0;
    for (std::size_t i = 0; i < kResources; ++i) {
      const auto resource = kube.get(kDomainsPath, "d" + std::to_string(i));
      count += resource->dump().find(R"("reason":"Synced","status":"True")") != std::string::npos ? 1 : 0;
    }
    return count;
  }
  /// The most that was asked within any second, from `after` the start on.
  [[nodiscard]] std::size_t mostInASecond(base::SteadyTime after) const {
    std::size_t most = 0;
    const auto& asked = kube.asked();
    for (auto from = asked.begin(), to = from; from != asked.end(); ++from) {
      while (to != asked.end() && to->at - from->at < 1s) ++to;
      if (from->at >= after) most = std::max(most, static_cast<std::size_t>(to - from));
    }
    return most;
  }
  bool workEnded = true;
};

TEST_F(AStart, KeepsToTheLimitAndReachesEveryResource) {
  const auto began = executor.now();
  start();
  while (ready() < kResources && executor.now() - began < 10min) executor.advance(2s);
  ASSERT_EQ(ready(), kResources);
  const std::size_t asked = kube.asked().size();
  const auto bound = std::chrono::duration<double>((static_cast<double>(asked) - kBurst) / kPerSecond);
  EXPECT_LE(executor.now() - began, bound + 30s) << asked << " requests: the limit is what bounds it";
  EXPECT_LE(mostInASecond(began), kBurst + kPerSecond);
  EXPECT_LE(mostInASecond(began + 10s), kPerSecond + 1);
}

/// Twenty resources whose watches have used up the burst but for some requests of their passes.
class ASlowStart : public AStart {
 protected:
  ASlowStart() : AStart(20, {.perSecond = 1, .burst = 70}) {}
};

TEST_F(ASlowStart, EndsAtOnceWhenToldToStopWhilePassesStandInLine) {
  start();
  executor.advance(5s);
  ASSERT_GT(controller.running(), 10U);
  stop.request_stop();
  executor.advance(100ms);
  ASSERT_FALSE(workEnded) << "what a pass says at its end does not stop with it";
  client.hurry();
  executor.advance(1s);
  EXPECT_TRUE(ended);
  EXPECT_TRUE(workEnded) << controller.running() << " passes still wait";
}

}  // namespace
}  // namespace splitdelivery::cli
