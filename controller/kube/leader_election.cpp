#include "kube/leader_election.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "kube/micro_time.h"

namespace splitdelivery::kube {
namespace {

using base::Done;
using base::fail;
using base::Result;

/// One request of the election.
constexpr std::chrono::seconds kRequest{5};

/// There is not much time left then.
constexpr std::chrono::seconds kRetryAfterFailure{1};

template <class T>
T valueIn(const Json& map, const char* name, T otherwise) {
  const auto found = map.find(name);
  if (found == map.end()) return otherwise;
  if constexpr (std::is_same_v<T, std::string>) {
    return found->is_string() ? found->template get<std::string>() : otherwise;
  } else {
    return found->is_number_integer() ? found->template get<T>() : otherwise;
  }
}

}  // namespace

base::Task<Result<Json>> LeaderElection::ask(std::function<base::Task<Result<Json>>(std::stop_token)> call) {
  std::stop_source late;
  const auto timer = executor_.runAt(executor_.now() + kRequest, [late]() mutable { late.request_stop(); });
  auto answer = co_await call(late.get_token());
  executor_.cancel(timer);
  if (!answer && late.stop_requested()) {
    co_return fail(base::ErrorKind::Retry, "TimedOut",
                   "the API server did not answer about the Lease within 5 seconds");
  }
  co_return answer;
}

void LeaderElection::observe(const Json& lease) {
  const auto metadata = lease.find("metadata");
  const std::string version =
      metadata != lease.end() && metadata->is_object() ? valueIn<std::string>(*metadata, "resourceVersion", "") : "";
  if (known_ && version == version_) return;
  known_ = true;
  version_ = version;
  seenAt_ = executor_.now();
  const auto spec = lease.find("spec");
  const Json empty = Json::object();
  const Json& said = spec != lease.end() && spec->is_object() ? *spec : empty;
  holder_ = valueIn<std::string>(said, "holderIdentity", "");
  goodFor_ =
      std::max<base::Duration>(kLease, std::chrono::seconds(valueIn<std::int64_t>(said, "leaseDurationSeconds", 0)));
  transitions_ = valueIn<std::int64_t>(said, "leaseTransitions", 0);
}

bool LeaderElection::isFree() const {
  return holder_.empty() || holder_ == options_.identity || executor_.now() - seenAt_ >= goodFor_;
}

Json LeaderElection::record(const std::string& holder) const {
  const std::string now = microTime(executor_.wallTime());
  const bool changes = holder != holder_;
  Json spec = {{"holderIdentity", holder},
               {"leaseDurationSeconds", holder.empty() ? 1 : kLease.count()},
               {"renewTime", now},
               {"leaseTransitions", transitions_ + (changes && !holder.empty() ? 1 : 0)}};
  if (changes) spec["acquireTime"] = now;
  Json metadata = {{"name", options_.name}, {"namespace", options_.ns}};
  if (!version_.empty()) metadata["resourceVersion"] = version_;
  return {{"apiVersion", "coordination.k8s.io/v1"}, {"kind", "Lease"}, {"metadata", metadata}, {"spec", spec}};
}

/// Takes or renews the Lease if it may. Done: it is ours.
base::Task<Result<Done>> LeaderElection::tryOnce() {
  if (!known_ || holder_ != options_.identity) {
    auto seen = co_await ask(
        [this](std::stop_token stop) { return client_.get(kLeases, options_.ns, options_.name, std::move(stop)); });
    if (!seen && seen.error().reason != reason::kNotFound) co_return fail(std::move(seen).error());
    observe(seen ? *seen : Json::object());
    if (!isFree()) {
      co_return fail(base::ErrorKind::Refuse, "LeaseHeld", "another replica leads: " + holder_);
    }
  }
  const auto began = executor_.now();
  auto taken = co_await ask([this](std::stop_token stop) {
    const Json lease = record(options_.identity);
    return version_.empty() ? client_.create(kLeases, options_.ns, lease, std::move(stop))
                            : client_.replace(kLeases, options_.ns, options_.name, lease, std::move(stop));
  });
  if (!taken) {
    known_ = false;  // whether it was written is open: looked at anew
    co_return fail(std::move(taken).error());
  }
  known_ = false;
  observe(*taken);
  until_ = began + kLease;
  renewed_ = began;
  co_return Done{};
}

base::Duration LeaderElection::retryPause() {
  const auto jitter = static_cast<std::int64_t>(executor_.random() % 200);
  return kRetry + std::chrono::milliseconds(jitter);
}

/// No longer than until the Lease may be taken: a whole pause more would make a take-over late by it.
base::Duration LeaderElection::acquirePause() {
  const base::Duration pause = retryPause();
  const base::Duration left = seenAt_ + goodFor_ - executor_.now();
  return known_ && !isFree() ? std::min(pause, left) : pause;
}

base::Task<bool> LeaderElection::acquire(std::stop_token stop) {
  std::string said;
  while (!stop.stop_requested()) {
    auto taken = co_await tryOnce();
    if (taken) {
      trouble_.reset();
      base::log(base::LogLevel::Info, "this replica leads", {{"lease", options_.ns + "/" + options_.name}});
      co_return true;
    }
    const bool held = taken.error().reason == "LeaseHeld";
    const bool raced = taken.error().reason == reason::kConflict || taken.error().reason == reason::kAlreadyExists;
    trouble_ = held || raced ? std::nullopt : std::optional(taken.error());
    if (!raced && said != taken.error().message) {
      base::log(trouble_ ? base::LogLevel::Warn : base::LogLevel::Info, "this replica stands by",
                {{"because", taken.error().message}});
      said = taken.error().message;
    }
    co_await base::sleepFor(executor_, acquirePause(), stop);
  }
  co_return false;
}

base::Task<bool> LeaderElection::keep(std::stop_token stop) {
  while (!stop.stop_requested()) {
    const base::Duration pause = trouble_ ? base::Duration(kRetryAfterFailure) : base::Duration(kRetry);
    if (co_await base::sleepFor(executor_, pause, stop) == base::Slept::Stopped) break;
    if (!leads()) co_return false;  // it was asleep: frozen, or starved
    auto renewed = co_await tryOnce();
    trouble_ = renewed ? std::nullopt : std::optional(renewed.error());
    if (!renewed) {
      base::log(base::LogLevel::Warn, "the Lease could not be renewed", {{"because", renewed.error().message}});
      if (renewed.error().reason == "LeaseHeld") until_.reset();
    }
    if (!leads()) co_return false;
  }
  co_return true;
}

base::Task<Done> LeaderElection::release() {
  renewed_.reset();
  if (!until_) co_return Done{};
  const bool ours = leads();
  until_.reset();
  if (!ours) co_return Done{};
  static_cast<void>(co_await ask([this](std::stop_token stop) {
    return client_.replace(kLeases, options_.ns, options_.name, record(""), std::move(stop));
  }));
  co_return Done{};
}

std::optional<base::SteadyTime> LeaderElection::writesUntil() const {
  if (!leads()) return std::nullopt;
  return *until_ - kMargin;
}

std::optional<std::string> LeaderElection::overdue() const {
  if (!renewed_ || executor_.now() - *renewed_ <= kLease + kGrace) return std::nullopt;
  const auto ago = std::chrono::duration_cast<std::chrono::seconds>(executor_.now() - *renewed_);
  return "the Lease was renewed last " + std::to_string(ago.count()) + " seconds ago, and this process has not ended";
}

}  // namespace splitdelivery::kube
