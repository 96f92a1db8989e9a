#include "zoho/paging.h"

namespace splitdelivery::zoho {

Paging::Turn Paging::feed(const std::vector<std::string>& ids, std::size_t received) {
  Turn turn{Step::Next, {}};
  if (received == 0) return {Step::Complete, {}};

  std::unordered_set<std::string_view> onThisPage;
  for (const auto& id : ids) {
    if (!onThisPage.insert(id).second) return {Step::Repeated, {}};
  }
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (known_.insert(ids[i]).second) turn.fresh.push_back(i);
  }
  start_ += received;
  if (pagesLeft_ > 0) --pagesLeft_;
  if (turn.fresh.empty()) {
    turn.step = received < kFullPage ? Step::Complete : Step::Stagnant;
  } else if (pagesLeft_ == 0) {
    turn.step = Step::Endless;
  }
  return turn;
}

}  // namespace splitdelivery::zoho
