#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "api/forwarder.h"
#include "base/executor.h"
#include "base/result.h"
#include "base/task.h"

namespace splitdelivery::mailserver {

/// Room on the account for forwarders. Unset: unlimited or unknown.
struct Limits {
  std::optional<std::uint32_t> forwarders{};  ///< how many the account may have in all
  std::optional<std::uint32_t> used{};
};

/// Another name of a domain on the mail server.
struct Pointer {
  std::string name;    ///< canonical domain
  bool alias = false;  ///< shares the mailboxes and forwarders of its domain

  friend bool operator==(const Pointer&, const Pointer&) = default;
};

/// What a server does with mail to addresses that it does not know.
struct CatchAll {
  enum class Kind : std::uint8_t { Fail, Blackhole, Address };
  Kind kind = Kind::Fail;
  std::string address{};  ///< Address only: as the server gives it, canonical where it is an address

  friend bool operator==(const CatchAll&, const CatchAll&) = default;
};

/// The port to a mail server's forwarders, with one account's credentials.
///
/// Reads come back whole or as an error, never in part. Error kinds:
///   Retry    the server or the way to it is in trouble
///   Wait     it asked us to come back later, or this account's breaker is open
///   Stall    credentials, or a command that they do not cover (reason "LoginKeyLacksCommand")
///   Refuse   this one operation was refused, nothing changed
///   Unclear  a write got no clear answer: list again and decide (S8)
/// Writes are harmless when they reach the server twice. A stop keeps a write from leaving; one that
/// is on its way is never cut off, for its effect would be unknown. A write's error says whether it
/// left at all (`neverSent`). Only reconcile's write gate calls them (S6).
class ForwarderStore {
 public:
  ForwarderStore() = default;
  ForwarderStore(const ForwarderStore&) = delete;
  ForwarderStore& operator=(const ForwarderStore&) = delete;
  virtual ~ForwarderStore() = default;

  /// The domains that the account may change, canonical and sorted.
  virtual base::Task<base::Result<std::vector<std::string>>> domains(std::stop_token stop) = 0;

  virtual base::Task<base::Result<api::Forwarders>> list(std::string domain, std::stop_token stop) = 0;

  /// Local parts that have a mailbox of their own, canonical and sorted.
  virtual base::Task<base::Result<std::vector<std::string>>> mailboxes(std::string domain, std::stop_token stop) = 0;

  virtual base::Task<base::Result<Limits>> limits(std::stop_token stop) = 0;

  // What a login key may lack without harm to the forwarders ("LoginKeyLacksCommand", then not asked
  // again for an hour).

  /// Whether the server takes the domain's mail for its own ("use this server to handle my e-mails").
  virtual base::Task<base::Result<bool>> localDelivery(std::string domain, std::stop_token stop) = 0;
  virtual base::Task<base::Result<CatchAll>> catchAll(std::string domain, std::stop_token stop) = 0;
  virtual base::Task<base::Result<std::vector<Pointer>>> pointers(std::string domain, std::stop_token stop) = 0;

  /// Turns that switch. A write like those below.
  virtual base::Task<base::Result<base::Done>> setLocalDelivery(std::string domain, bool on, std::stop_token stop) = 0;

  virtual base::Task<base::Result<base::Done>> create(std::string domain, api::Forwarder forwarder,
                                                      std::stop_token stop) = 0;

  /// Replaces all destinations of an existing forwarder, without a gap. Not sent after `notAfter`,
  /// when the listing behind it has become too old (Retry "ListingTooOld").
  virtual base::Task<base::Result<base::Done>> replace(std::string domain, api::Forwarder forwarder,
                                                       base::SteadyTime notAfter, std::stop_token stop) = 0;

  /// Removes forwarders by the names the server gave them (`Forwarder::name`), at most
  /// `deleteBatch()` at a time, not after `notAfter`.
  virtual base::Task<base::Result<base::Done>> remove(std::string domain, std::vector<std::string> names,
                                                      base::SteadyTime notAfter, std::stop_token stop) = 0;

  [[nodiscard]] virtual std::size_t deleteBatch() const = 0;

  /// A person asked for another try: an account that is shut out is probed with the next request, and
  /// commands that its key lacked are asked for again, neither more than once in 30 s.
  virtual void tryAgain() = 0;

  /// Whether nothing is asked of this account now but a probe, for its credentials were refused.
  [[nodiscard]] virtual bool shutOut() const = 0;
};

}  // namespace splitdelivery::mailserver
