#pragma once

#include <map>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "cli/env_source.h"
#include "reconcile/accounts.h"
#include "source/source.h"

namespace splitdelivery::cli {

/// The resources that the script's variables come to: one for each domain that both sides have, as `import-env`
/// prints it, and one for each that has forwarders of ours at these accounts, by an address book: its own passes tell
/// what is wrong where a side no longer has it. A domain that was there once stays until the process ends, whatever is
/// missing from a later answer.
///
/// A domain takes the name of its address book, whatever made that, and with it the book; a domain without one gets a
/// name that no other domain's book has. Lives on the executor.
class EnvResources {
 public:
  EnvResources(reconcile::Accounts& accounts, source::BookList& books, FromEnv from)
      : accounts_(accounts), bookList_(books), from_(std::move(from)) {}

  /// Asks both sides; gives all resources, with their Secrets. Error: as askBothSides, or Stall "NoSharedDomain".
  base::Task<base::Result<source::Snapshot>> look(std::stop_token stop);

 private:
  /// Once: nobody else writes there while we work.
  base::Task<base::Done> readBooks();
  void add(const std::string& domain);
  [[nodiscard]] api::Identity identityOf(const std::string& domain) const;
  [[nodiscard]] const source::NamedBook* bookOf(const std::string& domain) const;

  reconcile::Accounts& accounts_;
  source::BookList& bookList_;
  FromEnv from_;
  bool booksAreRead_ = false;
  std::vector<source::NamedBook> books_;  ///< of domains
  std::map<std::string, api::SplitDeliveryDomain> byDomain_;
  std::set<std::string> taken_;  ///< names, in the script's namespace
};

}  // namespace splitdelivery::cli
