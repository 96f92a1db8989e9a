#include "cli/cluster_command.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>
#include <csignal>
#include <cstdlib>

#include "base/digest.h"
#include "base/log.h"
#include "base/version.h"
#include "cli/cli.h"
#include "cli/cluster_feed.h"
#include "cli/event_teller.h"
#include "cli/first_sight.h"
#include "cli/process.h"
#include "cli/service.h"
#include "cli/status_options.h"
#include "cli/status_sites.h"
#include "cli/uncovered_watch.h"
#include "dns/cares_resolver.h"
#include "http/cpprest_transport.h"
#include "http/logged_transport.h"
#include "http/metered_transport.h"
#include "http/origin.h"
#include "http/real_executor.h"
#include "kube/events.h"
#include "kube/leader_election.h"
#include "kube/patient_transport.h"
#include "source/cluster/accounts.h"
#include "source/cluster/acknowledgements.h"

namespace splitdelivery::cli {
namespace {

using base::LogLevel;
namespace cluster = source::cluster;

/// The way to the API server: the wire, then what watches it.
struct ApiServer {
  ApiServer(base::Executor& executor, kube::Config config, serve::RestClientMetrics& meter,
            const ClusterOptions& options)
      : wire(executor, {.caBundle = config.caBundle,
                        .caBundleAlone = true,
                        .clientCertificate = config.clientCertificate,
                        .clientKey = config.clientKey,
                        .userAgent = "splitdelivery/" + std::string(base::kVersion)}),
        metered(executor, wire, meter),
        logged(executor, metered),
        patient(executor, logged,
                [this, &meter, &executor](std::string_view method, const auto& answer) {
                  meter.repeated(method, answer ? answer->status : 0);
                  if (answer)
                    client.slowDown(answer->retryAfter(executor.wallTime()).value_or(std::chrono::seconds{0}));
                }),
        client(executor, patient, std::move(config),
               {.perSecond = options.apiQps,
                .burst = options.apiBurst,
                .onPass = [&meter](std::string_view method, base::Duration inLine) { meter.waited(method, inLine); }}) {
    const std::string& origin = client.config().origin;
    const auto place = http::parseOrigin(origin);
    meter.expect(place ? place->place() : origin);
  }

  http::CpprestTransport wire;
  http::MeteredTransport metered;
  http::LoggedTransport logged;
  kube::PatientTransport patient;
  kube::Client client;
};

/// What the Lease and the accounts' ConfigMap are called: those that work on other namespaces have their own.
std::string instanceName(std::vector<std::string> namespaces) {
  if (namespaces.empty()) return "splitdelivery";
  std::ranges::sort(namespaces);
  base::Digest digest;
  for (const auto& ns : namespaces) digest.add(ns);
  return "splitdelivery-" + digest.hex().substr(0, 8);
}

/// The command line has checked the patterns.
reconcile::ServerRules rulesOf(const ClusterOptions& options) {
  reconcile::ServerRules rules{.strict = true};
  for (const auto& text : options.allowedServers) {
    if (auto pattern = api::ServerPattern::parse(text)) rules.allowed.push_back(std::move(*pattern));
  }
  return rules;
}

/// Different from every other replica's, also from an earlier life of this one.
std::string identity(base::Executor& executor) {
  std::array<char, HOST_NAME_MAX + 1> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host.front() = '\0';
  return std::string(host.data()) + "_" + base::digest({std::to_string(executor.random())}).substr(0, 8);
}

/// The service over a cluster.
struct ClusterService {
  ClusterService(base::Executor& executor, kube::Config config, dns::Resolver& resolver, const FolderOptions& options,
                 const ClusterOptions& clusterOptions)
      : elects(clusterOptions.leaderElect),
        replica(identity(executor)),
        metrics(executor),
        apiServer(executor, std::move(config), metrics.restClient, clusterOptions),
        domains(executor, apiServer.client, [this] { feed.poke(); }),
        acknowledgements(executor, domains, [this] { return works(); }),
        books(apiServer.client, domains),
        records(executor, apiServer.client, instanceName(clusterOptions.namespaces) + "-accounts"),
        election(
            executor, apiServer.client,
            {.ns = apiServer.client.config().ns, .name = instanceName(clusterOptions.namespaces), .identity = replica}),
        events(executor, apiServer.client,
               {.controller = "splitdelivery.dev/controller",
                .instance = replica,
                .mayRecord = [this] { return works(); }}),
        teller(events, domains),
        firstSight(executor, domains, [this] { return works(); }),
        service(executor, metrics, {records, books, acknowledgements, &books}, resolver, options,
                rulesOf(clusterOptions),
                clusterOptions.leaderElect ? http::Fence([this] { return election.writesUntil(); }) : nullptr),
        feed({.executor = executor,
              .client = apiServer.client,
              .controller = service.controller,
              .claims = service.claims,
              .domains = domains,
              .books = books,
              .observer = service.observers,
              .onChange = [this](const source::Changes& changes) { take(changes); },
              .works = [this] { return works(); },
              .onSight = [this](const api::SplitDeliveryDomain& resource) { firstSight.saw(resource); }},
             clusterOptions.namespaces),
        uncovered(
            executor, service.accounts, [this] { return feed.snapshot(); },
            [this](std::size_t count) { metrics.domains.uncovered(count); }) {
    service.observers.add(teller);
    service.server.addReadinessCheck("cluster", [this] { return feed.trouble(); });
    service.server.addLivenessCheck("requests", [this] { return apiServer.client.stuck(); });
    if (hasStatusPage(options)) {
      const kube::Config& cluster = apiServer.client.config();
      service.showStatus(clusterSite({cluster.origin, options.statusAddresses, domains, feed, uncovered,
                                      [this] { return works(); }, [this] { return election.holder(); }, cluster.ns}));
    }
    if (!elects) return;
    service.server.addLivenessCheck("lease", [this] { return election.overdue(); });
    metrics.leader.follow(instanceName(clusterOptions.namespaces), [this] { return election.leads(); });
  }

  /// Whether this replica does the work; it is the only one, or it leads.
  [[nodiscard]] bool works() const { return !elects || election.leads(); }

  void take(const source::Changes& changes) {
    for (const auto& key : changes.gone) {
      service.log.resourceIsGone(key);
      service.runMetrics.resourceIsGone(key);
      if (service.board) service.board->resourceIsGone(key);
      teller.resourceIsGone(key);
      if (!domains.isThere(key)) acknowledgements.resourceIsGone(key);  // one that is there cannot be used
    }
    for (const auto& resource : changes.resources) service.runMetrics.resourceIs(resource);
  }

  const bool elects;
  const std::string replica;
  serve::Metrics metrics;
  ApiServer apiServer;
  cluster::Domains domains;
  cluster::Acknowledgements acknowledgements;
  cluster::Books books;
  cluster::Accounts records;
  kube::LeaderElection election;
  kube::EventRecorder events;
  EventTeller teller;
  FirstSight firstSight;
  Service service;
  ClusterFeed feed;
  UncoveredWatch uncovered;
};

bool isWell(bool well, const char* otherwise) {
  if (!well) base::log(LogLevel::Error, otherwise);
  return well;
}

int failed(const base::Error& error) {
  base::log(LogLevel::Error, error.message);
  return kError;
}

std::optional<std::string> environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody sets any
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

/// What the replica that works does besides following the cluster. False: a bug ended a part of it.
base::Task<bool> doTheWork(base::Executor& executor, ClusterService& running, std::stop_source ending) {
  const auto watched = beside(executor, running.uncovered.follow(ending.get_token()), ending);
  co_await running.service.controller.run(ending.get_token());
  co_await running.acknowledgements.end();  // before the Lease is given back
  co_return isWell(co_await watched, "a bug ended the search for domains without a resource: please report it");
}

/// Works for as long as it leads. The Lease is kept until the last pass has ended, and given back last. False: it was
/// lost, or a bug ended something.
base::Task<bool> lead(base::Executor& executor, ClusterService& running, std::stop_source ending) {
  if (!co_await running.election.acquire(ending.get_token())) co_return true;
  // Another replica may have written since these were read.
  running.books.forgetAll();
  running.records.forgetAll();
  running.service.claims.forgetOwners();
  running.feed.poke();
  std::stop_source leaving;
  base::Deferred<bool> kept(executor);
  base::spawn(executor, running.election.keep(leaving.get_token()),
              [kept, ending](const std::exception_ptr&, const std::optional<bool>& well) mutable {
                kept.resolve(well.value_or(false));
                const bool isFirst = ending.request_stop();
                // What hangs at an API server that does not answer is not waited for longer than after any other end.
                if (isFirst && !well.value_or(false)) ::kill(::getpid(), SIGTERM);
              });
  const bool worked = co_await doTheWork(executor, running, ending);
  co_await running.events.finish();
  leaving.request_stop();
  const bool well =
      isWell(co_await kept, "the Lease was lost: another replica goes on; this one has to be started anew");
  if (!well) co_return false;
  co_await running.election.release();
  co_return worked;
}

base::Task<int> work(base::Executor& executor, ClusterService& running, std::stop_token stop) {
  std::stop_source ending;
  const std::stop_callback stopped(stop, [&ending] { ending.request_stop(); });
  // What waits and was told to stop has left the line by then; what is left are the last words of passes.
  const std::stop_callback hurried(ending.get_token(), [&executor, &running] {
    executor.post([&running] {
      running.apiServer.patient.hurry();
      running.apiServer.client.hurry();
    });
  });
  const auto fed = beside(executor, running.feed.follow(ending.get_token()), ending);
  const bool worked =
      co_await (running.elects ? lead(executor, running, ending) : doTheWork(executor, running, ending));
  ending.request_stop();
  const bool well = isWell(co_await fed, "a bug ended the view of the cluster: please report it");
  co_await running.firstSight.end();
  co_await running.events.finish();
  if (!well || !worked) co_return kError;
  base::log(LogLevel::Info, "stopped");
  co_return kOk;
}

base::Task<int> serve(base::Executor& executor, FolderOptions options, ClusterOptions clusterOptions,
                      std::stop_token stop) {
  auto config = co_await base::offload(
      executor, [file = clusterOptions.kubeconfig] { return kube::findConfig(file, environment); });
  if (!config) co_return failed(config.error());
  auto resolver = dns::CaresResolver::open(executor, {.servers = options.dnsServers});
  if (!resolver) co_return failed(resolver.error());
  const std::string server = config->origin;
  ClusterService running(executor, std::move(*config), **resolver, options, clusterOptions);
  const auto listener = listen(executor, options.listen, running.service.server);
  if (!listener) co_return failed(listener.error());
  base::log(LogLevel::Info, "started",
            {{"version", std::string(base::kVersion)},
             {"server", server},
             {"listen", *listener ? (*listener)->address() : "-"}});

  co_return co_await work(executor, running, std::move(stop));
}

}  // namespace

int runController(const FolderOptions& options, const ClusterOptions& cluster) {
  base::setUpLogging(base::logLevelFrom(options.logLevel),
                     options.logFormat == "json" ? base::LogFormat::Json : base::LogFormat::Text);
  const SignalMask mask;
  http::RealExecutor executor;
  return runToEnd(executor, mask,
                  [&](std::stop_token stop) { return serve(executor, options, cluster, std::move(stop)); });
}

}  // namespace splitdelivery::cli
