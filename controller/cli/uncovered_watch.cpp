#include "cli/uncovered_watch.h"

#include "base/await.h"
#include "base/log.h"
#include "reconcile/uncovered.h"

namespace splitdelivery::cli {

using base::Done;

base::Task<Done> UncoveredWatch::follow(std::stop_token stop) {
  while (!stop.stop_requested()) {
    auto snapshot = all_();
    const base::Duration pause = snapshot ? base::Duration(kEvery) : base::Duration(kAgain);
    if (snapshot) co_await look(std::move(*snapshot), stop);
    co_await base::sleepFor(executor_, pause, stop);
  }
  co_return Done{};
}

base::Task<Done> UncoveredWatch::look(source::Snapshot snapshot, std::stop_token stop) {
  const auto uncovered = co_await reconcile::findUncovered(accounts_, std::move(snapshot), std::move(stop));
  std::set<std::string> found;
  for (const auto& each : uncovered.domains) {
    if (!each.atZoho) continue;
    found.insert(each.domain);
    if (said_.contains(each.domain)) continue;
    base::log(base::LogLevel::Warn, "a domain on both systems has no resource: splitdelivery discover prints one",
              {{"domain", each.domain}, {"like", each.like.text()}});
  }
  // Of accounts that could not be asked nothing is known: what was said of them stays said.
  if (uncovered.unasked.empty()) said_.clear();
  said_.merge(found);
  told_(said_.size());
  co_return Done{};
}

}  // namespace splitdelivery::cli
