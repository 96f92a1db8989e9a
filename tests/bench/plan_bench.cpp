// A plan over 100,000 desired and 100,000 present addresses, in three states: nothing to do,
// everything to create, everything to change.

#include <benchmark/benchmark.h>

#include <cstdio>

#include "plan/plan.h"

namespace splitdelivery::plan {
namespace {

constexpr std::size_t kCount = 100'000;

struct Large {
  api::Spec spec;
  std::vector<api::ZohoAddress> zoho;
  api::Forwarders present;
  api::Ledger ledger;
  std::vector<std::string> mailboxes;
  api::Identity identity{"directadmin", "https://da.example:2222", "user", "example.com", "60012345"};

  explicit Large(const std::string& presentHost) {
    spec.domain = "example.com";
    spec.routingHost = "zoho.example.com";
    spec.policy = api::Policy::Sync;
    ledger.identity = identity;
    for (std::size_t i = 0; i < kCount; ++i) {
      char local[32];
      std::snprintf(local, sizeof local, "user.number.%06zu", i);
      zoho.push_back({{local, spec.domain}, api::Kind::Primary, false});
      if (presentHost.empty()) continue;
      const std::string to = std::string(local) + "@" + presentHost;
      present.push_back({.local = local, .destinations = {to}});
      ledger.entries.push_back({.local = local, .destinations = {to}, .kinds = api::Kind::Primary});
    }
  }

  [[nodiscard]] Plan plan(api::Ledger from) const {
    return makePlan({.spec = spec,
                     .identity = identity,
                     .ledger = std::move(from),
                     .zoho = zoho,
                     .accounts = api::Completeness::Complete,
                     .groups = api::Completeness::Complete,
                     .domains = api::Completeness::Complete,
                     .present = present,
                     .mailboxes = &mailboxes,
                     .now = {}});
  }
};

void run(benchmark::State& state, const std::string& presentHost) {
  const Large world(presentHost);
  for (auto _ : state) {
    state.PauseTiming();
    api::Ledger ledger = world.ledger;
    state.ResumeTiming();
    benchmark::DoNotOptimize(world.plan(std::move(ledger)));
  }
}

void planInSync(benchmark::State& state) {
  run(state, "zoho.example.com");
}
void planEverythingToCreate(benchmark::State& state) {
  run(state, "");
}
void planEverythingToChange(benchmark::State& state) {
  run(state, "old.example.com");
}

BENCHMARK(planInSync)->Unit(benchmark::kMillisecond);
BENCHMARK(planEverythingToCreate)->Unit(benchmark::kMillisecond);
BENCHMARK(planEverythingToChange)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace splitdelivery::plan
