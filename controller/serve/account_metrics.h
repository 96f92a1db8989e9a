#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "serve/registry.h"

namespace splitdelivery::serve {

/// An account as metrics show it.
struct AccountFigures {
  std::string provider{};                     ///< "zoho", "directadmin"
  std::string account{};                      ///< host and organisation or user: "mail.zoho.com/60012345"
  bool breakerOpen = false;                   ///< its requests are stopped (S9)
  double budgetUsed = 0;                      ///< share of the requests that its window allows, 0 to 1
  std::optional<std::uint64_t> tokenMints{};  ///< asked for so far, since the program or the account's object started
};

/// splitdelivery_account_* and token mints. Series are there from the first `set` on, and go with `forget`. Lives on
/// one executor; must not outlive the registry.
class AccountMetrics {
 public:
  explicit AccountMetrics(Registry& registry);

  void set(const AccountFigures& figures);
  void forget(const std::string& provider, const std::string& account);

 private:
  Registry::Gauges breakerOpen_;
  Registry::Gauges budgetUsed_;
  Registry::Counters tokenMints_;
  /// What was told last, since what is counted elsewhere may begin anew.
  std::map<std::pair<std::string, std::string>, std::optional<std::uint64_t>> mints_;
};

}  // namespace splitdelivery::serve
