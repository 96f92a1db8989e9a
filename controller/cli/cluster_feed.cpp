#include "cli/cluster_feed.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "base/log.h"
#include "reconcile/parting.h"
#include "reconcile/report.h"
#include "source/cluster/resource_types.h"

namespace splitdelivery::cli {
namespace {

using base::Done;
namespace cluster = source::cluster;

/// How long after the API server has refused or not answered what is said about an invalid resource.
constexpr std::chrono::seconds kReportAgain{30};

std::set<api::ObjectKey> secretsOf(const api::SplitDeliveryDomain& resource) {
  return {{resource.key.ns, resource.spec.zoho.credentialsSecret},
          {resource.key.ns, resource.spec.directAdmin.credentialsSecret}};
}

}  // namespace

ClusterFeed::ClusterFeed(Services services, const std::vector<std::string>& namespaces)
    : services_(std::move(services)),
      woken_(services_.executor),
      secrets_(services_.executor, services_.client, [this] { poke(); }) {
  for (const std::string& ns : namespaces.empty() ? std::vector<std::string>{""} : namespaces) {
    reflectors_.push_back(std::make_unique<kube::Reflector>(services_.executor, services_.client,
                                                            kube::Reflector::Collection{cluster::kDomains, ns},
                                                            services_.domains.sinkOf(ns)));
  }
}

bool ClusterFeed::synced() const {
  return std::ranges::all_of(reflectors_, [](const auto& reflector) { return reflector->synced(); });
}

std::optional<std::string> ClusterFeed::trouble() const {
  for (const auto& reflector : reflectors_) {
    if (const auto& error = reflector->trouble()) return error->message;
  }
  if (auto error = secrets_.trouble()) return error;
  return beginning();
}

std::optional<std::string> ClusterFeed::beginning() const {
  if (whole_) return std::nullopt;
  if (!synced()) return "the resources have not been listed yet";
  if (waiting_.empty()) return "the resources are being taken in";
  return "the Secrets of " + std::to_string(waiting_.size()) + " resources have not been looked at yet";
}

std::optional<source::Snapshot> ClusterFeed::snapshot() const {
  if (!whole_ || draining_ || !invalid_.empty()) return std::nullopt;
  source::Snapshot snapshot = services_.controller.snapshot();
  for (const auto& [key, resource] : waiting_) snapshot.resources.push_back(resource);
  return snapshot;
}

base::Task<Done> ClusterFeed::follow(std::stop_token stop) {
  std::stop_source ending;
  const std::stop_callback stopped(stop, [this, ending]() mutable {
    ending.request_stop();
    services_.executor.post([this] { poke(); });
  });
  const auto bug = std::make_shared<std::exception_ptr>();
  std::vector<base::Deferred<bool>> ended;
  for (const auto& reflector : reflectors_) {
    base::Deferred<bool> end(services_.executor);
    base::spawn(services_.executor, reflector->run(ending.get_token()),
                [this, end, ending, bug](const std::exception_ptr& theirs, const std::optional<Done>&) mutable {
                  if (theirs) *bug = theirs;
                  ending.request_stop();
                  poke();
                  end.resolve(true);
                });
    ended.push_back(end);
  }
  try {
    co_await takeIn(ending.get_token());
  } catch (...) {
    *bug = std::current_exception();
  }
  draining_ = false;
  // Whatever ended it, nothing may still be under way that comes back to this.
  ending.request_stop();
  for (const auto& end : ended) co_await end;
  if (again_) services_.executor.cancel(*again_);
  co_await secrets_.end();
  if (*bug) std::rethrow_exception(*bug);
  co_return Done{};
}

base::Task<Done> ClusterFeed::takeIn(std::stop_token stop) {
  while (!stop.stop_requested()) {
    co_await woken_;
    woken_ = base::Deferred<bool>(services_.executor);
    if (secrets_.bug()) std::rethrow_exception(secrets_.bug());
    if (stop.stop_requested() || !synced()) continue;
    draining_ = true;
    co_await drain(stop);
    draining_ = false;
    whole_ = whole_ || waiting_.empty();
  }
  co_return Done{};
}

void ClusterFeed::forgetInvalid(const api::ObjectKey& key) {
  invalid_.erase(key);
  unreported_.erase(key);
}

void ClusterFeed::take(api::SplitDeliveryDomain resource) {
  const api::ObjectKey key = resource.key;
  forgetInvalid(key);
  services_.onSight(resource);
  secrets_.want(key, secretsOf(resource));
  waiting_.insert_or_assign(key, std::move(resource));
}

/// A pass of a resource was asked for, at most; it is as it was handed on.
void ClusterFeed::takeAgain(const api::ObjectKey& key, std::optional<std::string> reconcileAt) {
  const auto waiting = waiting_.find(key);
  const auto* known = waiting != waiting_.end() ? &waiting->second : services_.controller.find(key);
  if (known == nullptr) return;
  api::SplitDeliveryDomain resource = *known;
  cluster::Domains::setReconcileAt(resource, std::move(reconcileAt));
  take(std::move(resource));
}

base::Task<Done> ClusterFeed::drain(std::stop_token stop) {
  source::Changes changes;
  auto news = services_.domains.takeNews();
  for (auto& resource : news.resources) take(std::move(resource));
  for (auto& [key, reconcileAt] : news.askedAgain) takeAgain(key, std::move(reconcileAt));
  changes.gone = std::move(news.gone);
  for (const auto& key : changes.gone) forgetInvalid(key);
  for (auto& invalid : news.invalid) {
    changes.gone.push_back(invalid.resource.key);
    invalid_.insert(invalid.resource.key);
    unreported_.insert_or_assign(invalid.resource.key, std::move(invalid));
  }
  for (const auto& key : changes.gone) {
    secrets_.want(key, {});
    waiting_.erase(key);
  }
  auto secretNews = secrets_.takeNews();
  changes.secrets = std::move(secretNews.secrets);
  changes.secretsGone = std::move(secretNews.gone);
  for (auto waiting = waiting_.begin(); waiting != waiting_.end();) {
    if (!secrets_.synced(waiting->first)) {
      ++waiting;
      continue;
    }
    changes.resources.push_back(std::move(waiting->second));
    waiting = waiting_.erase(waiting);
  }
  for (const auto& key : changes.gone) {
    services_.claims.remove(key);
    if (services_.works() && !services_.domains.isThere(key)) co_await services_.books.resourceIsGone(key);
  }
  for (const auto& resource : changes.resources) services_.claims.put(resource);
  // A book that somebody deleted is tidied up as it is read, and only who works may do that.
  if (services_.works()) co_await services_.claims.learnOwners(services_.books);
  if (!changes.empty()) {
    services_.onChange(changes);
    services_.controller.apply(std::move(changes));
  }
  co_await reportInvalids(std::move(stop));
  co_return Done{};
}

/// After all others have their news, for this may take long; what is left after a failure comes with the next try.
base::Task<Done> ClusterFeed::reportInvalids(std::stop_token stop) {
  auto unreported = std::exchange(unreported_, {});
  bool goesOn = true;
  for (auto& [key, invalid] : unreported) {
    goesOn = goesOn && !stop.stop_requested() && services_.works();
    if (goesOn) {
      goesOn = co_await reportInvalid(std::move(invalid));
    } else {
      unreported_.try_emplace(key, std::move(invalid));
    }
  }
  co_return Done{};
}

/// Nobody can tell what would have to be deleted. False: it has to be tried again.
base::Task<bool> ClusterFeed::letInvalidGo(cluster::Domains::Invalid invalid) {
  const api::ObjectKey key = invalid.resource.key;
  auto stored = co_await services_.books.load(key);
  reconcile::Parting parting;
  if (!stored || !stored->book.ledger.entries.empty()) {
    parting = {stored ? stored->book.ledger.entries.size() : 0, invalid.message, true};
  }
  reconcile::PassReport report{.resource = invalid.resource};
  co_await services_.observer.parting(report.resource, parting);
  if (co_await reconcile::letGo(services_.books, parting, report)) {
    services_.observer.parted(report.resource, parting);
    co_return true;
  }
  if (invalid_.contains(key)) reportAgain(invalid);
  co_return false;
}

/// Its status says what is wrong; one that is being deleted goes. False: as above.
base::Task<bool> ClusterFeed::reportInvalid(cluster::Domains::Invalid invalid) {
  const api::ObjectKey key = invalid.resource.key;
  if (invalid.resource.deletedAt) co_return co_await letInvalidGo(std::move(invalid));
  reconcile::Findings findings;
  findings.blocker = base::Error{base::ErrorKind::Stall, "InvalidSpec", invalid.message};
  const api::Status previous = co_await services_.domains.load(key);
  api::Status status = reconcile::makeStatus(invalid.resource, previous, findings, services_.executor.wallTime());
  if (status == previous) co_return true;
  base::log(base::LogLevel::Warn, "a resource cannot be used; nothing is done for it",
            {{"resource", key.text()}, {"error", invalid.message}});
  services_.observer.invalid(invalid.resource, invalid.message);
  auto saved = co_await services_.domains.save(key, std::move(status));
  if (saved) co_return true;
  base::log(base::LogLevel::Warn, saved.error().message, {{"resource", key.text()}});
  reportAgain(invalid);
  co_return false;
}

void ClusterFeed::reportAgain(const cluster::Domains::Invalid& invalid) {
  unreported_.try_emplace(invalid.resource.key, invalid);  // what was heard of it meanwhile counts
  if (again_) services_.executor.cancel(*again_);
  again_ = services_.executor.runAt(services_.executor.now() + kReportAgain, [this] {
    again_.reset();
    poke();
  });
}

}  // namespace splitdelivery::cli
