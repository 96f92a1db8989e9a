#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/await.h"
#include "kube/reflector.h"
#include "reconcile/claims.h"
#include "reconcile/controller.h"
#include "source/cluster/books.h"
#include "source/cluster/domains.h"
#include "source/cluster/secrets.h"

namespace splitdelivery::cli {

/// Keeps a controller fed from a cluster: the resources of some namespaces or of all, and the Secrets that they name.
///
/// Nothing is begun before all resources have been listed (two may claim one domain), nor for a resource whose Secrets
/// have not been looked at. A resource that cannot be used gets a status that says why. Lives on the executor.
class ClusterFeed {
 public:
  struct Services {
    base::Executor& executor;
    kube::Client& client;
    reconcile::Controller& controller;
    reconcile::Claims& claims;
    source::cluster::Domains& domains;
    source::cluster::Books& books;
    /// Called with each change before the controller gets it.
    std::function<void(const source::Changes&)> onChange;
  };

  /// `namespaces` empty: all.
  ClusterFeed(Services services, const std::vector<std::string>& namespaces);

  /// Until a stop is asked for.
  base::Task<base::Done> follow(std::stop_token stop);
  /// There may be news. On the executor.
  void poke() { woken_.resolve(true); }

  /// What stands in the way of a good view of the cluster now; nothing when all is well. For readiness.
  [[nodiscard]] std::optional<std::string> trouble() const;
  [[nodiscard]] bool synced() const;

 private:
  base::Task<base::Done> drain();
  void take(api::SplitDeliveryDomain resource);
  base::Task<base::Done> reportInvalid(source::cluster::Domains::Invalid invalid);
  void reportAgain(source::cluster::Domains::Invalid invalid);

  Services services_;
  base::Deferred<bool> woken_;
  std::vector<std::unique_ptr<kube::Reflector>> reflectors_;
  source::cluster::Secrets secrets_;
  std::map<api::ObjectKey, api::SplitDeliveryDomain> waiting_;              ///< for their Secrets to be looked at
  std::map<api::ObjectKey, source::cluster::Domains::Invalid> unreported_;  ///< until the API server takes it
  std::optional<base::Executor::TimerId> again_;
};

}  // namespace splitdelivery::cli
