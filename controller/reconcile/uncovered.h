#pragma once

#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "reconcile/accounts.h"
#include "source/source.h"

namespace splitdelivery::reconcile {

/// A domain that one of our mail server accounts hosts and that no resource is about.
struct UncoveredDomain {
  std::string domain;   ///< canonical
  api::ObjectKey like;  ///< the resource whose accounts have it
  bool atZoho = false;  ///< the organisation of `like` has it too; else none of the account's organisations has

  friend bool operator==(const UncoveredDomain&, const UncoveredDomain&) = default;
};

/// An account that could not be asked, so that domains may be missing.
struct UnaskedAccount {
  api::ObjectKey of;  ///< the first resource that uses it
  base::Error error;
};

struct Uncovered {
  std::vector<UncoveredDomain> domains{};  ///< sorted by name, each once
  std::vector<UnaskedAccount> unasked{};
  std::set<api::ObjectKey> unlisted{};  ///< resources whose mail server account could not be asked
  std::set<std::string> undecided{};    ///< hosted, and an organisation that may have them could not be asked

  /// Whether nothing is known of a domain that was once found at the accounts of `like`.
  [[nodiscard]] bool leavesOpen(const std::string& domain, const api::ObjectKey& like) const {
    return unlisted.contains(like) || undecided.contains(domain);
  }
};

/// Asks every mail server account in use for its domains, once, and the organisations for theirs where
/// there is a domain to ask for. Only reads. Resources that are suspended cover their domain too.
base::Task<Uncovered> findUncovered(Accounts& accounts, source::Snapshot snapshot, std::stop_token stop);

}  // namespace splitdelivery::reconcile
