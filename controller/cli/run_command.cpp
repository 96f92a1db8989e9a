#include "cli/run_command.h"

#include "base/log.h"
#include "base/version.h"
#include "cli/cli.h"
#include "cli/folder_services.h"
#include "cli/manifest_feed.h"
#include "cli/process.h"
#include "cli/run_log.h"
#include "dns/cares_resolver.h"
#include "http/real_executor.h"
#include "source/folder/state.h"

namespace splitdelivery::cli {
namespace {

using base::LogLevel;
namespace folder = source::folder;

/// Everything that lives as long as the service does, in the order in which it is taken down.
struct Service {
  Service(base::Executor& executor, folder::StateFolder& state, dns::Resolver& resolver,
          const FolderOptions& options)
      : transports(executor),
        accounts(
            executor, [this](const std::string& caBundle) -> http::Transport& { return transports.trusting(caBundle); },
            state.accounts()),
        reconciler({.executor = executor,
                    .accounts = accounts,
                    .books = state.books(),
                    .statuses = state.statuses(),
                    .observer = log,
                    .claims = claims,
                    .resolver = resolver},
                   reconcile::Mode::Sync),
        controller(executor, reconciler, queueObserver, options.workers),
        feed({.executor = executor, .controller = controller, .claims = claims, .books = state.books()},
             options.manifests) {}

  TransportPool transports;
  reconcile::Accounts accounts;
  reconcile::Claims claims;
  RunLog log;
  queue::Observer queueObserver;
  reconcile::Reconciler reconciler;
  reconcile::Controller controller;
  ManifestFeed feed;
};

base::Task<int> serve(base::Executor& executor, FolderOptions options, Hangups& hangups, std::stop_token stop) {
  const auto path = stateFolder(options);
  auto state = co_await base::offload(
      executor, [&executor, path] { return folder::StateFolder::open(executor, path, folder::Access::Exclusive); });
  if (!state) {
    base::log(LogLevel::Error, state.error().message);
    co_return kError;
  }
  auto resolver = dns::CaresResolver::open(executor, {.servers = options.dnsServers});
  if (!resolver) {
    base::log(LogLevel::Error, resolver.error().message);
    co_return kError;
  }
  Service service(executor, **state, **resolver, options);
  if (!co_await service.feed.read()) co_return kError;
  base::log(LogLevel::Info, "started",
            {{"version", std::string(base::kVersion)}, {"manifests", options.manifests}, {"state", path.string()}});

  hangups.call([&service] {
    base::log(LogLevel::Info, "SIGHUP: the manifests are read again");
    service.feed.poke();
  });
  std::stop_source ending;
  const std::stop_callback stopped(stop, [&ending] { ending.request_stop(); });
  base::Deferred<bool> followed(executor);
  base::spawn(executor, service.feed.follow(ending.get_token()),
              [followed, ending](const std::exception_ptr& failure, const std::optional<base::Done>&) mutable {
                followed.resolve(!failure);
                ending.request_stop();
              });
  co_await service.controller.run(ending.get_token());
  const bool fed = co_await followed;
  hangups.call(nullptr);
  if (!fed) {
    // Deaf to every later change of the manifests: whoever supervises us starts us anew.
    base::log(LogLevel::Error, "the manifests can no longer be followed");
    co_return kError;
  }
  base::log(LogLevel::Info, "stopped");
  co_return kOk;
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
