#pragma once

#include <map>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "cli/import_env_settings.h"
#include "reconcile/accounts.h"
#include "source/source.h"

namespace splitdelivery::cli {

/// What --from-env works with instead of documents.
struct FromEnv {
  ScriptSettings settings;
  api::Policy policy = api::Policy::Observe;
  std::string approvedPlan{};  ///< the id of a held plan, for the domain whose it is; empty: none
};

/// The resources that the script's variables come to: one for each domain that both sides have, as `import-env`
/// prints it. A domain that was there once stays until the process ends, whatever is missing from a later answer.
///
/// A domain keeps its name, and with it its address book, over restarts: a name whose book is about another domain is
/// passed over. Lives on the executor.
class EnvResources {
 public:
  EnvResources(reconcile::Accounts& accounts, source::BookStore& books, FromEnv from)
      : accounts_(accounts), books_(books), from_(std::move(from)) {}

  /// Asks both sides; gives all resources, with their Secrets. Error: as askBothSides, or Stall "NoSharedDomain".
  base::Task<base::Result<source::Snapshot>> look(std::stop_token stop);

 private:
  base::Task<base::Done> add(std::vector<std::string> domains);

  reconcile::Accounts& accounts_;
  source::BookStore& books_;
  FromEnv from_;
  std::map<std::string, api::SplitDeliveryDomain> byDomain_;
  std::set<std::string> taken_;
};

}  // namespace splitdelivery::cli
