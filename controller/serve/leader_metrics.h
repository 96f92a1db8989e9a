#pragma once

#include <functional>
#include <string>

#include "serve/registry.h"

namespace splitdelivery::serve {

/// leader_election_master_status: whether this replica leads, asked anew at each export. Must not outlive the registry.
class LeaderMetrics {
 public:
  explicit LeaderMetrics(Registry& registry) : registry_(registry) {}

  /// This replica stands for election: its series is there from now on. `name`: of the Lease. `leads` must live as
  /// long as the registry is asked.
  void follow(const std::string& name, std::function<bool()> leads);

 private:
  Registry& registry_;
};

}  // namespace splitdelivery::serve
