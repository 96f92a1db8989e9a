#include "cli/folder_command.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <iterator>

#include "base/await.h"
#include "base/log.h"
#include "cli/folder_services.h"
#include "cli/from_env.h"
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

/// One plan or sync.
class Run {
 public:
  Run(base::Executor& executor, FolderOptions options, Mode mode, std::stop_token stop)
      : executor_(executor), options_(std::move(options)), mode_(mode), stop_(std::move(stop)) {
    result_.mode = mode;
  }

  base::Task<RunResult> run() {
    if (options_.env) {
      result_.notes = options_.env->settings.notes;
    } else if (!co_await readDocuments()) {
      co_return std::move(result_);
    }
    const auto place = stateFolder(options_);
    if (!place) co_return failed(options_.manifests, place.error());
    const auto access = mode_ == Mode::Plan ? folder::Access::ReadOnly : folder::Access::Exclusive;
    auto state = co_await base::offload(executor_, [&executor = executor_, path = *place, access] {
      return folder::StateFolder::open(executor, path, access);
    });
    if (!state) co_return failed(place->string(), state.error());
    auto resolver = dns::CaresResolver::open(executor_, {.servers = options_.dnsServers});
    if (!resolver) co_return failed("--dns-server", resolver.error());
    TransportPool transports(executor_, options_.record);
    reconcile::Accounts accounts(
        executor_, [&](const std::string& caBundle) -> http::Transport& { return transports.trusting(caBundle); },
        (*state)->accounts());
    if (options_.env && !co_await askForDomains(accounts, (*state)->bookList())) co_return std::move(result_);
    co_await passOverAll(accounts, **state, **resolver);
    co_return std::move(result_);
  }

 private:
  RunResult failed(const std::string& where, const base::Error& error) {
    result_.errors.push_back({where, error.message});
    return std::move(result_);
  }

  /// Whether there is something to do.
  base::Task<bool> readDocuments() {
    auto snapshot =
        co_await base::offload(executor_, [path = options_.manifests] { return folder::readManifests(path); });
    if (!snapshot) {
      result_.errors.push_back({options_.manifests, snapshot.error().message});
      co_return false;
    }
    snapshot_ = std::move(*snapshot);
    result_.errors = std::move(snapshot_.errors);
    if (snapshot_.resources.empty() && result_.errors.empty()) {
      result_.errors.push_back({options_.manifests, "there is no SplitDeliveryDomain in it"});
    }
    co_return !snapshot_.resources.empty();
  }

  /// The same.
  base::Task<bool> askForDomains(reconcile::Accounts& accounts, source::BookList& books) {
    EnvResources resources(accounts, books, *options_.env);
    auto snapshot = co_await resources.look(stop_);
    if (snapshot) {
      snapshot_ = std::move(*snapshot);
    } else {
      result_.errors.push_back({"--from-env", snapshot.error().message});
    }
    co_return snapshot.has_value();
  }

  base::Task<base::Done> passOverAll(reconcile::Accounts& accounts, folder::StateFolder& state,
                                     dns::Resolver& resolver) {
    Progress progress(snapshot_.resources.size(), options_.output == "text" && isatty(STDERR_FILENO) != 0);
    reconcile::Claims claims;
    reconcile::Reconciler reconciler({.executor = executor_,
                                      .accounts = accounts,
                                      .books = state.books(),
                                      .statuses = state.statuses(),
                                      .observer = progress,
                                      .claims = claims,
                                      .resolver = resolver},
                                     mode_);
    claims.update(pointersTo(snapshot_.resources));
    co_await claims.learnOwners(state.books());
    std::vector<api::ObjectKey> keys;
    keys.reserve(snapshot_.resources.size());
    for (const auto& resource : snapshot_.resources) keys.push_back(resource.key);
    for (const auto& orphan : co_await state.books().orphans(std::move(keys))) {
      result_.notes.push_back(orphanText(orphan));
    }
    PassList list(reconciler, snapshot_.secrets, stop_);
    auto reports =
        co_await base::all(executor_, list.of(std::move(snapshot_.resources), claims.contested()), options_.workers);
    for (auto& some : reports) std::ranges::move(some, std::back_inserter(result_.passes));
    std::ranges::sort(result_.passes, {}, [](const auto& pass) -> const auto& { return pass.resource.key; });
    co_return base::Done{};
  }

  base::Executor& executor_;
  FolderOptions options_;
  Mode mode_;
  std::stop_token stop_;
  source::Snapshot snapshot_;
  RunResult result_;
};

base::Task<int> command(base::Executor& executor, FolderOptions options, Mode mode, std::stop_token stop) {
  Run passes(executor, options, mode, std::move(stop));
  const RunResult result = co_await passes.run();
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
