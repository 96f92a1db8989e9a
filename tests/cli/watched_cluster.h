#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "api/time.h"
#include "kube/events.h"
#include "kube/reflector.h"
#include "simulators/kubernetes.h"
#include "source/cluster/domains.h"
#include "source/cluster/resource_types.h"
#include "support/virtual_executor.h"

namespace splitdelivery::cli {

/// An API server in virtual time with the resource mail/d0, and what we know of its resources.
class WatchedCluster : public ::testing::Test {
 protected:
  using Json = nlohmann::json;
  static constexpr const char* kDomainsPath = "/apis/splitdelivery.dev/v1alpha1/namespaces/mail/splitdeliverydomains";
  static constexpr const char* kEventsPath = "/apis/events.k8s.io/v1/namespaces/mail/events";

  static Json document(const std::string& name) {
    return {{"apiVersion", "splitdelivery.dev/v1alpha1"},
            {"kind", "SplitDeliveryDomain"},
            {"metadata", {{"name", name}}},
            {"spec",
             {{"domain", name + ".example.com"},
              {"policy", "Sync"},
              {"zoho", {{"organizationId", "1"}, {"dataCenter", "eu"}, {"credentialsSecretRef", {{"name", "zoho"}}}}},
              {"directAdmin",
               {{"server", "https://eagle.example:2222"}, {"credentialsSecretRef", {{"name", "directadmin"}}}}}}}};
  }
  void SetUp() override {
    server.put(kDomainsPath, document("d0"));
    base::spawn(executor, reflector.run(stop.get_token()), [](auto, const auto&) {});
    executor.advance(std::chrono::milliseconds{100});
  }
  ~WatchedCluster() override {
    stop.request_stop();
    executor.drain();
  }
  static api::SplitDeliveryDomain resource(const std::string& name = "d0") {
    api::SplitDeliveryDomain resource{.key = {"mail", name}, .generation = 1};
    resource.spec.domain = name + ".example.com";
    return resource;
  }
  /// "Warning BadCredentials: the note", as they came.
  [[nodiscard]] std::vector<std::string> told() {
    executor.advance(std::chrono::seconds{1});
    std::vector<std::string> all;
    for (const auto& asked : server.asked()) {
      if (asked.method != "POST" || !asked.path.starts_with(kEventsPath)) continue;
      const Json event = Json::parse(asked.body);
      all.push_back(event.at("type").get<std::string>() + " " + event.at("reason").get<std::string>() + ": " +
                    event.at("note").get<std::string>());
    }
    return all;
  }

  testing::VirtualExecutor executor;
  simulators::Kubernetes server{executor};
  kube::Client client{executor, server, {.origin = "https://kube", .ns = "system"}};
  source::cluster::Domains domains{executor, client, [] {}};
  kube::Reflector reflector{executor, client, {source::cluster::kDomains, ""}, domains.sinkOf("")};
  std::stop_source stop;
};

}  // namespace splitdelivery::cli
