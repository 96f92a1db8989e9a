#include "cli/service.h"

#include "http/asio_listener.h"
#include "serve/status_page.h"

namespace splitdelivery::cli {
namespace {

/// A pass that its own clock cannot end hangs, and only a restart helps.
constexpr std::chrono::minutes kStuckAfter = reconcile::PassClock::kLongest + std::chrono::minutes{2};

}  // namespace

Service::Service(base::Executor& executor, serve::Metrics& everyMetric, Stores stores, dns::Resolver& resolver,
                 const FolderOptions& options, reconcile::ServerRules rules, http::Fence fence)
    : metrics(everyMetric),
      transports(executor, options.record, &metrics.traffic, std::move(fence)),
      accounts(
          executor, [this](const std::string& caBundle) -> http::Transport& { return transports.trusting(caBundle); },
          stores.accounts, std::move(rules)),
      reconciler({.executor = executor,
                  .accounts = accounts,
                  .books = stores.books,
                  .statuses = stores.statuses,
                  .observer = observers,
                  .claims = claims,
                  .resolver = resolver,
                  .finalizers = stores.finalizers},
                 reconcile::Mode::Sync),
      controller(executor, reconciler, queueAdapter, options.workers),
      server([this] { return page(); }),
      executor_(executor) {
  metrics.reconcile.workers(options.workers);
  // One without a name is no resource: --from-env asks with it before there are any.
  accounts.resourcesAre(
      [this](const api::ObjectKey& key) { return key.name.empty() || controller.find(key) != nullptr; });
  server.addLivenessCheck("passes", [this] { return stuck(); });
}

std::string Service::page() {
  runMetrics.accountsAre(accounts.states());
  return metrics.text();
}

void Service::showStatus(StatusSite site) {
  using enum StatusBoard::Keep;
  board = std::make_unique<StatusBoard>(executor_, controller,
                                        site.statusOf    ? Nothing
                                        : site.addresses ? All
                                                         : WithoutAddresses);
  observers.add(*board);
  statusPage_ = std::make_unique<StatusPage>(
      StatusPage::Sources{
          .executor = executor_, .controller = controller, .accounts = accounts, .board = *board, .server = server},
      std::move(site));
  server.setStatusPage([this](std::string_view query) { return serve::statusAnswer(statusPage_->view(query)); });
}

std::optional<std::string> Service::stuck() const {
  const auto longest = std::chrono::duration_cast<std::chrono::minutes>(reconciler.longestRunning());
  if (longest < kStuckAfter) return std::nullopt;
  return "a pass has been at work for " + std::to_string(longest.count()) + " minutes";
}

base::Result<std::unique_ptr<http::Listener>> listen(base::Executor& executor, const std::string& address,
                                                     serve::Server& server) {
  if (address.empty()) return nullptr;
  auto opened = http::AsioListener::open(executor, address, server.handler());
  if (!opened) return base::fail(opened.error());
  return std::unique_ptr<http::Listener>(std::move(*opened));
}

base::Deferred<bool> beside(base::Executor& executor, base::Task<base::Done> task, const std::stop_source& ending) {
  base::Deferred<bool> ended(executor);
  base::spawn(executor, std::move(task),
              [ended, ending](const std::exception_ptr& failure, const std::optional<base::Done>&) mutable {
                ended.resolve(!failure);
                ending.request_stop();
              });
  return ended;
}

}  // namespace splitdelivery::cli
