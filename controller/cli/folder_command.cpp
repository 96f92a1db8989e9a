#include "cli/folder_command.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>

#include "base/await.h"
#include "base/log.h"
#include "base/version.h"
#include "cli/json_output.h"
#include "cli/process.h"
#include "cli/progress.h"
#include "cli/run_result.h"
#include "cli/text_output.h"
#include "http/cpprest_transport.h"
#include "http/logged_transport.h"
#include "http/real_executor.h"
#include "source/folder/manifests.h"
#include "source/folder/state.h"

namespace splitdelivery::cli {
namespace {

using reconcile::Mode;
namespace folder = source::folder;

/// One transport for each set of trusted certificates, each logged.
class TransportPool {
 public:
  explicit TransportPool(base::Executor& executor) : executor_(executor) {}

  http::Transport& trusting(const std::string& caBundle) {
    Entry& entry = entries_[caBundle];
    if (!entry.logged) {
      entry.real = std::make_unique<http::CpprestTransport>(
          executor_,
          http::TransportOptions{.caBundle = caBundle, .userAgent = "splitdelivery/" + std::string(base::kVersion)});
      entry.logged = std::make_unique<http::LoggedTransport>(executor_, *entry.real);
    }
    return *entry.logged;
  }

 private:
  struct Entry {
    std::unique_ptr<http::Transport> real;
    std::unique_ptr<http::Transport> logged;
  };
  base::Executor& executor_;
  std::map<std::string, Entry> entries_;
};

std::filesystem::path stateFolder(const FolderOptions& options) {
  if (!options.state.empty()) return options.state;
  const std::filesystem::path manifests = options.manifests;
  const auto folder = std::filesystem::is_directory(manifests) ? manifests : manifests.parent_path();
  return folder / ".splitdelivery";
}

base::Task<RunResult> passOverAll(base::Executor& executor, FolderOptions options, Mode mode, std::stop_token stop) {
  RunResult result{.mode = mode, .passes = {}, .errors = {}};
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
  const auto path = stateFolder(options);
  const auto access = mode == Mode::Plan ? folder::Access::ReadOnly : folder::Access::Exclusive;
  auto state = co_await base::offload(
      executor, [&executor, path, access] { return folder::StateFolder::open(executor, path, access); });
  if (!state) {
    give(path.string(), state.error());
    co_return result;
  }
  TransportPool transports(executor);
  reconcile::Accounts accounts(
      executor, [&](const std::string& caBundle) -> http::Transport& { return transports.trusting(caBundle); },
      (*state)->accounts());
  Progress progress(snapshot->resources.size(), options.output == "text" && isatty(STDERR_FILENO) != 0);
  reconcile::Reconciler reconciler({.executor = executor,
                                    .accounts = accounts,
                                    .books = (*state)->books(),
                                    .statuses = (*state)->statuses(),
                                    .observer = progress},
                                   mode);
  std::vector<base::Task<reconcile::PassReport>> passes;
  passes.reserve(snapshot->resources.size());
  for (auto& resource : snapshot->resources) {
    passes.push_back(reconciler.pass(std::move(resource), snapshot->secrets, stop));
  }
  result.passes = co_await base::all(executor, std::move(passes), options.workers);
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
  base::setUpLogging(options.logLevel);
  const SignalMask mask;
  http::RealExecutor executor;
  return runToEnd(executor, mask,
                  [&](std::stop_token stop) { return command(executor, options, mode, std::move(stop)); });
}

}  // namespace splitdelivery::cli
