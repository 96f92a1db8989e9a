#include "cli/uncovered_watch.h"

#include "base/await.h"
#include "base/log.h"
#include "reconcile/uncovered.h"

namespace splitdelivery::cli {

using base::Done;

base::Task<Done> UncoveredWatch::follow(std::stop_token stop) {
  while (!stop.stop_requested()) {
    co_await look(stop);
    co_await base::sleepFor(executor_, kEvery, stop);
  }
  co_return Done{};
}

base::Task<Done> UncoveredWatch::look(std::stop_token stop) {
  // A document that cannot be read may be the one about it, and is told of where it was read.
  if (!snapshot_.errors.empty()) co_return Done{};
  const auto uncovered = co_await reconcile::findUncovered(accounts_, snapshot_, std::move(stop));
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
  co_return Done{};
}

}  // namespace splitdelivery::cli
