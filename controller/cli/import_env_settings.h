#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "api/resource.h"
#include "source/folder/env_file.h"

namespace splitdelivery::cli {

/// What the split delivery script (Zoho-MXRoute-Split-Delivery) is told in its variables, in our terms.
struct ScriptSettings {
  api::ZohoSpec zoho{};
  api::DirectAdminSpec directAdmin{};
  std::chrono::seconds interval{300};
  api::SecretObject zohoSecret{};
  api::SecretObject directAdminSecret{};
  std::vector<std::string> notes{};  ///< for the person: what was understood how; never with a secret
};

/// Where the script's variables stand.
enum class EnvOrigin {
  File,         ///< its .env file: each variable there is meant for it
  Environment,  ///< our own environment, which has others' variables too
};

/// Reads CLIENT_ID, CLIENT_SECRET, ORGANIZATION_ID, USER_ID, PASSWORD and SERVER, which are required,
/// CRON_SCHEDULE, and what the script does not have: DATA_CENTER, ZOHO_ACCOUNTS_URL and ZOHO_MAIL_URL (it knows
/// zoho.com alone, "us" here). A schedule that is no plain interval is noted in a file, whose reader looks at the
/// result first, and an error in the environment. The resources and Secrets will be of the namespace "default".
/// Error: everything that is missing or wrong, a line each, never with a value.
[[nodiscard]] tl::expected<ScriptSettings, std::vector<std::string>> readScriptSettings(
    source::folder::EnvFile variables, EnvOrigin origin);

/// The same of a .env file's text.
[[nodiscard]] tl::expected<ScriptSettings, std::vector<std::string>> readScriptSettings(std::string_view envFile);

/// The script's variables out of an environment, "NAME=value" each, without the blanks around a value. What
/// docker's --env-file makes of a line that is meant for a shell is noted: quotes, which are taken off, and comments.
[[nodiscard]] source::folder::EnvFile scriptVariables(const char* const* environment);

}  // namespace splitdelivery::cli
