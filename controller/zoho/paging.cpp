#include "zoho/paging.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace splitdelivery::zoho {
namespace {

bool anyTwice(const std::vector<std::string>& ids) {
  std::unordered_set<std::string_view> onThisPage;
  return std::ranges::any_of(ids, [&](const std::string& id) { return !onThisPage.insert(id).second; });
}

}  // namespace

Paging::Turn Paging::feed(const std::vector<std::string>& ids, std::size_t received) {
  if (anyTwice(ids)) return {Step::Repeated, {}};
  const bool overlapping = overlaps(ids);
  Turn turn{Step::Moved, {}};
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (known_.insert(ids[i]).second) turn.fresh.push_back(i);
  }
  if (received == 0) {
    turn.step = afterNothing();
  } else if (overlapping) {
    turn.step = afterRows(received, !turn.fresh.empty());
    if (!ids.empty()) lastId_ = ids.back();
  }
  if (pagesLeft_ > 0) --pagesLeft_;
  if (turn.step == Step::Next && pagesLeft_ == 0) turn.step = Step::Endless;
  return turn;
}

bool Paging::overlaps(const std::vector<std::string>& ids) const {
  if (known_.empty()) return true;
  if (again_) return std::ranges::find(ids, lastId_) != ids.end();
  return std::ranges::any_of(ids, [&](const std::string& id) { return known_.contains(id); });
}

Paging::Step Paging::afterNothing() {
  if (known_.empty()) return Step::Complete;
  // Where a row was a moment ago: it left, or the server gives nothing for any `start` but the first.
  if (std::exchange(again_, true)) return Step::Moved;
  start_ = lastStart_;
  return Step::Next;
}

Paging::Step Paging::afterRows(std::size_t received, bool anyFresh) {
  const bool again = std::exchange(again_, false);
  if (!anyFresh) {
    if (again) return Step::Complete;
    if (received >= kFullPage) return Step::Stagnant;
    // Known rows as many as the server gives on a page say nothing of what is behind them.
    if (received < largest_ || start_ > known_.size() + 1) return Step::Complete;
  }
  largest_ = std::max(largest_, received);
  lastStart_ = start_;
  start_ += std::max<std::size_t>(received - 1, 1);
  return Step::Next;
}

}  // namespace splitdelivery::zoho
