// In-sync passes of 16 domains with 20 users each, side by side as `sync` runs them: real sockets to
// the simulators in a process of their own, the real state folder, everything but reading the
// manifests. The domains are of one organisation, whose listing is shared for a minute; bench_zoho has
// what reading it costs. "per_pass" is the process's CPU for one pass.

#include <benchmark/benchmark.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "base/await.h"
#include "http/blocking_run.h"
#include "http/cpprest_transport.h"
#include "http/real_executor.h"
#include "reconcile/reconciler.h"
#include "simulators/dns.h"
#include "source/folder/state.h"

namespace splitdelivery::reconcile {
namespace {

/// The simulators' program, killed at the end.
class Simulators {
 public:
  Simulators() {
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) throw std::runtime_error("pipe");
    pid_ = fork();
    if (pid_ == 0) {
      dup2(ends[1], STDOUT_FILENO);
      execl(SPLITDELIVERY_SIMULATORS, "splitdelivery-simulators", "-zoho=127.0.0.1:0", "-da=127.0.0.1:0",
            "-control=127.0.0.1:0", "-domains-per-org=16", "-users=320", "-traps=false", "-token-limit=0", nullptr);
      _exit(127);
    }
    close(ends[1]);
    std::array<char, 512> line{};
    std::FILE* out = fdopen(ends[0], "r");
    if (std::fgets(line.data(), line.size(), out) == nullptr) throw std::runtime_error("no simulators");
    ready_ = line.data();
    std::fclose(out);
  }
  Simulators(const Simulators&) = delete;
  Simulators& operator=(const Simulators&) = delete;
  ~Simulators() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }

  /// "http://127.0.0.1:PORT" of "zoho" or "da".
  [[nodiscard]] std::string url(const std::string& name) const {
    const auto start = ready_.find(name + "=") + name.size() + 1;
    return ready_.substr(start, ready_.find_first_of(" \n", start) - start);
  }

 private:
  pid_t pid_ = -1;
  std::string ready_;
};

constexpr int kDomains = 16;

api::SplitDeliveryDomain resourceFor(const Simulators& simulators, int index) {
  api::SplitDeliveryDomain resource;
  const std::string name = "d" + std::to_string(index);
  resource.key = {"default", name};
  api::Spec& spec = resource.spec;
  spec.domain = name + ".example.com";
  spec.routingHost = "zoho." + spec.domain;
  spec.policy = api::Policy::Sync;
  spec.zoho = {"60010000", "us", simulators.url("zoho"), simulators.url("zoho"), "zoho"};
  spec.directAdmin = {.server = simulators.url("da"), .credentialsSecret = "directadmin"};
  return resource;
}

Accounts::Secrets secrets() {
  Accounts::Secrets all;
  const auto add = [&](const char* name, const char* key1, const char* value1, const char* key2, const char* value2) {
    api::SecretObject secret{.key = {"default", name}, .values = {}};
    secret.values.emplace(key1, base::Secret(value1));
    secret.values.emplace(key2, base::Secret(value2));
    all.emplace(secret.key, secret);
  };
  add("zoho", "clientId", "1000.SIMCLIENT", "clientSecret", "simsecret");
  add("directadmin", "username", "dauser0", "loginKey", "dakey0");
  return all;
}

void inSyncPass(benchmark::State& state) {
  const Simulators simulators;
  std::string folder = (std::filesystem::temp_directory_path() / "splitdelivery-bench-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) throw std::runtime_error("mkdtemp");
  http::RealExecutor executor;
  http::CpprestTransport transport(executor, {});
  auto kept = source::folder::StateFolder::open(executor, folder, source::folder::Access::Exclusive);
  Accounts accounts(
      executor, [&](const std::string&) -> http::Transport& { return transport; }, (*kept)->accounts());
  Observer observer;
  Claims claims;
  simulators::DnsZone zone;
  simulators::VirtualDns dns(executor, zone);
  for (int i = 0; i < kDomains; ++i) simulators::addMailRecords(zone, "d" + std::to_string(i) + ".example.com");
  Reconciler reconciler({executor, accounts, (*kept)->books(), (*kept)->statuses(), observer, claims, dns}, Mode::Sync);
  const Accounts::Secrets known = secrets();
  const auto allPasses = [&] {
    std::vector<base::Task<PassReport>> passes;
    for (int i = 0; i < kDomains; ++i) passes.push_back(reconciler.pass(resourceFor(simulators, i), known, {}));
    return http::runBlocking(executor, base::all(executor, std::move(passes)));
  };
  allPasses();
  for (auto _ : state) {
    for (const PassReport& report : allPasses()) {
      if (report.outcome != Outcome::InSync) state.SkipWithError("not in sync");
    }
  }
  state.counters["per_pass"] =
      benchmark::Counter(kDomains, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
  std::filesystem::remove_all(folder);
}

BENCHMARK(inSyncPass)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();

}  // namespace
}  // namespace splitdelivery::reconcile
