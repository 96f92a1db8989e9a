#pragma once

#include <cstddef>

#include "simulators/directadmin.h"
#include "simulators/dns.h"
#include "simulators/faults.h"
#include "simulators/journal.h"
#include "simulators/service.h"
#include "simulators/zoho.h"

namespace splitdelivery::simulators {

/// All simulators with one journal and one fault plan: all that a test or the program needs.
/// Not thread-safe, but for `dns`; whichever front serves the rest calls it from one thread.
struct World {
  Journal journal{};
  FaultPlan faults{};
  Zoho zoho{};
  DirectAdmin da{};
  DnsZone dns{};
  Service zohoService{zoho, faults, journal};
  Service daService{da, faults, journal};

  World() = default;
  World(const World&) = delete;
  World& operator=(const World&) = delete;
  ~World() = default;
};

/// What a benchmark is run against.
struct BenchSize {
  std::size_t organizations = 1;
  std::size_t domainsPerOrganization = 1;
  std::size_t users = 8;  ///< of each organisation, dealt in turn to its domains
  bool traps = true;      ///< off: no call limit, no odd accounts, pages that behave
};

/// Organisation j has the id 60010000+j and the domains d<i>.example.com with i from j·K; its client is
/// 1000.SIMCLIENT / simsecret. DirectAdmin's account dauser0 / dakey0 hosts every domain, without
/// forwarders.
void fillBenchWorld(World& world, BenchSize size);

/// A small place to look around: organisation 60012345 with example.com, DirectAdmin's account
/// demo / demo-login-key, and one of everything that a first sync meets. Traps off: no call limit, and
/// pages that behave.
void fillDemoWorld(World& world, bool traps = true);

}  // namespace splitdelivery::simulators
