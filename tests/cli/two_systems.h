#pragma once

#include <string>

#include "api/zoho_hosts.h"
#include "reconcile/accounts.h"
#include "simulators/virtual_network.h"
#include "source/folder/collection.h"
#include "support/virtual_executor.h"
#include "zoho/memory_store.h"

namespace splitdelivery::cli {

/// Zoho's organisation 60012345 and DirectAdmin's account "user" with the key "key", both empty but for
/// example.com, behind a network in virtual time.
struct TwoSystems {
  static constexpr const char* kOrganization = "60012345";

  TwoSystems() {
    world.zoho.addOrganization({.id = kOrganization, .domains = {{.name = "example.com", .primary = true}}});
    world.da.addAccount({.user = "user", .keys = {{.key = "key"}}});
    world.da.addDomain("user", "example.com");
    network.serveWorld(world);
  }

  testing::VirtualExecutor executor;
  simulators::World world{};
  simulators::VirtualNetwork network{executor};
  testing::MemoryStore records{};
  reconcile::Accounts accounts{executor, [this](const std::string&) -> http::Transport& { return network; }, records};
};

/// What the folder's reader makes of a text that was printed.
inline source::Snapshot readBack(const std::string& yaml) {
  source::folder::Collection collection;
  collection.addFile("printed.yaml", yaml);
  return collection.settle();
}

}  // namespace splitdelivery::cli
