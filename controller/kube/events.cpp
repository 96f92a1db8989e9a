#include "kube/events.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "kube/micro_time.h"

namespace splitdelivery::kube {
namespace {

using base::Done;
using base::ErrorKind;
using base::Result;

/// One request; those behind it wait.
constexpr std::chrono::seconds kRequest{10};
/// Before the second try; doubled before each further one.
constexpr std::chrono::seconds kFirstPause{1};
constexpr std::chrono::seconds kLongestPause{30};

const char* textOf(EventType type) {
  return type == EventType::Normal ? "Normal" : "Warning";
}

Json repeatsOf(const EventSeries& series) {
  return {{"count", series.count}, {"lastObservedTime", microTime(series.lastAt)}};
}

bool isPassing(const base::Error& error) {
  return error.kind == ErrorKind::Retry || error.kind == ErrorKind::Wait || error.kind == ErrorKind::Unclear;
}

}  // namespace

EventRecorder::EventRecorder(base::Executor& executor, Client& client, Options options)
    : executor_(executor), client_(client), options_(std::move(options)) {}

std::shared_ptr<EventSeries> EventRecorder::correlate(Event event, bool limited) {
  return correlator_.take(std::move(event), {executor_.now(), executor_.wallTime(), executor_.random()}, limited);
}

bool EventRecorder::isWaiting(const std::shared_ptr<EventSeries>& series) const {
  return std::ranges::find(queue_, series, &Item::series) != queue_.end();
}

void EventRecorder::record(Event event) noexcept {
  if (!mayRecord()) return;
  try {
    auto series = correlate(std::move(event), true);
    // What waits is sent with the count that it has by then.
    if (!series || isWaiting(series)) return;
    makeRoom();
    queue_.push_back({std::move(series)});
    begin();
  } catch (...) {
    // Without memory for it nothing is told: that is what best effort means.
  }
}

/// The oldest that nobody waits for goes.
void EventRecorder::makeRoom() {
  if (queue_.size() < kMostWaiting) return;
  const auto found = std::ranges::find_if(queue_, [](const Item& item) { return !item.settled.has_value(); });
  const auto oldest = found == queue_.end() ? queue_.begin() : found;
  const Item dropped = std::move(*oldest);
  queue_.erase(oldest);
  settle(dropped);
}

base::Task<Done> EventRecorder::recordNow(Event event) {
  if (!mayRecord()) co_return Done{};
  const base::Deferred<bool> settled(executor_);
  makeRoom();
  queue_.push_front({correlate(std::move(event), false), settled});
  begin();
  const auto timer = executor_.runAt(executor_.now() + kPatience, [settled] { settled.resolve(false); });
  co_await settled;
  executor_.cancel(timer);
  co_return Done{};
}

base::Task<Done> EventRecorder::finish() {
  closed_ = true;
  if (!sending_) co_return Done{};
  const auto timer = executor_.runAt(executor_.now() + kPatience, [stop = stop_]() mutable { stop.request_stop(); });
  co_await idle_.emplace(executor_);
  executor_.cancel(timer);
  co_return Done{};
}

void EventRecorder::begin() {
  if (std::exchange(sending_, true)) return;
  base::spawn(executor_, sendAll(), [this](const std::exception_ptr&, const std::optional<Done>&) {
    sending_ = false;
    if (idle_) idle_->resolve(true);
  });
}

base::Task<Done> EventRecorder::sendAll() {
  while (!queue_.empty()) {
    Item item = std::move(queue_.front());
    queue_.pop_front();
    const bool leads = !options_.mayRecord || options_.mayRecord();
    if (leads && !stop_.stop_requested()) co_await send(item.series);
    settle(item);
  }
  co_return Done{};
}

/// What was said, or was not, need not be kept.
void EventRecorder::settle(const Item& item) {
  if (item.settled) item.settled->resolve(true);
  if (!isWaiting(item.series)) item.series->latest = {};
}

base::Task<Done> EventRecorder::send(std::shared_ptr<EventSeries> series) {
  base::Duration pause = kFirstPause;
  // Nothing is left of it once it was sent, or dropped from the queue in favour of others.
  for (int tries = 1; series->sentCount < series->count && !series->latest.reason.empty(); ++tries) {
    const std::uint32_t count = series->count;
    auto sent = co_await sendOnce(series);
    if (sent || sent.error().reason == reason::kAlreadyExists) {
      series->sentCount = count;
      co_return Done{};
    }
    if (sent.error().reason == reason::kNotFound && series->sentCount > 0) {
      series->sentCount = 0;  // the API server has forgotten it
      continue;
    }
    if (!isPassing(sent.error()) || tries >= kTries || stop_.stop_requested()) {
      giveUp(*series, sent.error());
      co_return Done{};
    }
    const base::Duration asked = sent.error().retryAfter.value_or(std::chrono::seconds{0});
    co_await base::sleepFor(executor_, std::min<base::Duration>(std::max(pause, asked), kLongestPause),
                            stop_.get_token());
    pause *= 2;
  }
  co_return Done{};
}

base::Task<Result<Json>> EventRecorder::sendOnce(std::shared_ptr<EventSeries> series) {
  std::stop_source late;
  const auto end = [late]() mutable { late.request_stop(); };
  const auto timer = executor_.runAt(executor_.now() + kRequest, end);
  const std::stop_callback stopped(stop_.get_token(), end);
  const std::string ns = series->latest.regarding.ns;
  auto request = series->sentCount == 0 ? client_.create(kEvents, ns, objectOf(*series), late.get_token())
                                        : client_.patch(kEvents, ns, series->name, "", PatchType::Merge,
                                                        {{"series", repeatsOf(*series)}}, late.get_token());
  auto answer = co_await std::move(request);
  executor_.cancel(timer);
  co_return answer;
}

void EventRecorder::giveUp(const EventSeries& series, const base::Error& error) {
  const bool lacksRight = error.reason == reason::kForbidden;
  bool& said = series.sentCount == 0 ? refusedCreate_ : refusedPatch_;
  const bool loud = lacksRight && !std::exchange(said, true);
  base::log(loud ? base::LogLevel::Warn : base::LogLevel::Debug, "an Event was not recorded",
            {{"event", series.name}, {"error", error.message}});
}

Json EventRecorder::objectOf(const EventSeries& series) const {
  const Event& event = series.latest;
  Json object = {{"apiVersion", "events.k8s.io/v1"},
                 {"kind", "Event"},
                 {"metadata", {{"name", series.name}, {"namespace", event.regarding.ns}}},
                 {"eventTime", microTime(series.firstAt)},
                 {"type", textOf(event.type)},
                 {"reason", event.reason},
                 {"action", event.action},
                 {"note", event.note},
                 {"reportingController", options_.controller},
                 {"reportingInstance", options_.instance},
                 {"regarding",
                  {{"apiVersion", event.regarding.apiVersion},
                   {"kind", event.regarding.kind},
                   {"namespace", event.regarding.ns},
                   {"name", event.regarding.name},
                   {"uid", event.regarding.uid}}}};
  // The first alone is no series.
  if (series.count > 1) object["series"] = repeatsOf(series);
  return object;
}

}  // namespace splitdelivery::kube
