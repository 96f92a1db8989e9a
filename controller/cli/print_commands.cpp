#include "cli/print_commands.h"

#include <fstream>
#include <iostream>
#include <iterator>

#include "base/await.h"
#include "base/log.h"
#include "cli/cli.h"
#include "cli/discover.h"
#include "cli/folder_services.h"
#include "cli/import_env.h"
#include "cli/process.h"
#include "http/real_executor.h"
#include "source/folder/manifests.h"
#include "source/folder/state.h"

namespace splitdelivery::cli {
namespace {

namespace folder = source::folder;

/// Larger is no .env file.
constexpr std::size_t kLargestEnvFile = std::size_t{1} << 20U;

/// Remembers nothing: there is no state folder yet when the script's settings are read.
class NoRecords final : public api::AccountStore {
 public:
  base::Task<api::AccountRecord> load(std::string) override { co_return api::AccountRecord{}; }
  base::Task<base::Done> save(std::string, api::AccountRecord) override { co_return base::Done{}; }
};

base::Task<int> discoverAll(base::Executor& executor, FolderOptions options, std::stop_token stop) {
  auto snapshot = co_await base::offload(executor, [path = options.manifests] { return folder::readManifests(path); });
  if (!snapshot) {
    std::cerr << options.manifests << ": " << snapshot.error().message << "\n";
    co_return kError;
  }
  for (const auto& error : snapshot->errors) std::cerr << error.where << ": " << error.message << "\n";
  if (snapshot->resources.empty()) {
    std::cerr << options.manifests << ": there is no SplitDeliveryDomain in it to look around with: write the first one"
              << " by hand (docs/resource.md)\n";
    co_return kError;
  }
  const bool allRead = snapshot->errors.empty();
  const auto place = stateFolder(options);
  if (!place) {
    std::cerr << place.error().message << "\n";
    co_return kError;
  }
  const std::filesystem::path& path = *place;
  auto state = co_await base::offload(
      executor, [&executor, path] { return folder::StateFolder::open(executor, path, folder::Access::ReadOnly); });
  if (!state) {
    std::cerr << path.string() << ": " << state.error().message << "\n";
    co_return kError;
  }
  TransportPool transports(executor, options.record);
  reconcile::Accounts accounts(
      executor, [&](const std::string& caBundle) -> http::Transport& { return transports.trusting(caBundle); },
      (*state)->accounts());
  const DiscoverResult result = co_await discover(accounts, std::move(*snapshot), std::move(stop));
  std::cout << result.yaml << std::flush;
  std::cerr << result.report;
  if (!allRead)
    std::cerr << "a document that could not be read may be about a domain that is printed here: correct it first\n";
  co_return result.complete&& allRead ? kOk : kError;
}

/// Error: what to tell.
tl::expected<std::string, std::string> readEnvText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const auto unreadable = [&path](const char* why) { return tl::unexpected(path + " " + why); };
  if (!file) return unreadable("cannot be read: check the path and its permissions");
  std::string text;
  text.resize(kLargestEnvFile + 1);
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad()) return unreadable("cannot be read: is it a folder?");
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > kLargestEnvFile) return unreadable("is larger than 1 MiB: give the script's .env file");
  return text;
}

base::Task<int> importAll(base::Executor& executor, ImportOptions options, ScriptSettings settings,
                          std::stop_token stop) {
  NoRecords records;
  TransportPool transports(executor, options.record);
  reconcile::Accounts accounts(
      executor, [&](const std::string& caBundle) -> http::Transport& { return transports.trusting(caBundle); },
      records);
  for (const std::string& note : settings.notes) std::cerr << note << "\n";
  const auto result = co_await importEnv(accounts, std::move(settings), std::move(stop));
  if (!result) {
    std::cerr << result.error().message << "\n";
    co_return kError;
  }
  std::cout << result->yaml << std::flush;
  std::cerr << result->report;
  co_return kOk;
}

}  // namespace

int runDiscover(const FolderOptions& options) {
  base::setUpLogging(base::logLevelFrom(options.logLevel), base::LogFormat::Text);
  const SignalMask mask;
  http::RealExecutor executor;
  return runToEnd(executor, mask,
                  [&](std::stop_token stop) { return discoverAll(executor, options, std::move(stop)); });
}

int runImportEnv(const ImportOptions& options) {
  base::setUpLogging(base::logLevelFrom(options.logLevel), base::LogFormat::Text);
  const auto text = readEnvText(options.file);
  if (!text) {
    std::cerr << text.error() << "\n";
    return kError;
  }
  auto settings = readScriptSettings(*text);
  if (!settings) {
    for (const std::string& line : settings.error()) std::cerr << options.file << ": " << line << "\n";
    return kError;
  }
  const SignalMask mask;
  http::RealExecutor executor;
  return runToEnd(executor, mask,
                  [&](std::stop_token stop) { return importAll(executor, options, *settings, std::move(stop)); });
}

}  // namespace splitdelivery::cli
