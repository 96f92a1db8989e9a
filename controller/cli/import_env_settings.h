#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "api/resource.h"

namespace splitdelivery::cli {

/// What the split delivery script (Zoho-MXRoute-Split-Delivery) is told in its .env file, in our terms.
struct ScriptSettings {
  api::ZohoSpec zoho{};
  api::DirectAdminSpec directAdmin{};
  std::chrono::seconds interval{300};
  api::SecretObject zohoSecret{};
  api::SecretObject directAdminSecret{};
  std::vector<std::string> notes{};  ///< for the person: what was understood how; never with a secret
};

/// Reads CLIENT_ID, CLIENT_SECRET, ORGANIZATION_ID, USER_ID, PASSWORD and SERVER, which are required,
/// CRON_SCHEDULE, and DATA_CENTER, which the script does not have: it knows zoho.com alone, "us" here.
/// The resources and Secrets will be of the namespace "default". Error: everything that is missing or
/// wrong, a line each, never with a value.
[[nodiscard]] tl::expected<ScriptSettings, std::vector<std::string>> readScriptSettings(std::string_view envFile);

}  // namespace splitdelivery::cli
