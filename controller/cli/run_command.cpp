#include "cli/run_command.h"

#include "base/log.h"
#include "base/version.h"
#include "cli/cli.h"
#include "cli/fan_out.h"
#include "cli/folder_services.h"
#include "cli/manifest_feed.h"
#include "cli/process.h"
#include "cli/run_log.h"
#include "cli/run_metrics.h"
#include "cli/uncovered_watch.h"
#include "dns/cares_resolver.h"
#include "http/asio_listener.h"
#include "http/real_executor.h"
#include "serve/server.h"
#include "source/folder/state.h"

namespace splitdelivery::cli {
namespace {

using base::LogLevel;
namespace folder = source::folder;

/// A pass that its own clock cannot end hangs, and only a restart helps.
constexpr std::chrono::minutes kStuckAfter = reconcile::PassClock::kLongest + std::chrono::minutes{2};

/// Everything that lives as long as the service does, in the order in which it is taken down.
struct Service {
  Service(base::Executor& executor, folder::StateFolder& state, dns::Resolver& resolver, const FolderOptions& options)
      : metrics(executor),
        transports(executor, options.record, &metrics.traffic),
        accounts(
            executor, [this](const std::string& caBundle) -> http::Transport& { return transports.trusting(caBundle); },
            state.accounts()),
        reconciler({.executor = executor,
                    .accounts = accounts,
                    .books = state.books(),
                    .statuses = state.statuses(),
                    .observer = observers,
                    .claims = claims,
                    .resolver = resolver},
                   reconcile::Mode::Sync),
        controller(executor, reconciler, queueAdapter, options.workers),
        uncovered(executor, accounts),
        feed({.executor = executor,
              .controller = controller,
              .claims = claims,
              .books = state.books(),
              .onRead = [this](const source::Snapshot& snapshot) { take(snapshot); }},
             options.manifests),
        server([this] { return page(); }) {
    metrics.reconcile.workers(options.workers);
    server.addLivenessCheck("passes", [this] { return stuck(); });
    server.addReadinessCheck("manifests", [this] { return feed.trouble(); });
  }

  void take(const source::Snapshot& snapshot) {
    log.resourcesAre(snapshot.resources);
    runMetrics.resourcesAre(snapshot.resources);
    uncovered.snapshotIs(snapshot);
  }
  std::string page() {
    runMetrics.accountsAre(accounts.states());
    return metrics.text();
  }
  [[nodiscard]] std::optional<std::string> stuck() const {
    const auto longest = std::chrono::duration_cast<std::chrono::minutes>(reconciler.longestRunning());
    if (longest < kStuckAfter) return std::nullopt;
    return "a pass has been at work for " + std::to_string(longest.count()) + " minutes";
  }

  serve::Metrics metrics;
  RunMetrics runMetrics{metrics};
  QueueAdapter queueAdapter{metrics.queue};
  TransportPool transports;
  reconcile::Accounts accounts;
  reconcile::Claims claims;
  RunLog log;
  FanOut observers{{&log, &runMetrics}};
  reconcile::Reconciler reconciler;
  reconcile::Controller controller;
  UncoveredWatch uncovered;
  ManifestFeed feed;
  serve::Server server;
};

/// A task that works beside the controller until it is told to stop. One that ends by itself, which only
/// a bug makes it do, ends the service: whoever supervises it starts it anew.
base::Deferred<bool> beside(base::Executor& executor, base::Task<base::Done> task, const std::stop_source& ending) {
  base::Deferred<bool> ended(executor);
  base::spawn(executor, std::move(task),
              [ended, ending](const std::exception_ptr& failure, const std::optional<base::Done>&) mutable {
                ended.resolve(!failure);
                ending.request_stop();
              });
  return ended;
}

/// Runs until told to stop, or until something that it needs has ended.
base::Task<int> work(base::Executor& executor, Service& service, Hangups& hangups, std::stop_token stop) {
  hangups.call([&service] {
    base::log(LogLevel::Info, "SIGHUP: the manifests are read again");
    service.feed.poke();
  });
  std::stop_source ending;
  const std::stop_callback stopped(stop, [&ending] { ending.request_stop(); });
  const auto followed = beside(executor, service.feed.follow(ending.get_token()), ending);
  const auto watched = beside(executor, service.uncovered.follow(ending.get_token()), ending);
  co_await service.controller.run(ending.get_token());
  const bool fed = co_await followed;
  const bool well = co_await watched && fed;
  hangups.call(nullptr);
  if (!well) {
    base::log(LogLevel::Error, fed ? "a bug ended the search for domains without a resource: please report it"
                                   : "the manifests can no longer be followed");
    co_return kError;
  }
  base::log(LogLevel::Info, "stopped");
  co_return kOk;
}

int failed(const base::Error& error) {
  base::log(LogLevel::Error, error.message);
  return kError;
}

base::Task<int> serve(base::Executor& executor, FolderOptions options, Hangups& hangups, std::stop_token stop) {
  const auto path = stateFolder(options);
  auto state = co_await base::offload(
      executor, [&executor, path] { return folder::StateFolder::open(executor, path, folder::Access::Exclusive); });
  if (!state) co_return failed(state.error());
  auto resolver = dns::CaresResolver::open(executor, {.servers = options.dnsServers});
  if (!resolver) co_return failed(resolver.error());
  Service service(executor, **state, **resolver, options);
  std::unique_ptr<http::Listener> listener;
  if (!options.listen.empty()) {
    auto opened = http::AsioListener::open(executor, options.listen, service.server.handler());
    if (!opened) co_return failed(opened.error());
    listener = std::move(*opened);
  }
  if (!co_await service.feed.read()) co_return kError;
  base::log(LogLevel::Info, "started",
            {{"version", std::string(base::kVersion)},
             {"manifests", options.manifests},
             {"state", path.string()},
             {"listen", listener ? listener->address() : "-"}});
  co_return co_await work(executor, service, hangups, std::move(stop));
}

}  // namespace

int runService(const FolderOptions& options) {
  base::setUpLogging(base::logLevelFrom(options.logLevel),
                     options.logFormat == "json" ? base::LogFormat::Json : base::LogFormat::Text);
  const SignalMask mask(SignalMask::Hangup::IsCaught);
  http::RealExecutor executor;
  Hangups hangups(executor);
  return runToEnd(
      executor, mask, [&](std::stop_token stop) { return serve(executor, options, hangups, std::move(stop)); },
      &hangups);
}

}  // namespace splitdelivery::cli
