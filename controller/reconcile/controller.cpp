#include "reconcile/controller.h"

#include <algorithm>
#include <typeinfo>
#include <vector>

#include "base/log.h"

namespace splitdelivery::reconcile {
namespace {

/// How far a pause may stray from what it should be, so that a fleet does not march in step.
constexpr double kJitter = 0.05;

/// How often a deletion is tried.
constexpr std::chrono::seconds kDepartureRetry{30};

/// Whether the resource names one of these Secrets.
bool namesOneOf(const api::SplitDeliveryDomain& resource, const std::set<api::ObjectKey>& secrets) {
  const auto named = [&](const std::string& name) { return secrets.contains({resource.key.ns, name}); };
  return named(resource.spec.zoho.credentialsSecret) || named(resource.spec.directAdmin.credentialsSecret);
}

}  // namespace

Controller::Controller(base::Executor& executor, Reconciler& reconciler, queue::Observer& observer, std::size_t workers)
    : executor_(executor),
      reconciler_(reconciler),
      queue_(executor, observer),
      backoff_(executor),
      places_(executor, workers) {}

void Controller::update(source::Snapshot snapshot) {
  source::Changes changes;
  std::set<api::ObjectKey> there;
  for (auto& resource : snapshot.resources) {
    there.insert(resource.key);
    changes.resources.push_back(std::move(resource));
  }
  for (const auto& [key, resource] : resources_) {
    if (!there.contains(key)) changes.gone.push_back(key);
  }
  for (const auto& [key, secret] : *secrets_) {
    if (!snapshot.secrets.contains(key)) changes.secretsGone.push_back(key);
  }
  for (auto& [key, secret] : snapshot.secrets) changes.secrets.push_back(std::move(secret));
  apply(std::move(changes));
}

void Controller::apply(source::Changes changes) {
  Keys touched;
  std::set<std::string> freed;  // domains that somebody may have been waiting for (S15)
  takeSecrets(changes, touched);
  for (const auto& key : changes.gone) remove(key, freed);
  for (auto& resource : changes.resources) put(std::move(resource), touched, freed);
  Keys waiting = touched;
  for (const auto& domain : freed) {
    if (const auto keys = byDomain_.find(domain); keys != byDomain_.end()) {
      waiting.insert(keys->second.begin(), keys->second.end());
    }
  }
  for (const auto& key : waiting) {
    if (touched.contains(key)) endPass(key);
    backoff_.succeeded(key);
    queue_.add(key, started_ ? queue::Priority::Normal : queue::Priority::Background);
  }
  started_ = true;
}

source::Snapshot Controller::snapshot() const {
  source::Snapshot snapshot{.resources = {}, .secrets = *secrets_, .errors = {}};
  for (const auto& [key, resource] : resources_) snapshot.resources.push_back(resource);
  return snapshot;
}

/// Passes under way keep the Secrets that they began with.
void Controller::takeSecrets(source::Changes& changes, Keys& touched) {
  Keys changed;
  auto secrets = std::make_shared<Accounts::Secrets>();
  for (auto& secret : changes.secrets) {
    const auto known = secrets_->find(secret.key);
    if (known != secrets_->end() && known->second == secret) continue;
    changed.insert(secret.key);
    secrets->insert_or_assign(secret.key, std::move(secret));
  }
  for (const auto& key : changes.secretsGone) {
    if (secrets_->contains(key)) changed.insert(key);
  }
  if (changed.empty()) return;
  for (const auto& [key, secret] : *secrets_) {
    if (!changed.contains(key)) secrets->emplace(key, secret);
  }
  secrets_ = std::move(secrets);
  for (const auto& [key, resource] : resources_) {
    if (namesOneOf(resource, changed)) touched.insert(key);
  }
}

void Controller::put(api::SplitDeliveryDomain resource, Keys& touched, std::set<std::string>& freed) {
  const api::ObjectKey key = resource.key;
  const auto known = resources_.find(key);
  if (known != resources_.end()) {
    if (known->second == resource) return;
    freed.insert(known->second.spec.domain);
    byDomain_[known->second.spec.domain].erase(key);
  }
  touched.insert(key);
  byDomain_[resource.spec.domain].insert(key);
  resources_.insert_or_assign(key, std::move(resource));
}

void Controller::remove(const api::ObjectKey& key, std::set<std::string>& freed) {
  const auto known = resources_.find(key);
  if (known == resources_.end()) return;
  const std::string& domain = known->second.spec.domain;
  freed.insert(domain);
  auto& sharing = byDomain_[domain];
  sharing.erase(key);
  if (sharing.empty()) byDomain_.erase(domain);
  resources_.erase(known);
  endPass(key);
  queue_.forget(key);
  backoff_.succeeded(key);
}

void Controller::endPass(const api::ObjectKey& key) {
  if (const auto pass = passes_.find(key); pass != passes_.end()) pass->second.request_stop();
}

base::Task<base::Done> Controller::run(std::stop_token stop) {
  for (;;) {
    auto permit = co_await places_.acquire(stop);
    if (!permit) break;
    auto place = std::make_shared<std::optional<base::Semaphore::Permit>>(std::move(*permit));
    const auto key = co_await queue_.next(stop);
    if (!key) break;
    ++running_;
    base::spawn(executor_, work(*key, std::move(place), stop),
                [this](const std::exception_ptr&, const std::optional<base::Done>&) {
                  if (--running_ == 0 && drained_) drained_->resolve(true);
                });
  }
  if (running_ > 0) co_await drained_.emplace(executor_);
  co_return base::Done{};
}

base::Task<base::Done> Controller::work(api::ObjectKey key, Place place, std::stop_token stop) {
  base::Duration pause = kLongestBackoff;
  if (const auto resource = resources_.find(key); resource != resources_.end()) {
    const auto giveUp = executor_.runAt(executor_.now() + kPlaceHeld, [place] { place->reset(); });
    std::stop_source ending;
    passes_.insert_or_assign(key, ending);
    const std::stop_callback stopped(stop, [ending]() mutable { ending.request_stop(); });
    const auto secrets = secrets_;  // held: an update may replace them meanwhile
    try {
      const PassReport report = co_await reconciler_.pass(resource->second, *secrets, ending.get_token());
      pause = pauseAfter(report);
    } catch (const std::exception& bug) {
      base::log(base::LogLevel::Error, "a pass broke off: this is a bug, please report it",
                {{"resource", key.text()}, {"type", typeid(bug).name()}});
    }
    executor_.cancel(giveUp);
    passes_.erase(key);
  }
  if (resources_.contains(key)) queue_.addAfter(key, pause);
  queue_.done(key);
  co_return base::Done{};
}

base::Duration Controller::pauseAfter(const PassReport& report) {
  const api::ObjectKey& key = report.resource.key;
  const base::Duration interval = report.resource.spec.interval;
  // Gone or suspended meanwhile: whether it failed says nothing.
  if (report.outcome != Outcome::Failed || !resources_.contains(key)) {
    backoff_.succeeded(key);
    return queue::jittered(interval, kJitter, executor_.random());
  }
  const base::Duration backoff = backoff_.failed(key, std::max<base::Duration>(kLongestBackoff, interval));
  const base::Duration pause =
      std::max({interval, backoff, base::Duration(report.retryAfter.value_or(std::chrono::seconds{0}))});
  // A namespace may be waiting for it to go.
  if (report.resource.deletedAt) return std::min<base::Duration>(pause, kDepartureRetry);
  // Never sooner than it was asked for.
  return pause + base::Duration(executor_.random() % (static_cast<std::uint64_t>(pause.count()) / 20 + 1));
}

}  // namespace splitdelivery::reconcile
