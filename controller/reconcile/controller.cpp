#include "reconcile/controller.h"

#include <algorithm>
#include <set>
#include <typeinfo>
#include <vector>

#include "base/log.h"

namespace splitdelivery::reconcile {
namespace {

/// How far a pause may stray from what it should be, so that a fleet does not march in step.
constexpr double kJitter = 0.05;

/// Whether the Secrets that a resource names are the same in both.
bool sameSecrets(const api::SplitDeliveryDomain& resource, const Accounts::Secrets& a, const Accounts::Secrets& b) {
  const auto same = [&](const std::string& name) {
    const api::ObjectKey key{resource.key.ns, name};
    const auto inA = a.find(key);
    const auto inB = b.find(key);
    if (inA == a.end() || inB == b.end()) return (inA == a.end()) == (inB == b.end());
    return inA->second == inB->second;
  };
  return same(resource.spec.zoho.credentialsSecret) && same(resource.spec.directAdmin.credentialsSecret);
}

}  // namespace

Controller::Controller(base::Executor& executor, Reconciler& reconciler, queue::Observer& observer, std::size_t workers)
    : executor_(executor),
      reconciler_(reconciler),
      queue_(executor, observer),
      backoff_(executor),
      places_(executor, workers) {}

void Controller::update(source::Snapshot snapshot) {
  auto secrets = std::make_shared<const Accounts::Secrets>(std::move(snapshot.secrets));
  std::map<api::ObjectKey, api::SplitDeliveryDomain> resources;
  std::set<std::string> freed;  // domains that somebody may have been waiting for (S15)
  std::vector<api::ObjectKey> changed;
  for (auto& resource : snapshot.resources) {
    const api::ObjectKey key = resource.key;
    const auto known = resources_.find(key);
    const bool isNew = known == resources_.end();
    const bool same = !isNew && known->second == resource && sameSecrets(resource, *secrets_, *secrets);
    if (!same) changed.push_back(key);
    if (!same && !isNew) freed.insert(known->second.spec.domain);
    resources.emplace(key, std::move(resource));
  }
  for (const auto& [key, resource] : resources_) {
    if (resources.contains(key)) continue;
    freed.insert(resource.spec.domain);
    endPass(key);
    queue_.forget(key);
    backoff_.succeeded(key);
  }
  std::ranges::sort(changed);
  for (const auto& [key, resource] : resources) {
    const bool isChanged = std::ranges::binary_search(changed, key);
    if (!isChanged && !freed.contains(resource.spec.domain)) continue;
    if (isChanged) endPass(key);
    backoff_.succeeded(key);
    queue_.add(key, started_ ? queue::Priority::Normal : queue::Priority::Background);
  }
  resources_ = std::move(resources);
  secrets_ = std::move(secrets);
  started_ = true;
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
  // Never sooner than it was asked for.
  return pause + base::Duration(executor_.random() % (static_cast<std::uint64_t>(pause.count()) / 20 + 1));
}

}  // namespace splitdelivery::reconcile
