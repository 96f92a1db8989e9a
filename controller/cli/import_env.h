#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "api/directory.h"
#include "api/forwarder.h"
#include "cli/import_env_settings.h"
#include "reconcile/accounts.h"

namespace splitdelivery::cli {

/// One domain that the server hosts and Zoho's organisation has.
struct ImportedDomain {
  std::string name;
  std::optional<api::Forwarders> forwarders{};
  std::optional<std::vector<std::string>> mailboxes{};
  std::optional<base::Error> error{};  ///< why one of the two is missing
};

/// What both systems say to who has the script's credentials.
struct ImportFindings {
  std::shared_ptr<const api::Listing> listing{};
  /// What the script sees of it: the first page of the users and of the groups, sorted. None: not known.
  std::optional<std::vector<api::Address>> seenByScript{};
  std::vector<std::string> hosted{};      ///< every domain of the server's account, sorted
  std::vector<ImportedDomain> domains{};  ///< those that Zoho has too, sorted by name
};

/// What `import-env` prints.
struct ImportResult {
  std::string yaml;    ///< for standard output: Secrets, in the clear, and resources, ready to be saved
  std::string report;  ///< for standard error: what the script did, and what will be left alone
};

/// Documents and report. Pure.
[[nodiscard]] ImportResult describeImport(const ScriptSettings& settings, const ImportFindings& findings);

/// Asks Zoho and the mail server; only reads. Error: one of them cannot be asked at all, or Zoho's list
/// of domains cannot be read.
base::Task<base::Result<ImportFindings>> gatherImport(reconcile::Accounts& accounts, ScriptSettings settings,
                                                      std::stop_token stop);

/// Both.
base::Task<base::Result<ImportResult>> importEnv(reconcile::Accounts& accounts, ScriptSettings settings,
                                                 std::stop_token stop);

}  // namespace splitdelivery::cli
