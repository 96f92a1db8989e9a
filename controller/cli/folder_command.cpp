#include "cli/folder_command.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <iterator>

#include "base/await.h"
#include "base/log.h"
#include "cli/folder_services.h"
#include "cli/json_output.h"
#include "cli/orphan_text.h"
#include "cli/process.h"
#include "cli/progress.h"
#include "cli/run_result.h"
#include "cli/text_output.h"
#include "dns/cares_resolver.h"
#include "http/real_executor.h"
#include "source/folder/manifests.h"
#include "source/folder/state.h"

namespace splitdelivery::cli {
namespace {

using reconcile::Mode;
namespace folder = source::folder;

/// The passes of one run. Resources that share a domain go one after the other, in the order of their
/// claims (S15); the others side by side.
class PassList {
 public:
  PassList(reconcile::Reconciler& reconciler, const reconcile::Accounts::Secrets& secrets, std::stop_token stop)
      : reconciler_(reconciler), secrets_(secrets), stop_(std::move(stop)) {}

  std::vector<base::Task<std::vector<reconcile::PassReport>>> of(std::vector<api::SplitDeliveryDomain> resources,
                                                                 const std::vector<api::ObjectKey>& contested) {
    std::vector<base::Task<std::vector<reconcile::PassReport>>> tasks;
    std::vector<api::SplitDeliveryDomain> inOrder;
    inOrder.reserve(contested.size());
    for (const api::ObjectKey& key : contested) {
      inOrder.push_back(*std::ranges::find(resources, key, &api::SplitDeliveryDomain::key));
    }
    for (auto& resource : resources) {
      if (std::ranges::find(contested, resource.key) == contested.end()) tasks.push_back(oneByOne({resource}));
    }
    if (!inOrder.empty()) tasks.push_back(oneByOne(std::move(inOrder)));
    return tasks;
  }

 private:
  base::Task<std::vector<reconcile::PassReport>> oneByOne(std::vector<api::SplitDeliveryDomain> resources) {
    std::vector<reconcile::PassReport> reports;
    reports.reserve(resources.size());
    for (auto& resource : resources) {
      reports.push_back(co_await reconciler_.pass(std::move(resource), secrets_, stop_));
    }
    co_return reports;
  }

  reconcile::Reconciler& reconciler_;
  const reconcile::Accounts::Secrets& secrets_;
  std::stop_token stop_;
};

std::vector<const api::SplitDeliveryDomain*> pointersTo(const std::vector<api::SplitDeliveryDomain>& resources) {
  std::vector<const api::SplitDeliveryDomain*> pointers;
  pointers.reserve(resources.size());
  for (const auto& resource : resources) pointers.push_back(&resource);
  return pointers;
}

base::Task<RunResult> passOverAll(base::Executor& executor, FolderOptions options, Mode mode, std::stop_token stop) {
  RunResult result{.mode = mode, .passes = {}, .errors = {}, .notes = {}};
  const auto give = [&](const std::string& where, const base::Error& error) {
    result.errors.push_back({where, error.message});
  };
  auto snapshot = co_await base::offload(executor, [path = options.manifests] { return folder::readManifests(path); });
  if (!snapshot) {
    give(options.manifests, snapshot.error());
    co_return result;
  }
  result.errors = std::move(snapshot->errors);
  if (snapshot->resources.empty()) {
    if (result.errors.empty()) result.errors.push_back({options.manifests, "there is no SplitDeliveryDomain in it"});
    co_return result;
  }
  const auto place = stateFolder(options);
  if (!place) {
    give(options.manifests, place.error());
    co_return result;
  }
  const std::filesystem::path& path = *place;
  const auto access = mode == Mode::Plan ? folder::Access::ReadOnly : folder::Access::Exclusive;
  auto state = co_await base::offload(
      executor, [&executor, path, access] { return folder::StateFolder::open(executor, path, access); });
  if (!state) {
    give(path.string(), state.error());
    co_return result;
  }
  auto resolver = dns::CaresResolver::open(executor, {.servers = options.dnsServers});
  if (!resolver) {
    give("--dns-server", resolver.error());
    co_return result;
  }
  TransportPool transports(executor, options.record);
  reconcile::Accounts accounts(
      executor, [&](const std::string& caBundle) -> http::Transport& { return transports.trusting(caBundle); },
      (*state)->accounts());
  Progress progress(snapshot->resources.size(), options.output == "text" && isatty(STDERR_FILENO) != 0);
  reconcile::Claims claims;
  reconcile::Reconciler reconciler({.executor = executor,
                                    .accounts = accounts,
                                    .books = (*state)->books(),
                                    .statuses = (*state)->statuses(),
                                    .observer = progress,
                                    .claims = claims,
                                    .resolver = **resolver},
                                   mode);
  claims.update(pointersTo(snapshot->resources));
  co_await claims.learnOwners((*state)->books());
  std::vector<api::ObjectKey> keys;
  for (const auto& resource : snapshot->resources) keys.push_back(resource.key);
  for (const auto& orphan : co_await (*state)->books().orphans(std::move(keys))) {
    result.notes.push_back(orphanText(orphan));
  }
  PassList list(reconciler, snapshot->secrets, stop);
  auto reports =
      co_await base::all(executor, list.of(std::move(snapshot->resources), claims.contested()), options.workers);
  for (auto& some : reports) std::ranges::move(some, std::back_inserter(result.passes));
  std::ranges::sort(result.passes, {}, [](const auto& pass) -> const auto& { return pass.resource.key; });
  co_return result;
}

base::Task<int> command(base::Executor& executor, FolderOptions options, Mode mode, std::stop_token stop) {
  const RunResult result = co_await passOverAll(executor, options, mode, std::move(stop));
  if (options.output == "json") {
    printJson(std::cout, result);
  } else {
    printText(std::cout, result, isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr);
  }
  std::cout.flush();
  co_return result.exitCode();
}

}  // namespace

int runFolderCommand(const FolderOptions& options, Mode mode) {
  base::setUpLogging(base::logLevelFrom(options.logLevel), base::LogFormat::Text);
  const SignalMask mask;
  http::RealExecutor executor;
  return runToEnd(executor, mask,
                  [&](std::stop_token stop) { return command(executor, options, mode, std::move(stop)); });
}

}  // namespace splitdelivery::cli
