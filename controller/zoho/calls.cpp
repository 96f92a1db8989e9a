#include "zoho/calls.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/await.h"
#include "base/log.h"
#include "zoho/answer.h"

namespace splitdelivery::zoho {
namespace {

using base::Result;
using base::Task;
using std::chrono::seconds;

constexpr seconds kMinute{60};
// So that two processes that stand in each other's way do not do so for ever.
constexpr std::uint64_t kMostJitterMs = 1000;

tl::unexpected<base::Error> stopped() {
  return base::fail(base::ErrorKind::Stopped, std::string(http::reason::kStopped),
                    "stopped before Zoho was asked: other calls have used up the minute");
}

}  // namespace

Calls::Calls(base::Executor& executor, KeptRecord& kept) : executor_(executor), kept_(kept), line_(executor, 1) {}

Task<Result<base::Done>> Calls::take(std::stop_token stop) {
  const auto turn = co_await line_.acquire(stop);
  if (!turn) co_return stopped();
  for (;;) {
    if (stop.stop_requested()) co_return stopped();
    if (const auto left = kept_.limitLeft()) co_return base::fail(throttledFor(*left));
    if (reserved_ > 0 && executor_.now() < reservedUntil_) {
      --reserved_;
      co_return base::Done{};
    }
    reserved_ = 0;
    co_await kept_.refresh();
    if (const auto pause = wait()) {
      base::log(base::LogLevel::Info, "waiting before Zoho is asked on: this minute's calls are used up",
                {{"seconds", std::to_string(std::chrono::ceil<seconds>(*pause).count())}});
      co_await base::sleepFor(executor_, *pause, stop);
      continue;
    }
    reserve();
    co_await kept_.save();
    co_await kept_.refresh();
    if (counted() <= kPerMinute) continue;
    reserved_ = 0;
    const auto jitter = std::chrono::milliseconds{executor_.random() % kMostJitterMs};
    co_await base::sleepFor(executor_, wait().value_or(base::Duration{0}) + jitter, stop);
  }
}

std::size_t Calls::counted() {
  auto& calls = kept_.record().calls;
  std::erase_if(calls, [now = executor_.wallTime()](base::WallTime call) { return call + kMinute <= now; });
  return calls.size();
}

std::optional<base::Duration> Calls::wait() {
  if (counted() < kPerMinute) return std::nullopt;
  const auto& calls = kept_.record().calls;
  return calls[calls.size() - kPerMinute] + kMinute - executor_.wallTime();
}

void Calls::reserve() {
  const std::size_t count = std::min(kAtATime, kPerMinute - counted());
  auto& calls = kept_.record().calls;
  // Each has a time of its own: the store keeps equal ones once.
  auto time = executor_.wallTime() + kReservedAhead;
  if (!calls.empty()) time = std::max<base::WallTime>(time, calls.back() + base::Duration{1});
  for (std::size_t i = 0; i < count; ++i) calls.push_back(time + base::Duration{static_cast<std::int64_t>(i)});
  reserved_ = count;
  reservedUntil_ = executor_.now() + kReservedAhead;
}

}  // namespace splitdelivery::zoho
