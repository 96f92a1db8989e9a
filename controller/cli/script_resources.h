#pragma once

#include <memory>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "api/directory.h"
#include "cli/import_env_settings.h"
#include "reconcile/accounts.h"

/// What the script's variables describe: two accounts, and a resource for each domain that both have. `import-env`
/// prints it, `--from-env` works with it.
namespace splitdelivery::cli {

/// The two accounts of the script.
struct ScriptAccounts {
  zoho::Organization* organization;
  reconcile::MailAccount* mail;
};

/// Error: as reconcile::Accounts.
[[nodiscard]] base::Result<ScriptAccounts> scriptAccounts(reconcile::Accounts& accounts,
                                                          const ScriptSettings& settings);

/// Which domains both sides have.
struct BothSides {
  std::shared_ptr<const api::Listing> listing{};
  std::vector<std::string> hosted{};   ///< every domain of the server's account, sorted
  std::vector<std::string> domains{};  ///< those that Zoho's organisation has too, sorted
};

/// Asks Zoho and the mail server; only reads. `of` outlives the task. Error: one of them cannot be asked, or Zoho's
/// list of domains cannot be read.
base::Task<base::Result<BothSides>> askBothSides(ScriptAccounts of, std::stop_token stop);

/// Both Secrets.
[[nodiscard]] reconcile::Accounts::Secrets scriptSecrets(const ScriptSettings& settings);

/// The resource of one domain, which takes over what the script made (`splitdelivery.dev/adopt`). Its name is none of
/// `taken`, and is added there.
[[nodiscard]] api::SplitDeliveryDomain scriptResource(const std::string& domain, const ScriptSettings& settings,
                                                      api::Policy policy, std::set<std::string>& taken);

}  // namespace splitdelivery::cli
