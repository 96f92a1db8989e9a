#include "mailserver/directadmin/lock_out.h"

#include <algorithm>
#include <utility>

namespace splitdelivery::mailserver::directadmin {
namespace {

using base::Done;
using base::Task;
using std::chrono::seconds;

constexpr seconds kLongest = std::chrono::hours{1};

}  // namespace

LockOut::LockOut(base::Executor& executor, api::AccountStore& records, std::string account)
    : executor_(executor), records_(records), account_(std::move(account)) {}

Task<std::optional<LockOut::Lock>> LockOut::load() {
  record_ = co_await records_.load(account_);
  if (!record_.lockedUntil) co_return std::nullopt;
  const auto now = executor_.wallTime();
  const seconds all = std::clamp(record_.lockedFor, seconds{0}, kLongest);
  const base::WallTime latest = now + (all.count() > 0 ? all : kLongest);
  if (*record_.lockedUntil > latest) co_await shorten(latest);
  co_return Lock{
      .because = record_.lockedBecause, .left = std::chrono::ceil<seconds>(*record_.lockedUntil - now), .all = all};
}

Task<Done> LockOut::shorten(base::WallTime until) {
  record_.lockedUntil = until;
  // Else each process that starts while the clock is behind would lock for as long again.
  record_.unlocked = true;
  co_await records_.save(account_, record_);
  record_.unlocked = false;
  co_return Done{};
}

Task<Done> LockOut::keep(Lock lock) {
  record_.lockedUntil = executor_.wallTime() + lock.left;
  record_.lockedBecause = std::move(lock.because);
  record_.lockedFor = lock.all;
  co_return co_await records_.save(account_, record_);
}

Task<Done> LockOut::lift() {
  if (!record_.lockedUntil || record_.lockedBecause.empty()) co_return Done{};
  record_.lockedUntil.reset();
  record_.lockedBecause.clear();
  record_.lockedFor = {};
  record_.unlocked = true;
  co_await records_.save(account_, record_);
  record_.unlocked = false;
  co_return Done{};
}

}  // namespace splitdelivery::mailserver::directadmin
