#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "cli/status_page.h"
#include "cli/two_systems.h"
#include "reconcile/claims.h"
#include "simulators/dns.h"
#include "simulators/kubernetes.h"
#include "source/cluster/books.h"

namespace splitdelivery::cli {

/// A status page over a folder, and what it is filled from.
class StatusRig : public ::testing::Test {
 protected:
  static StatusSite site(bool addresses) {
    return {.place = "./mail",
            .addresses = addresses,
            .planCommand = [](const api::ObjectKey& key) { return "plan " + key.text(); },
            .approval =
                [](const api::ObjectKey& key, const std::string& id) {
                  return serve::HeldView{.id = id, .advice = "do", .command = "approve " + key.name + " " + id};
                },
            .standby = [] { return serve::StandbyView{.worker = "other"}; }};
  }
  static api::SplitDeliveryDomain resource(const std::string& name) {
    api::SplitDeliveryDomain resource{.key = {"mail", name}};
    resource.spec.domain = name + ".example.com";
    resource.spec.policy = api::Policy::Sync;
    return resource;
  }
  void add(const std::string& name, bool suspend = false) {
    snapshot.resources.push_back(resource(name));
    snapshot.resources.back().spec.suspend = suspend;
  }
  /// Has a pass of this resource end.
  void pass(const std::string& name, const api::Status& status) {
    controller.update(snapshot);
    board.passEnded({.resource = resource(name), .status = status, .took = std::chrono::milliseconds{142}});
  }
  api::Status status(api::ConditionStatus ready, const std::string& reason, const std::string& message = "a message") {
    api::Status status;
    set(status, api::condition::kReady, ready, reason, message);
    return status;
  }
  void set(api::Status& status, std::string_view type, api::ConditionStatus to, const std::string& reason,
           const std::string& message) {
    status.conditions.set(type, to, reason, message, systems.executor.wallTime(), 1);
  }
  serve::StatusView view(std::string_view query = "", bool addresses = false) {
    return StatusPage({systems.executor, controller, systems.accounts, board, server}, site(addresses)).view(query);
  }
  std::vector<std::string> keys(std::string_view query = "") {
    std::vector<std::string> keys;
    for (const auto& domain : view(query).domains) keys.push_back(domain.key.substr(5));
    return keys;
  }

  TwoSystems systems;
  simulators::Kubernetes kube{systems.executor};
  kube::Client client{systems.executor, kube, {.origin = "https://kube", .ns = "system"}};
  source::cluster::Domains domains{systems.executor, client, [] {}};
  source::cluster::Books books{client, domains};
  reconcile::Claims claims;
  reconcile::Observer observer;
  queue::Observer queueObserver;
  simulators::VirtualDns dns{systems.executor, systems.world.dns};
  reconcile::Reconciler reconciler{{systems.executor, systems.accounts, books, domains, observer, claims, dns, &books},
                                   reconcile::Mode::Sync};
  reconcile::Controller controller{systems.executor, reconciler, queueObserver, 1};
  serve::Server server{[] { return std::string(); }};
  StatusBoard board{systems.executor, controller, StatusBoard::Keep::All};
  source::Snapshot snapshot;
};

}  // namespace splitdelivery::cli
