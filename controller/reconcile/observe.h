#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "api/directory.h"
#include "api/forwarder.h"
#include "reconcile/accounts.h"

namespace splitdelivery::reconcile {

/// What one pass saw. Whatever could not be seen says why.
struct Observation {
  std::shared_ptr<const api::Listing> listing{};  ///< null: `zohoError` says why, or it was not asked
  /// That Zoho receives mail for at the resource's domain, sorted by local part (mirror.h).
  std::vector<api::ZohoAddress> addresses{};
  std::optional<base::Error> zohoError{};
  std::optional<api::Forwarders> forwarders{};  ///< none: `serverError` says why, or Zoho was in the way
  base::SteadyTime listedAt{};                  ///< of `forwarders`
  std::optional<base::Error> serverError{};
  std::optional<bool> hosted{};  ///< whether the credentials list the domain on the server; none: not known
  std::optional<std::vector<std::string>> mailboxes{};  ///< local parts, sorted; none: `mailboxError` says why
  std::optional<base::Error> mailboxError{};

  /// Whether there is enough to plan on.
  [[nodiscard]] bool plannable() const { return listing != nullptr && forwarders.has_value(); }
};

/// Forwarders to the routing host whose address Zoho does not have, ours or not; 0 where its listing is
/// not complete. Those in spec.addresses.extra do not count: who names them knows better.
[[nodiscard]] std::size_t staleForwarders(const api::Spec& spec, const Observation& seen);

/// Local parts whose forwarders a listing is expected to show, sorted.
using Expected = std::vector<std::string>;

/// The forwarders of a domain. What a listing does not show leaves our ledger, so one that lacks
/// something expected is asked for a second time: when the two agree it is gone, else the server
/// contradicts itself (Retry "ListingContradictsItself") and nothing is concluded.
base::Task<base::Result<api::Forwarders>> listForwarders(mailserver::ForwarderStore& store, std::string domain,
                                                         Expected expected, std::stop_token stop);

/// Zoho's half: it is asked first, and where it cannot be read the mail server is not asked.
base::Task<Observation> observeZoho(zoho::Organization& organization, api::Spec spec, std::stop_token stop);

/// Adds the domain's mailboxes to `seen`, or why they could not be listed. `seen` outlives the task.
base::Task<base::Done> observeMailboxes(MailAccount& account, std::string domain, Observation& seen,
                                        std::stop_token stop);

/// Adds the mail server's half to `seen`: that the account has the domain, `withMailboxes` its mailboxes,
/// and last its forwarders, so that their listing is fresh when writes begin. `seen` outlives the task.
base::Task<base::Done> observeServer(base::Executor& executor, MailAccount& account, std::string domain,
                                     bool withMailboxes, Expected expected, Observation& seen, std::stop_token stop);

}  // namespace splitdelivery::reconcile
