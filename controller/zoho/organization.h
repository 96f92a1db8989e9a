#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "api/account_record.h"
#include "api/directory.h"
#include "base/executor.h"
#include "http/breaker.h"
#include "http/budget.h"
#include "http/single_flight.h"
#include "http/transport.h"

namespace splitdelivery::zoho {

/// What it takes to read one organisation.
struct Account {
  std::string organizationId;
  std::string accountsUrl;  ///< scheme://host[:port], no path
  std::string mailUrl;
  std::string clientId;
  base::Secret clientSecret;
  base::Secret refreshToken{};  ///< given: the refresh-token grant; else client credentials

  /// Tells accounts apart: resources share an Organization only when everything here is the same.
  [[nodiscard]] std::string digest() const;
};

/// One organisation at Zoho, read only, shared by all resources with the same Account.
///
/// One token and one listing are under way at a time; whoever asks meanwhile gets the same one, and
/// a listing that ended less than `kListingShared` ago is given again, one with failed parts too.
/// After a refusal that only a person can mend, nothing is asked for 5 minutes, then longer, up to
/// an hour. Never more than 10 tokens are minted in 10 minutes, never more than 25 calls a minute
/// made (Zoho locks at 30). All of that survives restarts in the AccountStore: tokens, what was
/// asked for, and how long to stay away. Lives on one executor and
/// must outlive the tasks that it gives out.
/// Facts: zoho.com/mail/help/api and zoho.com/accounts/protocol/oauth.
class Organization {
 public:
  static constexpr std::chrono::seconds kListingShared{60};

  Organization(base::Executor& executor, http::Transport& transport, api::AccountStore& store, Account account);
  ~Organization();

  /// Users, aliases, groups and domains, each part with its own completeness: parts may have failed
  /// and still the others be there. An error when nothing can be read at all:
  ///   Stall  InvalidClient (also the wrong data centre), InvalidScope, InvalidOrganization, …
  ///   Wait   TokenThrottled, Throttled
  ///   Retry  unreachable, or an answer that is none
  base::Task<base::Result<std::shared_ptr<const api::Listing>>> listing(std::stop_token stop);

  /// What the users' and the groups' lists give to who asks for neither `start` nor `limit`: the
  /// addresses of their first rows, sorted. Two calls; errors as above.
  base::Task<base::Result<std::vector<api::Address>>> firstRows(std::stop_token stop);

  /// A person asks for another look: the next listing is a new one, as long as less than half of the minute's calls
  /// are spent. A pause after a refusal ends, but no sooner than half a minute after the last try; one that Zoho
  /// asked for goes on.
  void tryAgain();

  /// For metrics.
  struct State {
    bool shutOut = false;                         ///< nothing is asked at present: Zoho refuses us, or told us to wait
    std::optional<std::chrono::seconds> waits{};  ///< Zoho told us to, for so long; none where it refuses us
    std::size_t callsLastMinute = 0;
    std::size_t mintsLast10Minutes = 0;
    std::uint64_t minted = 0;  ///< tokens asked for by this object
  };
  [[nodiscard]] State state() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace splitdelivery::zoho
