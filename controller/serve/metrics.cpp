#include "serve/metrics.h"

#include "base/version.h"

namespace splitdelivery::serve {

Metrics::Metrics(base::Executor& executor, const std::string& controller)
    : reconcile(registry_, controller),
      queue(executor, registry_, controller),
      traffic(registry_),
      restClient(registry_),
      leader(registry_),
      domains(executor, registry_),
      departures(registry_),
      accounts(registry_),
      process_(registry_) {
  registry_.gauges("splitdelivery_build_info").of({base::kVersion}).Set(1);
}

}  // namespace splitdelivery::serve
