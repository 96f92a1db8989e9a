#include "cli/run_command.h"

#include <memory>
#include <optional>

#include "base/log.h"
#include "base/version.h"
#include "cli/cli.h"
#include "cli/env_feed.h"
#include "cli/folder_services.h"
#include "cli/manifest_feed.h"
#include "cli/process.h"
#include "cli/service.h"
#include "cli/status_options.h"
#include "cli/status_sites.h"
#include "cli/uncovered_watch.h"
#include "dns/cares_resolver.h"
#include "http/real_executor.h"
#include "source/folder/state.h"

namespace splitdelivery::cli {
namespace {

using base::LogLevel;
namespace folder = source::folder;

/// The service without a cluster.
struct FolderService {
  FolderService(base::Executor& executor, folder::StateFolder& state, dns::Resolver& resolver,
                const FolderOptions& options)
      : metrics(executor),
        service(executor, metrics, {state.accounts(), state.books(), state.statuses()}, resolver, options),
        intake({.executor = executor,
                .controller = service.controller,
                .claims = service.claims,
                .books = state.books(),
                .onRead = [this](const source::Snapshot& snapshot) { take(snapshot); }}) {
    if (options.env) {
      feed = std::make_unique<EnvFeed>(intake, EnvResources(service.accounts, state.bookList(), *options.env));
    } else {
      uncovered.emplace(
          executor, service.accounts, [this] { return snapshot(); },
          [this](std::size_t count) { metrics.domains.uncovered(count); });
      feed = std::make_unique<ManifestFeed>(intake, options.manifests);
    }
    service.server.addReadinessCheck(options.env ? "domains" : "manifests", [this] { return feed->trouble(); });
    if (hasStatusPage(options)) {
      service.showStatus(folderSite(options, intake, *feed, uncovered ? &*uncovered : nullptr));
    }
  }

  void take(const source::Snapshot& snapshot) {
    service.log.resourcesAre(snapshot.resources);
    service.runMetrics.resourcesAre(snapshot.resources);
    if (service.board) service.board->resourcesAre(snapshot.resources);
  }
  [[nodiscard]] std::optional<source::Snapshot> snapshot() const {
    if (intake.documentErrors() > 0) return std::nullopt;
    return service.controller.snapshot();
  }

  serve::Metrics metrics;
  Service service;
  Intake intake;
  std::optional<UncoveredWatch> uncovered;  ///< --from-env covers every domain itself
  std::unique_ptr<Feed> feed;
};

/// Runs until told to stop, or until something that it needs has ended.
base::Task<int> work(base::Executor& executor, FolderService& folder, std::string again, Hangups& hangups,
                     std::stop_token stop) {
  hangups.call([&folder, &again] {
    base::log(LogLevel::Info, "SIGHUP: " + again);
    folder.feed->poke();
  });
  std::stop_source ending;
  const std::stop_callback stopped(stop, [&ending] { ending.request_stop(); });
  const auto followed = beside(executor, folder.feed->follow(ending.get_token()), ending);
  std::optional<base::Deferred<bool>> watched;
  if (folder.uncovered) watched = beside(executor, folder.uncovered->follow(ending.get_token()), ending);
  co_await folder.service.controller.run(ending.get_token());
  const bool fed = co_await followed;
  const bool well = (!watched || co_await *watched) && fed;
  hangups.call(nullptr);
  if (!well) {
    base::log(LogLevel::Error, fed ? "a bug ended the search for domains without a resource: please report it"
                                   : "the resources can no longer be followed");
    co_return kError;
  }
  base::log(LogLevel::Info, "stopped");
  co_return kOk;
}

/// What a person should know of what was taken out of the environment.
void tellOf(const FromEnv& env) {
  for (const std::string& note : env.settings.notes) base::log(LogLevel::Warn, note);
  if (env.policy != api::Policy::Observe) return;
  base::log(LogLevel::Warn,
            "the policy is Observe, so nothing is changed: look at what splitdelivery plan --from-env says, then stop "
            "the script for good and set SPLITDELIVERY_POLICY to CreateOnly, UpsertOnly or Sync");
}

int failed(const base::Error& error) {
  base::log(LogLevel::Error, error.message);
  return kError;
}

base::Task<int> serve(base::Executor& executor, FolderOptions options, Hangups& hangups, std::stop_token stop) {
  const auto place = stateFolder(options);
  if (!place) co_return failed(place.error());
  const std::filesystem::path& path = *place;
  auto state = co_await base::offload(
      executor, [&executor, path] { return folder::StateFolder::open(executor, path, folder::Access::Exclusive); });
  if (!state) co_return failed(state.error());
  auto resolver = dns::CaresResolver::open(executor, {.servers = options.dnsServers});
  if (!resolver) co_return failed(resolver.error());
  FolderService service(executor, **state, **resolver, options);
  const auto listener = listen(executor, options.listen, service.service.server);
  if (!listener) co_return failed(listener.error());
  if (options.env) tellOf(*options.env);
  if (!co_await service.feed->begin()) co_return kError;
  base::log(LogLevel::Info, "started",
            {{"version", std::string(base::kVersion)},
             {"manifests", options.env ? "from the environment" : options.manifests},
             {"state", path.string()},
             {"listen", *listener ? (*listener)->address() : "-"}});
  std::string again = options.env ? "both sides are asked for their domains again" : "the manifests are read again";
  co_return co_await work(executor, service, std::move(again), hangups, std::move(stop));
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
