#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
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
    reconcile::Observer& observer;
    /// Called with each change before the controller gets it.
    std::function<void(const source::Changes&)> onChange;
    /// Whether this replica works: one that stands by writes nothing.
    std::function<bool()> works;
    /// Called with each resource as soon as it is heard of, which is before its Secrets are.
    std::function<void(const api::SplitDeliveryDomain&)> onSight;
  };

  /// `namespaces` empty: all.
  ClusterFeed(Services services, const std::vector<std::string>& namespaces);

  /// Until a stop is asked for. Throws where a bug has ended a watch or the taking in: whoever supervises the process
  /// starts it anew, for nobody would see that it stands still.
  base::Task<base::Done> follow(std::stop_token stop);
  /// There may be news, or this replica works from now on. On the executor.
  void poke() { woken_.resolve(true); }

  /// What stands in the way of a good view of the cluster now; nothing when all is well. For readiness, of a standby
  /// too.
  [[nodiscard]] std::optional<std::string> trouble() const;
  /// That, where it is no more than what each start has; else nothing.
  [[nodiscard]] std::optional<std::string> beginning() const;
  /// Resources whose Secrets have not been looked at since they became as they are now.
  [[nodiscard]] const std::map<api::ObjectKey, api::SplitDeliveryDomain>& waiting() const { return waiting_; }
  /// Resources that cannot be used as they stand.
  [[nodiscard]] const std::set<api::ObjectKey>& unusable() const { return invalid_; }
  /// All that there is; nothing while the view is not whole, or while a resource cannot be used: it may be about
  /// anything.
  [[nodiscard]] std::optional<source::Snapshot> snapshot() const;

 private:
  [[nodiscard]] bool synced() const;
  base::Task<base::Done> takeIn(std::stop_token stop);
  base::Task<base::Done> drain(std::stop_token stop);
  void take(api::SplitDeliveryDomain resource);
  void takeAgain(const api::ObjectKey& key, std::optional<std::string> reconcileAt);
  void forgetInvalid(const api::ObjectKey& key);
  base::Task<base::Done> reportInvalids(std::stop_token stop);
  base::Task<bool> reportInvalid(source::cluster::Domains::Invalid invalid);
  base::Task<bool> letInvalidGo(source::cluster::Domains::Invalid invalid);
  void reportAgain(const source::cluster::Domains::Invalid& invalid);

  Services services_;
  base::Deferred<bool> woken_;
  std::vector<std::unique_ptr<kube::Reflector>> reflectors_;
  source::cluster::Secrets secrets_;
  std::map<api::ObjectKey, api::SplitDeliveryDomain> waiting_;              ///< for their Secrets to be looked at
  std::set<api::ObjectKey> invalid_;                                        ///< that cannot be used
  std::map<api::ObjectKey, source::cluster::Domains::Invalid> unreported_;  ///< of those, until the API server takes it
  std::optional<base::Executor::TimerId> again_;
  bool draining_ = false;
  bool whole_ = false;  ///< the controller has been given all that there was
};

}  // namespace splitdelivery::cli
