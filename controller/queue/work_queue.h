#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <map>
#include <optional>
#include <stop_token>
#include <utility>

#include "base/task.h"
#include "queue/observer.h"
#include "queue/waiters.h"

namespace splitdelivery::queue {

/// Background: start-up and periodic items. Normal: somebody has changed something.
enum class Priority : std::int8_t { Background = -100, Normal = 0 };

/// What has to be looked at, each key once, when its time has come.
///
///   add, addAfter ──▶ later ──(due)──▶ in line ──(next)──▶ in work ──(done)──▶ gone, or where it was asked to be
///
/// - A key is never in work twice. What is asked for meanwhile is remembered; it is handed out after `done`, not
///   before its time.
/// - Asked for twice is asked for once: the earlier time and the higher priority win.
/// - Normal goes before Background, then whoever was due first; an item that has been due for `kPatience` counts as
///   Normal whatever it is, so that a busy day starves nobody.
///
/// Lives on one executor: no locks. Must outlive whoever waits in `next`. One timer at most is armed. Every call is
/// O(log n), those that say otherwise apart. Key: copied, ordered by `<`.
///
/// The model is client-go's util/workqueue (dirty and processing sets), with the due times inside as in kube-rs's
/// scheduler, and controller-runtime's priorityqueue for what start-up must not hold up.
template <class Key>
class WorkQueue {
 public:
  /// How long a background item is due before it counts as Normal.
  static constexpr base::Duration kPatience = std::chrono::seconds{60};

  WorkQueue(base::Executor& executor, Observer& observer) : executor_(executor), observer_(observer) {}
  WorkQueue(const WorkQueue&) = delete;
  WorkQueue& operator=(const WorkQueue&) = delete;
  ~WorkQueue() { disarm(); }

  /// Due now.
  void add(Key key, Priority priority = Priority::Normal);
  /// Due after `pause`, or when it already was to be due, whichever is earlier.
  void addAfter(Key key, base::Duration pause, Priority priority = Priority::Background);
  /// Due after `pause`, whether that is earlier or later than it was to be. Keeps the priority of what is known; a
  /// key that is not known is added in the background.
  void reschedule(Key key, base::Duration pause);
  /// No longer wanted: not due any more. One in work ends as usual, and until then `addAfter` and `reschedule` (the
  /// worker, which does not know) do not bring it back; `add` does.
  void forget(const Key& key);

  /// The next key to work on, when one is due; `done` must follow. Nothing when a stop is asked for. May be awaited
  /// by many at once.
  base::Task<std::optional<Key>> next(std::stop_token stop);
  /// Ends the work on a key; call it after the `addAfter` or `reschedule` that the work led to. Without effect on a key
  /// that is not in work.
  void done(const Key& key);

  /// Keys that are to be worked on, now or later; those in work count when they are to be again.
  [[nodiscard]] std::size_t size() const { return wanted_; }
  /// Keys that are due and wait for a worker.
  [[nodiscard]] std::size_t dueNow() const;
  [[nodiscard]] std::size_t inWork() const { return working_.size(); }
  /// For how long the oldest of those in work has been; nothing when none is. Linear in inWork().
  [[nodiscard]] std::optional<base::Duration> longestInWork() const;
  /// Whether nothing is known of this key: not wanted, not in work.
  [[nodiscard]] bool unknown(const Key& key) const { return !items_.contains(key); }

 private:
  /// A place in line: by due time, then in the order of asking.
  using Place = std::pair<base::SteadyTime, std::uint64_t>;
  using Line = std::map<Place, Key>;

  struct Item {
    std::optional<Place> place{};  ///< nothing: not to be due
    Priority priority = Priority::Background;
    Line* line = nullptr;    ///< where it stands; nullptr: nowhere, since it is in work or not wanted
    bool forgotten = false;  ///< while in work
  };

  void want(const Key& key, base::SteadyTime due, Priority priority);
  void place(const Key& key, Item& item, base::SteadyTime due, Priority priority);
  void enterLine(const Key& key, Item& item, bool wasInLine);
  static void leaveLine(Item& item);
  void settle();
  void letDueIn();
  void arm();
  void disarm();
  Line& best();
  Key take();

  [[nodiscard]] bool forgottenInWork(const Key& key) const;
  [[nodiscard]] base::SteadyTime after(base::Duration pause) const;
  [[nodiscard]] std::size_t inLine() const { return normal_.size() + background_.size(); }

  base::Executor& executor_;
  Observer& observer_;
  std::map<Key, Item> items_;
  std::map<Key, base::SteadyTime> working_;  ///< since when
  Line later_;
  Line normal_;
  Line background_;
  std::size_t wanted_ = 0;  ///< items that have a place
  std::size_t reportedDepth_ = 0;
  std::uint64_t lastPlace_ = 0;
  Waiters waiters_{executor_};
  base::Executor::TimerId timer_ = 0;
  base::SteadyTime timerAt_{};
};

template <class Key>
void WorkQueue<Key>::add(Key key, Priority priority) {
  want(key, executor_.now(), priority);
}

template <class Key>
void WorkQueue<Key>::addAfter(Key key, base::Duration pause, Priority priority) {
  if (forgottenInWork(key)) return;
  observer_.retried();
  want(key, after(pause), priority);
}

template <class Key>
void WorkQueue<Key>::reschedule(Key key, base::Duration pause) {
  if (forgottenInWork(key)) return;
  Item& item = items_[key];
  place(key, item, after(pause), item.priority);
  settle();
}

template <class Key>
void WorkQueue<Key>::forget(const Key& key) {
  const auto found = items_.find(key);
  if (found == items_.end()) return;
  Item& item = found->second;
  leaveLine(item);
  if (item.place) --wanted_;
  if (working_.contains(key)) {
    item = Item{.forgotten = true};
  } else {
    items_.erase(found);
  }
  settle();
}

template <class Key>
base::Task<std::optional<Key>> WorkQueue<Key>::next(std::stop_token stop) {
  while (!stop.stop_requested()) {
    settle();
    if (inLine() > 0) co_return take();
    co_await waiters_.wait(stop);
  }
  waiters_.wakeFor(inLine());  // it may have been woken for an item that somebody else can take now
  co_return std::nullopt;
}

template <class Key>
void WorkQueue<Key>::done(const Key& key) {
  const auto working = working_.find(key);
  if (working == working_.end()) return;
  observer_.finished(executor_.now() - working->second);
  const auto found = items_.find(key);
  working_.erase(working);
  if (found->second.place) {
    enterLine(key, found->second, false);
  } else {
    items_.erase(found);
  }
  settle();
}

template <class Key>
std::size_t WorkQueue<Key>::dueNow() const {
  // The timer of those that have just come due may not have fired yet.
  const auto end = later_.upper_bound(Place{executor_.now(), std::numeric_limits<std::uint64_t>::max()});
  return inLine() + static_cast<std::size_t>(std::distance(later_.begin(), end));
}

template <class Key>
std::optional<base::Duration> WorkQueue<Key>::longestInWork() const {
  const auto oldest = std::min_element(working_.begin(), working_.end(),
                                       [](const auto& left, const auto& right) { return left.second < right.second; });
  if (oldest == working_.end()) return std::nullopt;
  return executor_.now() - oldest->second;
}

/// Earlier and higher win over what is known.
template <class Key>
void WorkQueue<Key>::want(const Key& key, base::SteadyTime due, Priority priority) {
  Item& item = items_[key];
  item.forgotten = false;
  if (item.place) due = std::min(due, item.place->first);
  place(key, item, due, std::max(priority, item.priority));
  settle();
}

/// Gives an item its due time and priority. It keeps its place among its equals when the time is the same.
template <class Key>
void WorkQueue<Key>::place(const Key& key, Item& item, base::SteadyTime due, Priority priority) {
  const bool wasInLine = item.line != nullptr && item.line != &later_;
  leaveLine(item);
  if (!item.place) ++wanted_;
  if (!item.place || item.place->first != due) item.place = Place{due, ++lastPlace_};
  item.priority = priority;
  if (!working_.contains(key)) enterLine(key, item, wasInLine);
}

template <class Key>
void WorkQueue<Key>::enterLine(const Key& key, Item& item, bool wasInLine) {
  const bool due = item.place->first <= executor_.now();
  if (due && !wasInLine) observer_.added();
  item.line = !due ? &later_ : item.priority == Priority::Normal ? &normal_ : &background_;
  item.line->emplace(*item.place, key);
}

template <class Key>
void WorkQueue<Key>::leaveLine(Item& item) {
  if (item.line != nullptr) item.line->erase(*item.place);
  item.line = nullptr;
}

/// After every change: what has come due comes into line, waiters are woken for it, the timer is set for the rest.
template <class Key>
void WorkQueue<Key>::settle() {
  letDueIn();
  if (inLine() != reportedDepth_) observer_.depth(reportedDepth_ = inLine());
  waiters_.wakeFor(inLine());
  arm();
}

template <class Key>
void WorkQueue<Key>::letDueIn() {
  while (!later_.empty() && later_.begin()->first.first <= executor_.now()) {
    const auto due = later_.extract(later_.begin());
    enterLine(due.mapped(), items_.at(due.mapped()), false);
  }
}

template <class Key>
void WorkQueue<Key>::arm() {
  if (later_.empty()) return disarm();
  const base::SteadyTime first = later_.begin()->first.first;
  if (timer_ != 0 && timerAt_ == first) return;
  disarm();
  timerAt_ = first;
  timer_ = executor_.runAt(first, [this] {
    timer_ = 0;
    settle();
  });
}

template <class Key>
void WorkQueue<Key>::disarm() {
  if (timer_ != 0) executor_.cancel(std::exchange(timer_, 0));
}

/// The line whose first is next; something is in line.
template <class Key>
typename WorkQueue<Key>::Line& WorkQueue<Key>::best() {
  if (background_.empty()) return normal_;
  if (normal_.empty()) return background_;
  const Place& patient = background_.begin()->first;
  const bool countsAsNormal = patient.first + kPatience <= executor_.now();
  return countsAsNormal && patient < normal_.begin()->first ? background_ : normal_;
}

template <class Key>
Key WorkQueue<Key>::take() {
  Line& line = best();
  auto first = line.extract(line.begin());
  Key key = std::move(first.mapped());
  items_.at(key) = Item{};
  --wanted_;
  working_.emplace(key, executor_.now());
  observer_.started(executor_.now() - first.key().first);
  settle();
  return key;
}

template <class Key>
bool WorkQueue<Key>::forgottenInWork(const Key& key) const {
  const auto found = items_.find(key);
  return found != items_.end() && found->second.forgotten;
}

template <class Key>
base::SteadyTime WorkQueue<Key>::after(base::Duration pause) const {
  constexpr base::Duration kLongest = std::chrono::hours{24 * 365};  // keeps the sum within its type
  return executor_.now() + std::clamp(pause, base::Duration{}, kLongest);
}

}  // namespace splitdelivery::queue
