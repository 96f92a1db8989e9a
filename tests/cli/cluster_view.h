#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "cli/cluster_feed.h"
#include "cli/two_systems.h"
#include "reconcile/parting.h"
#include "simulators/dns.h"
#include "simulators/kubernetes.h"
#include "source/cluster/resource_types.h"

namespace splitdelivery::cli {

/// A replica's view of a cluster in virtual time, with the controller that it feeds, and both systems behind it.
/// Secrets: zoho and directadmin in the namespace mail.
struct ClusterView : TwoSystems {
  using Json = nlohmann::json;
  static constexpr const char* kDomainsPath = "/apis/splitdelivery.dev/v1alpha1/namespaces/mail/splitdeliverydomains";
  static constexpr const char* kSecretsPath = "/api/v1/namespaces/mail/secrets";

  /// What observers are told of resources that were let go: name, and what became of the forwarders.
  struct Partings final : reconcile::Observer {
    void parted(const api::SplitDeliveryDomain& resource, const reconcile::Parting& parting) override {
      told.emplace_back(resource.key.name, parting.gaveUp ? "left" : "deleted");
    }
    std::vector<std::pair<std::string, std::string>> told;
  };

  explicit ClusterView(kube::RequestLimit::Options limit = {})
      : client(executor, kube, {.origin = "https://kube", .ns = "system"}, std::move(limit)) {
    addZohoSecret("zoho");
    addServerSecret("directadmin");
  }
  ClusterView(const ClusterView&) = delete;
  ClusterView& operator=(const ClusterView&) = delete;
  ~ClusterView() {
    kube.setFault(nullptr);
    stop.request_stop();
    executor.advance(std::chrono::minutes{1});
    EXPECT_TRUE(ended);
  }

  void addSecret(const std::string& name, const Json& data) {
    kube.put(kSecretsPath, {{"apiVersion", "v1"}, {"kind", "Secret"}, {"metadata", {{"name", name}}}, {"data", data}});
  }
  void addZohoSecret(const std::string& name) {
    addSecret(name, {{"clientId", "MTAwMC5TSU1DTElFTlQ="}, {"clientSecret", "c2ltc2VjcmV0"}});
  }
  void addServerSecret(const std::string& name) { addSecret(name, {{"username", "dXNlcg=="}, {"loginKey", "a2V5"}}); }
  void addResource(const std::string& name, const std::string& domain, const std::string& serverSecret = "directadmin",
                   const std::string& zohoSecret = "zoho") {
    const Json zoho = {
        {"organizationId", kOrganization}, {"dataCenter", "us"}, {"credentialsSecretRef", {{"name", zohoSecret}}}};
    const Json server = {{"server", simulators::VirtualNetwork::kDirectAdmin},
                         {"credentialsSecretRef", {{"name", serverSecret}}}};
    kube.put(kDomainsPath,
             {{"apiVersion", "splitdelivery.dev/v1alpha1"},
              {"kind", "SplitDeliveryDomain"},
              {"metadata", {{"name", name}}},
              {"spec", {{"domain", domain}, {"policy", "Sync"}, {"zoho", zoho}, {"directAdmin", server}}}});
  }
  /// One that the CRD of another version let in.
  void addInvalid(const std::string& name) {
    kube.put(kDomainsPath, {{"metadata", {{"name", name}}}, {"spec", {{"policy", "Whatever"}}}});
  }
  void follow() {
    ended = false;
    base::spawn(executor, feed.follow(stop.get_token()), [this](const auto&, const auto&) { ended = true; });
    executor.advance(std::chrono::milliseconds{100});
  }
  /// Answers requests for paths that contain `part` with that status.
  void refuse(const std::string& part, int status) {
    kube.setFault([part, status](const http::Request& request) -> std::optional<base::Result<http::Response>> {
      if (request.path.find(part) == std::string::npos) return std::nullopt;
      return http::Response{.status = status, .body = "{}", .headers = {}};
    });
  }
  [[nodiscard]] std::string trouble() const { return feed.trouble().value_or("ready"); }
  [[nodiscard]] std::size_t writes() const {
    return kube.count("PATCH", "/") + kube.count("POST", "/") + kube.count("PUT", "/") + kube.count("DELETE", "/");
  }

  simulators::Kubernetes kube{executor};
  kube::Client client;
  simulators::VirtualDns dns{executor, world.dns};
  Partings partings{};
  queue::Observer queueObserver{};
  reconcile::Claims claims{};
  bool works = false;
  source::cluster::Domains domains{executor, client, [this] { feed.poke(); }};
  source::cluster::Books books{client, domains};
  reconcile::Reconciler reconciler{{executor, accounts, books, domains, partings, claims, dns, &books},
                                   reconcile::Mode::Sync};
  reconcile::Controller controller{executor, reconciler, queueObserver, 16};
  ClusterFeed feed{{.executor = executor,
                    .client = client,
                    .controller = controller,
                    .claims = claims,
                    .domains = domains,
                    .books = books,
                    .observer = partings,
                    .onChange = [](const source::Changes&) {},
                    .works = [this] { return works; },
                    .onSight = [](const api::SplitDeliveryDomain&) {}},
                   {}};
  std::stop_source stop{};
  bool ended = true;
};

}  // namespace splitdelivery::cli
