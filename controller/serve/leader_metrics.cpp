#include "serve/leader_metrics.h"

#include <utility>

namespace splitdelivery::serve {

void LeaderMetrics::follow(const std::string& name, std::function<bool()> leads) {
  auto& status = registry_.gauges("leader_election_master_status").of({name});
  registry_.beforeExport([&status, leads = std::move(leads)] { status.Set(leads() ? 1 : 0); });
}

}  // namespace splitdelivery::serve
