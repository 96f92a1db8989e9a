#include "cli/env_feed.h"

#include <algorithm>
#include <utility>

#include "api/enums.h"
#include "base/log.h"
#include "queue/backoff.h"

namespace splitdelivery::cli {

using base::Done;
using base::LogLevel;

base::Task<Done> EnvFeed::follow(std::stop_token stop) {
  while (!stop.stop_requested()) {
    poked_ = false;
    woken_ = base::Deferred<bool>(executor_);
    const auto woken = woken_;
    const auto pause = co_await look(stop);
    const auto timer = executor_.runAt(executor_.now() + pause, [woken] { woken.resolve(true); });
    const std::stop_callback stopped(stop, [woken] { woken.resolve(true); });
    if (!poked_) co_await woken;
    executor_.cancel(timer);
  }
  co_return Done{};
}

void EnvFeed::poke() {
  poked_ = true;
  woken_.resolve(true);
}

base::Task<base::Duration> EnvFeed::look(std::stop_token stop) {
  auto snapshot = co_await resources_.look(stop);
  if (stop.stop_requested()) co_return kEvery;
  if (!snapshot) co_return failed(snapshot.error());
  failures_ = 0;
  said_.clear();
  trouble_.reset();
  for (const auto& resource : snapshot->resources) {
    if (!known_.insert(resource.spec.domain).second) continue;
    base::log(LogLevel::Info, "both systems have a domain",
              {{"domain", resource.spec.domain},
               {"resource", resource.key.text()},
               {"policy", std::string(api::choiceText(resource.spec.policy))}});
  }
  co_await intake_.take(std::move(*snapshot));
  co_return queue::jittered(kEvery, queue::kFailureJitter, executor_.random());
}

base::Duration EnvFeed::failed(const base::Error& error) {
  if (said_ != error.message) {
    base::log(LogLevel::Error, error.message + "; both sides are asked for their domains again later",
              {{"reason", error.reason}});
  }
  said_ = error.message;
  if (known_.empty()) trouble_ = error.message;
  ++failures_;
  const base::Duration pause =
      queue::jittered(queue::failurePause(failures_, kLongestPause), queue::kFailureJitter, executor_.random());
  return std::max(pause, base::Duration(error.retryAfter.value_or(std::chrono::seconds{0})));
}

}  // namespace splitdelivery::cli
