#include "reconcile/fleet.h"

#include <algorithm>

namespace splitdelivery::reconcile {

Fleet::Fleet(std::size_t healthy, std::size_t hanging, std::uint64_t seed)
    : u(seed),
      accounts(
          u.executor, [this](const std::string&) -> http::Transport& { return u.network; }, u.records),
      reconciler({u.executor, accounts, u.books, u.statuses, diary, claims, u.dns}, Mode::Sync),
      controller(u.executor, reconciler, lateness, 16) {
  hangingWorld.faults.add({.api = "da", .fault = {.kind = simulators::FaultKind::Hang}});
  u.network.serve(kHangingServer, hangingWorld.daService);
  for (std::size_t i = 0; i < healthy + hanging; ++i) addDomain(i, i >= healthy);
  manifests.secrets = u.secrets;
}

void Fleet::addDomain(std::size_t i, bool hangs) {
  const std::string domain = "d" + std::to_string(i) + ".example.com";
  u.world.zoho.addDomain(Universe::kOrganization, {.name = domain});
  u.world.zoho.addUser(Universe::kOrganization, {.email = "anna@" + domain});
  simulators::addMailRecords(u.world.dns, domain);
  if (!hangs) u.world.da.addDomain("user", domain);
  api::SplitDeliveryDomain resource = u.resource;
  resource.key = key(i);
  resource.spec.domain = domain;
  resource.spec.routingHost = "zoho." + domain;
  if (hangs) resource.spec.directAdmin.server = kHangingServer;
  manifests.resources.push_back(std::move(resource));
}

api::SplitDeliveryDomain& Fleet::at(std::size_t i) {
  return *std::ranges::find(manifests.resources, key(i), &api::SplitDeliveryDomain::key);
}

void Fleet::read() {
  std::vector<const api::SplitDeliveryDomain*> resources;
  for (const auto& resource : manifests.resources) resources.push_back(&resource);
  claims.update(resources);
  u.executor.run(claims.learnOwners(u.books));
  controller.update(manifests);
}

void Fleet::start() {
  base::spawn(u.executor, controller.run(u.stop.get_token()),
              [this](const std::exception_ptr&, const std::optional<base::Done>&) { ended_ = true; });
}

bool Fleet::stop() {
  u.stop.request_stop();
  while (!ended_ && u.executor.step()) {
  }
  return ended_;
}

}  // namespace splitdelivery::reconcile
