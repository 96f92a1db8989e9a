#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>

#include "base/await.h"
#include "base/semaphore.h"
#include "queue/backoff.h"
#include "queue/work_queue.h"
#include "reconcile/reconciler.h"
#include "source/source.h"

namespace splitdelivery::reconcile {

/// Gives every resource its passes, for as long as it runs: each on its own interval with jitter, a
/// changed one at once, a failed one after a backoff (S10), no resource twice at a time.
///
/// `workers` bounds how many passes begin at a time. A pass that takes longer than `kPlaceHeld` waits
/// for somebody else's server; it gives its place to the next and goes on without one, so an account
/// that hangs delays nobody else. What such passes may ask of one account is bounded by its budget.
/// Lives on the executor; must outlive `run`.
class Controller {
 public:
  static constexpr std::chrono::seconds kPlaceHeld{2};
  static constexpr std::chrono::minutes kLongestBackoff{15};

  Controller(base::Executor& executor, Reconciler& reconciler, queue::Observer& observer, std::size_t workers);

  /// Everything that there is now. What is new or has changed (its document, a Secret that it names)
  /// runs at once, and a pass of it that is under way ends between two writes (a person may have just
  /// suspended it); what is gone gets no more passes.
  void update(source::Snapshot snapshot);
  /// The same, of what has changed alone.
  void apply(source::Changes changes);

  /// All that it has been given.
  [[nodiscard]] source::Snapshot snapshot() const;

  /// The same without a copy, and without Secrets; until the next change.
  [[nodiscard]] const std::map<api::ObjectKey, api::SplitDeliveryDomain>& resources() const { return resources_; }

  /// One of them; nullptr where it has not been given it.
  [[nodiscard]] const api::SplitDeliveryDomain* find(const api::ObjectKey& key) const {
    const auto known = resources_.find(key);
    return known == resources_.end() ? nullptr : &known->second;
  }

  /// Works until a stop is asked for, then until the last pass has ended.
  base::Task<base::Done> run(std::stop_token stop);

  [[nodiscard]] std::size_t running() const { return running_; }
  /// What waits and what is in work, for metrics and liveness.
  [[nodiscard]] const queue::WorkQueue<api::ObjectKey>& queue() const { return queue_; }

 private:
  using Place = std::shared_ptr<std::optional<base::Semaphore::Permit>>;

  using Keys = std::set<api::ObjectKey>;

  void takeSecrets(source::Changes& changes, Keys& touched);
  void put(api::SplitDeliveryDomain resource, Keys& touched, std::set<std::string>& freed);
  void remove(const api::ObjectKey& key, std::set<std::string>& freed);
  void endPass(const api::ObjectKey& key);
  base::Task<base::Done> work(api::ObjectKey key, Place place, std::stop_token stop);
  [[nodiscard]] base::Duration pauseAfter(const PassReport& report);

  base::Executor& executor_;
  Reconciler& reconciler_;
  queue::WorkQueue<api::ObjectKey> queue_;
  queue::Backoff<api::ObjectKey> backoff_;
  base::Semaphore places_;
  std::map<api::ObjectKey, api::SplitDeliveryDomain> resources_;
  std::map<std::string, Keys> byDomain_;
  std::shared_ptr<const Accounts::Secrets> secrets_ = std::make_shared<const Accounts::Secrets>();
  std::map<api::ObjectKey, std::stop_source> passes_;  ///< under way
  std::size_t running_ = 0;
  bool started_ = false;  ///< something was there before: what comes now, a person is waiting for
  std::optional<base::Deferred<bool>> drained_;
};

}  // namespace splitdelivery::reconcile
