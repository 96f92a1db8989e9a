#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <stop_token>
#include <string>

#include "base/executor.h"
#include "http/single_flight.h"
#include "http/transport.h"
#include "zoho/kept_record.h"
#include "zoho/organization.h"

namespace splitdelivery::zoho {

/// The access token of one account: made when needed, kept for its life, shared by all who ask.
///
/// Every mint is written down before it is asked for, so that a program that keeps being restarted
/// does not get more than Zoho's 10 in 10 minutes (S9) and is not locked out. Lives on one executor
/// and must outlive the tasks that it gives out.
class Tokens {
 public:
  Tokens(base::Executor& executor, http::Transport& transport, KeptRecord& kept, Account account);

  /// A token that is good for a minute at least. Errors: those of `readTokenAnswer` and of the
  /// transport; Wait TokenThrottled, without asking, while the account has had its share.
  base::Task<base::Result<base::Secret>> get(std::stop_token stop);

  /// The Mail API refused this token: the next `get` makes a new one, unless that has happened.
  void forget(const base::Secret& refused);

  /// How many tokens were asked for in the last 10 minutes, by any process, as far as is known.
  [[nodiscard]] std::size_t lately() const;
  /// How many this object has asked for.
  [[nodiscard]] std::uint64_t minted() const { return minted_; }

 private:
  base::Task<base::Result<base::Secret>> getAlone(std::stop_token stop);
  base::Task<base::Result<base::Secret>> mint(std::stop_token stop);
  base::Task<base::Done> takeBack(base::WallTime asked);
  [[nodiscard]] bool usable() const;
  [[nodiscard]] std::optional<std::chrono::seconds> mustWait();
  [[nodiscard]] http::Request request() const;

  base::Executor& executor_;
  http::Transport& transport_;
  KeptRecord& kept_;
  const Account account_;
  http::SingleFlight<base::Result<base::Secret>> flight_;
  std::uint64_t minted_ = 0;
  std::deque<base::SteadyTime> mintedAt_;  ///< within the window, whatever the time of day does
};

}  // namespace splitdelivery::zoho
