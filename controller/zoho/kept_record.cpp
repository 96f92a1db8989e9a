#include "zoho/kept_record.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "zoho/answer.h"

namespace splitdelivery::zoho {
namespace {

using base::Done;
using base::Task;
using base::WallTime;
using std::chrono::seconds;

// The longest that `pauseOf` lets an answer ask for.
constexpr seconds kLongestLock = std::chrono::hours{24};
// Within this, clocks are taken to agree: they are nudged all the time.
constexpr seconds kNudge{1};

/// The last time at which this record was certainly being written, by the clock of then.
std::optional<WallTime> lastWitness(const api::AccountRecord& record) {
  std::optional<WallTime> last;
  for (const auto mint : record.mints) last = std::max(last, std::optional(mint));
  for (const auto call : record.calls) last = std::max<std::optional<WallTime>>(last, call - kReservedAhead);
  return last;
}

void unite(std::vector<WallTime>& ours, const std::vector<WallTime>& theirs) {
  std::ranges::copy(theirs, std::back_inserter(ours));
  std::ranges::sort(ours);
  const auto repeated = std::ranges::unique(ours);
  ours.erase(repeated.begin(), repeated.end());
}

bool isLimit(std::string_view because) {
  return because.empty() || because == reason::kThrottled || because == reason::kTokenThrottled;
}

}  // namespace

bool bringBack(api::AccountRecord& record, WallTime now) {
  bool moved = false;
  const auto witness = lastWitness(record);
  if (witness && *witness > now + kNudge) {
    const base::Duration ahead = *witness - now;
    for (auto* times : {&record.mints, &record.calls}) {
      for (auto& time : *times) {
        record.retracted.push_back(time);
        time -= ahead;
      }
    }
    if (!record.accessToken.empty()) record.expiresAt -= ahead;
    if (record.lockedUntil) *record.lockedUntil -= ahead;
    moved = true;
  }
  if (record.lockedUntil && *record.lockedUntil > now + kLongestLock) {
    record.lockedUntil = now + kLongestLock;
    moved = true;
  }
  record.unlocked = record.unlocked || moved;
  return moved;
}

KeptRecord::KeptRecord(base::Executor& executor, api::AccountStore& store, std::string account)
    : executor_(executor), store_(store), account_(std::move(account)) {}

Task<Done> KeptRecord::load() {
  if (!loaded_) co_await refresh();
  co_return Done{};
}

Task<Done> KeptRecord::refresh() {
  auto kept = co_await store_.load(account_);
  // What stays in the store in the future would be brought back to `now` by every process that comes.
  const bool moved = bringBack(kept, executor_.wallTime());
  bringBack(record_, executor_.wallTime());
  if (loaded_) {
    add(std::move(kept));
  } else {
    record_ = std::move(kept);
    loaded_ = true;
  }
  if (moved) co_await save();
  co_return Done{};
}

void KeptRecord::add(api::AccountRecord kept) {
  unite(record_.mints, kept.mints);
  unite(record_.calls, kept.calls);
  unite(record_.retracted, kept.retracted);
  record_.unlocked = record_.unlocked || kept.unlocked;
  // A token that we have forgotten ends no later than it did.
  if (!kept.accessToken.empty() && kept.expiresAt > record_.expiresAt) {
    record_.accessToken = std::move(kept.accessToken);
    record_.expiresAt = kept.expiresAt;
  }
  if (kept.lockedUntil > record_.lockedUntil) {
    record_.lockedUntil = kept.lockedUntil;
    record_.lockedBecause = std::move(kept.lockedBecause);
  }
}

Task<Done> KeptRecord::save() {
  auto written = record_;
  // Told once: a second time it would take back what somebody else has written since.
  record_.retracted.clear();
  record_.unlocked = false;
  co_return co_await store_.save(account_, std::move(written));
}

Task<Done> KeptRecord::lock(seconds pause, std::string because) {
  const auto until = executor_.wallTime() + pause;
  if (isLimit(because) && isLimit(record_.lockedBecause) && record_.lockedUntil >= until) co_return Done{};
  record_.lockedUntil = until;
  record_.lockedBecause = std::move(because);
  co_return co_await save();
}

Task<Done> KeptRecord::unlock() {
  if (!record_.lockedUntil) co_return Done{};
  record_.lockedUntil.reset();
  record_.lockedBecause.clear();
  record_.unlocked = true;
  co_return co_await save();
}

std::optional<seconds> KeptRecord::limitLeft() {
  bringBack(record_, executor_.wallTime());
  if (!record_.lockedUntil || !isLimit(record_.lockedBecause)) return std::nullopt;
  const auto left = std::chrono::ceil<seconds>(*record_.lockedUntil - executor_.wallTime());
  return left > seconds{0} ? std::optional(left) : std::nullopt;
}

std::optional<KeptRecord::Lock> KeptRecord::refusal() {
  bringBack(record_, executor_.wallTime());
  if (!record_.lockedUntil || isLimit(record_.lockedBecause)) return std::nullopt;
  const auto witness = lastWitness(record_);
  const base::Duration pause = witness ? *record_.lockedUntil - *witness : base::Duration{0};
  return Lock{.left = std::chrono::ceil<seconds>(*record_.lockedUntil - executor_.wallTime()),
              .pause = std::max(std::chrono::ceil<seconds>(pause), seconds{0}),
              .because = record_.lockedBecause};
}

api::AccountRecord& KeptRecord::record() {
  bringBack(record_, executor_.wallTime());
  return record_;
}

}  // namespace splitdelivery::zoho
