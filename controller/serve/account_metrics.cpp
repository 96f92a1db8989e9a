#include "serve/account_metrics.h"

namespace splitdelivery::serve {

AccountMetrics::AccountMetrics(Registry& registry)
    : breakerOpen_(registry.gauges("splitdelivery_account_breaker_open")),
      budgetUsed_(registry.gauges("splitdelivery_account_budget_used_ratio")),
      tokenMints_(registry.counters("splitdelivery_token_mints_total")) {}

void AccountMetrics::set(const AccountFigures& figures) {
  breakerOpen_.of({figures.provider, figures.account}).Set(figures.breakerOpen ? 1 : 0);
  budgetUsed_.of({figures.provider, figures.account}).Set(figures.budgetUsed);
  auto& told = mints_[{figures.provider, figures.account}];
  if (!figures.tokenMints) return;
  const std::uint64_t before = told.value_or(0);
  const std::uint64_t more = *figures.tokenMints >= before ? *figures.tokenMints - before : *figures.tokenMints;
  tokenMints_.of({figures.account}).Increment(static_cast<double>(more));
  told = figures.tokenMints;
}

void AccountMetrics::forget(const std::string& provider, const std::string& account) {
  const auto found = mints_.find({provider, account});
  if (found == mints_.end()) return;
  breakerOpen_.remove({provider, account});
  budgetUsed_.remove({provider, account});
  if (found->second) tokenMints_.remove({account});
  mints_.erase(found);
}

}  // namespace splitdelivery::serve
