#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>

#include "base/executor.h"
#include "http/breaker.h"
#include "http/budget.h"
#include "http/single_flight.h"
#include "http/transport.h"
#include "mailserver/directadmin/answer.h"
#include "mailserver/directadmin/lock_out.h"
#include "mailserver/directadmin/requests.h"
#include "mailserver/directadmin/store.h"

namespace splitdelivery::mailserver::directadmin {

/// One account's way to its server: two requests at a time, one breaker, and the check that tells
/// wrong credentials from a command that they lack.
///
/// DirectAdmin counts failed logins and bans the address they come from, so a refusal is never tried
/// again as it is:
///
///   refused ─→ one CMD_API_SHOW_DOMAINS ─┬─ accepted → LoginKeyLacksCommand, for this command alone
///                                        └─ refused  → BadCredentials, the breaker opens
///
/// Refusals that come together share one check, and nothing else starts while it is under way. A
/// command that the key lacks is not sent again for `kLackingHeld`: a pass that has five hundred
/// forwarders to create is refused once. A breaker that has been open long enough is tried with that
/// same check. It outlives the process in the account's record, which is read before the first request
/// and written before a probe leaves and when the account is refused, accepted or told to wait. Lives on
/// the executor; must outlive what it performs.
class Session {
 public:
  /// The shortest interval between passes, so that each pass tries anew.
  static constexpr std::chrono::seconds kLackingHeld{30};
  /// Of an optional command, which many keys are not meant to have.
  static constexpr std::chrono::seconds kOptionalLackingHeld = std::chrono::hours{1};

  Session(base::Executor& executor, http::Transport& transport, api::AccountStore& records, Account account);

  /// Errors: those of `interpret`; LoginKeyLacksCommand, BadCredentials and AddressBanned (Stall);
  /// for a write whose answer never came Unclear; Stopped, and Retry "ListingTooOld" when the command
  /// could not leave until `notAfter`. `neverSent` is about the command, not about a check around it.
  /// A write that has left is not cut off by a stop.
  base::Task<base::Result<Answer>> perform(Command command, std::stop_token stop,
                                           base::SteadyTime notAfter = base::SteadyTime::max());

  /// See ForwarderStore.
  void tryAgain();
  [[nodiscard]] bool shutOut() const { return breaker_.open(); }

  [[nodiscard]] const std::string& server() const { return account_.server; }

 private:
  /// Nothing: the credentials are accepted. A Stall: they are not. Else the check itself failed.
  using Verdict = std::optional<base::Error>;

  struct Lacking {
    base::SteadyTime since;
    base::SteadyTime until;
  };

  base::Task<base::Done> recall();
  base::Task<Verdict> enter(std::stop_token stop);
  base::Task<Reading> exchange(Command command, std::stop_token stop);
  base::Task<base::Error> explainRefusal(Command command, Refusal refusal, std::stop_token stop);
  base::Task<Verdict> check(std::stop_token stop);
  base::Task<Verdict> showDomainsOnce(std::stop_token stop);
  base::Task<Verdict> judge(Reading reading);
  base::Task<base::Error> refuseAccount();
  base::Task<base::Done> keepLock();
  base::Error lackCommand(const Command& command);
  [[nodiscard]] bool isKnownToLack(const Command& command) const;

  base::Executor& executor_;
  http::Transport& transport_;
  Account account_;
  base::Secret authorization_;
  http::RequestBudget budget_;
  http::CircuitBreaker breaker_;
  LockOut lockOut_;
  http::SingleFlight<base::Done> recalls_;
  http::SingleFlight<Verdict> checks_;
  bool recalled_ = false;
  bool askedAgain_ = false;  ///< `tryAgain` came before we knew what the record says
  bool checking_ = false;
  bool blacklisted_ = false;  ///< some refusal since the last acceptance said so
  /// Reading and writing apart: a key was seen whose POST was refused while its GET of the same
  /// command was answered.
  std::map<std::pair<std::string_view, Effect>, Lacking> lacking_;
};

}  // namespace splitdelivery::mailserver::directadmin
