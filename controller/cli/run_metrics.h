#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>

#include "queue/observer.h"
#include "reconcile/accounts.h"
#include "reconcile/observer.h"
#include "serve/metrics.h"

namespace splitdelivery::cli {

/// Turns what the queue tells into metrics.
class QueueAdapter final : public queue::Observer {
 public:
  explicit QueueAdapter(serve::QueueMetrics& metrics) : metrics_(metrics) {}
  void added() override { metrics_.added(); }
  void depth(std::size_t dueNow) override { metrics_.depth(dueNow); }
  void started(base::Duration waited) override { metrics_.started(waited); }
  void finished(base::Duration worked) override { metrics_.finished(worked); }
  void retried() override { metrics_.retried(); }

 private:
  serve::QueueMetrics& metrics_;
};

/// Turns passes, resources and accounts into metrics (docs/metrics.md). Lives on the executor.
class RunMetrics final : public reconcile::Observer {
 public:
  /// `metrics` outlives this.
  explicit RunMetrics(serve::Metrics& metrics);

  void passStarted(const api::SplitDeliveryDomain& resource) override;
  void passEnded(const reconcile::PassReport& report) override;
  /// Each deletion counts once, also where somebody else's finalizer keeps the resource there.
  void parted(const api::SplitDeliveryDomain& resource, const reconcile::Parting& parting) override;
  /// All resources that there are now: new ones get their series, those that are gone lose theirs.
  void resourcesAre(const std::vector<api::SplitDeliveryDomain>& resources);
  /// One of them is there, or gone.
  void resourceIs(const api::SplitDeliveryDomain& resource);
  void resourceIsGone(const api::ObjectKey& key);
  /// All accounts that are in use now: those that were and are not lose their series.
  void accountsAre(const std::vector<reconcile::Accounts::State>& states);

 private:
  serve::Metrics& metrics_;
  std::map<api::ObjectKey, serve::DomainFigures> known_;    ///< as told last
  std::set<std::pair<std::string, std::string>> accounts_;  ///< provider and name, as told last
  /// Those that were let go and are still there, with the deletion that was counted.
  std::map<api::ObjectKey, std::optional<base::WallTime>> parted_;
};

}  // namespace splitdelivery::cli
