#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "base/await.h"
#include "kube/client.h"
#include "kube/event_correlator.h"

namespace splitdelivery::kube {

/// Records Events (events.k8s.io/v1) at the API server: best effort, one after the other, beside all other work.
///
/// A refusal is dropped (the namespace is being deleted, a right is lacking, which is logged once), a failure is tried
/// kTries times. What waits is bounded: of too many the oldest go. How often a thing is told: event_correlator.h. Lives
/// on the executor; `finish` is awaited before it goes.
class EventRecorder {
 public:
  static constexpr std::size_t kMostWaiting = 1000;
  static constexpr int kTries = 5;
  /// How long `recordNow` and `finish` wait.
  static constexpr std::chrono::seconds kPatience{2};

  struct Options {
    std::string controller;             ///< "splitdelivery.dev/controller"
    std::string instance;               ///< this replica's identity
    std::function<bool()> mayRecord{};  ///< whether this replica leads; asked when recording and again when sending
  };

  /// Both outlive this.
  EventRecorder(base::Executor& executor, Client& client, Options options);

  /// Never waits, never fails.
  void record(Event event) noexcept;
  /// Ahead of all that waits and however often: until it was sent or given up, for kPatience at most.
  base::Task<base::Done> recordNow(Event event);
  /// Sends what waits, for kPatience at most. Nothing is recorded any more.
  base::Task<base::Done> finish();

  [[nodiscard]] std::size_t waiting() const { return queue_.size(); }

 private:
  struct Item {
    std::shared_ptr<EventSeries> series;
    std::optional<base::Deferred<bool>> settled{};
  };

  [[nodiscard]] std::shared_ptr<EventSeries> correlate(Event event, bool limited);
  [[nodiscard]] bool isWaiting(const std::shared_ptr<EventSeries>& series) const;
  [[nodiscard]] bool mayRecord() const { return !closed_ && (!options_.mayRecord || options_.mayRecord()); }
  void begin();
  void makeRoom();
  base::Task<base::Done> sendAll();
  base::Task<base::Done> send(std::shared_ptr<EventSeries> series);
  base::Task<base::Result<Json>> sendOnce(std::shared_ptr<EventSeries> series);
  void settle(const Item& item);
  void giveUp(const EventSeries& series, const base::Error& error);
  [[nodiscard]] Json objectOf(const EventSeries& series) const;

  base::Executor& executor_;
  Client& client_;
  const Options options_;
  EventCorrelator correlator_;
  std::deque<Item> queue_;
  std::stop_source stop_;
  std::optional<base::Deferred<bool>> idle_;
  bool sending_ = false;
  bool closed_ = false;
  bool refusedCreate_ = false;
  bool refusedPatch_ = false;
};

}  // namespace splitdelivery::kube
