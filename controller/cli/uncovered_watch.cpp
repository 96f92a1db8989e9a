#include "cli/uncovered_watch.h"

#include <algorithm>

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
  const auto covers = [&snapshot](const std::string& domain) {
    return std::ranges::find(snapshot.resources, domain, [](const auto& each) { return each.spec.domain; }) !=
           snapshot.resources.end();
  };
  std::erase_if(said_, [&covers](const auto& said) { return covers(said.first); });
  const auto uncovered = co_await reconcile::findUncovered(accounts_, std::move(snapshot), std::move(stop));
  std::map<std::string, api::ObjectKey> found;
  for (const auto& each : uncovered.domains) {
    if (!each.atZoho) continue;
    found.emplace(each.domain, each.like);
    if (said_.contains(each.domain)) continue;
    base::log(base::LogLevel::Warn, "a domain on both systems has no resource: splitdelivery discover prints one",
              {{"domain", each.domain}, {"like", each.like.text()}});
  }
  // Of accounts that could not be asked nothing is known: what was said of them stays said.
  for (auto& [domain, like] : said_) {
    if (uncovered.leavesOpen(domain, like)) found.try_emplace(domain, std::move(like));
  }
  said_ = std::move(found);
  told_(said_.size());
  co_return Done{};
}

}  // namespace splitdelivery::cli
