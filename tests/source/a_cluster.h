#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "simulators/kubernetes.h"
#include "source/cluster/books.h"
#include "source/cluster/resource_types.h"
#include "support/virtual_executor.h"

namespace splitdelivery::source::cluster {

using namespace std::chrono_literals;

inline constexpr const char* kDomainsPath = "/apis/splitdelivery.dev/v1alpha1/namespaces/mail/splitdeliverydomains";
inline constexpr const char* kBooksPath = "/apis/splitdelivery.dev/v1alpha1/namespaces/mail/addressbooks";
inline const api::ObjectKey kKey{"mail", "d0"};

inline Json domain(const std::string& name = "d0") {
  return {{"apiVersion", "splitdelivery.dev/v1alpha1"},
          {"kind", "SplitDeliveryDomain"},
          {"metadata",
           {{"name", name},
            {"annotations", {{"kubectl.kubernetes.io/last-applied-configuration", "{}"}}},
            {"managedFields", Json::array({{{"manager", "kubectl"}}})}}},
          {"spec",
           {{"domain", "example.com"},
            {"policy", "Sync"},
            {"zoho", {{"organizationId", "1"}, {"dataCenter", "eu"}, {"credentialsSecretRef", {{"name", "zoho"}}}}},
            {"directAdmin",
             {{"server", "https://eagle.example:2222"}, {"credentialsSecretRef", {{"name", "directadmin"}}}}}}}};
}

inline api::AddressBook book(const std::string& local) {
  api::AddressBook book;
  book.ledger.identity = api::Identity{"directadmin", "https://eagle.example:2222", "me", "example.com", "1"};
  book.ledger.entries = {{.local = local, .destinations = {local + "@zoho.example.com"}}};
  return book;
}

/// More than one object can hold.
inline api::AddressBook longBook(std::size_t addresses) {
  api::AddressBook long_ = book("a");
  for (std::size_t i = 0; i < addresses; ++i) {
    const std::string local = "address-" + std::to_string(1'000'000 + i);
    long_.ledger.entries.push_back({.local = local, .destinations = {local + "@zoho.example.com"}});
  }
  return long_;
}

/// An API server in virtual time with one resource, and all that is made of it.
class ACluster : public ::testing::Test {
 protected:
  void SetUp() override {
    server.put(kDomainsPath, domain());
    base::spawn(executor, reflector.run(stop.get_token()), [](auto, const auto&) {});
    executor.advance(100ms);
  }
  ~ACluster() override {
    stop.request_stop();
    executor.drain();
  }
  StoredBook loaded() {
    auto stored = executor.run(books.load(kKey));
    EXPECT_TRUE(stored) << stored.error().message;
    return stored.value_or(StoredBook{});
  }
  base::Result<base::Done> save(const api::AddressBook& next) { return executor.run(books.save(kKey, next)); }
  /// As a pass does it.
  base::Result<base::Done> loadAndSave(const api::AddressBook& next) {
    static_cast<void>(loaded());
    return save(next);
  }
  std::vector<std::string> finalizers() {
    executor.advance(10ms);
    return metadataOf(server.get(kDomainsPath, "d0").value_or(Json())).finalizers;
  }

  testing::VirtualExecutor executor;
  simulators::Kubernetes server{executor};
  kube::Client client{executor, server, {.origin = "https://kube", .ns = "system"}};
  int news = 0;
  Domains domains{executor, client, [this] { ++news; }};
  Books books{client, domains};
  kube::Reflector reflector{executor, client, {kDomains, ""}, domains.sinkOf("")};
  std::stop_source stop;
};

}  // namespace splitdelivery::source::cluster
