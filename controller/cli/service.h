#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "base/await.h"
#include "cli/fan_out.h"
#include "cli/folder_services.h"
#include "cli/options.h"
#include "cli/run_log.h"
#include "cli/run_metrics.h"
#include "cli/status_page.h"
#include "http/listener.h"
#include "reconcile/controller.h"
#include "serve/server.h"

namespace splitdelivery::cli {

/// Where a service keeps what it knows: a folder, or a cluster. All of it outlives the service.
struct Stores {
  api::AccountStore& accounts;
  source::BookStore& books;
  source::StatusStore& statuses;
  source::Finalizers* finalizers = nullptr;
};

/// Everything that lives as long as `run` does, wherever its resources come from, in the order in which it is taken
/// down. `metrics` is for what its stores are made of too.
struct Service {
  /// `fence`: where several replicas may write; empty: nowhere.
  Service(base::Executor& executor, serve::Metrics& everyMetric, Stores stores, dns::Resolver& resolver,
          const FolderOptions& options, reconcile::ServerRules rules = {}, http::Fence fence = nullptr);

  serve::Metrics& metrics;
  RunMetrics runMetrics{metrics};
  QueueAdapter queueAdapter{metrics.queue};
  TransportPool transports;
  reconcile::Accounts accounts;
  reconcile::Claims claims;
  RunLog log;
  FanOut observers{{&log, &runMetrics}};
  reconcile::Reconciler reconciler;
  reconcile::Controller controller;
  serve::Server server;

  /// From now on / is the status page of this site.
  void showStatus(StatusSite site);
  /// Nothing where there is no such page.
  std::unique_ptr<StatusBoard> board;

 private:
  std::string page();
  [[nodiscard]] std::optional<std::string> stuck() const;

  base::Executor& executor_;
  std::unique_ptr<StatusPage> statusPage_;
};

/// Listens where `address` says; nothing when it is empty. Error: as AsioListener::open.
[[nodiscard]] base::Result<std::unique_ptr<http::Listener>> listen(base::Executor& executor, const std::string& address,
                                                                   serve::Server& server);

/// A task that works beside the controller until it is told to stop. One that ends by itself, which only
/// a bug makes it do, ends the service: whoever supervises it starts it anew.
[[nodiscard]] base::Deferred<bool> beside(base::Executor& executor, base::Task<base::Done> task,
                                          const std::stop_source& ending);

}  // namespace splitdelivery::cli
