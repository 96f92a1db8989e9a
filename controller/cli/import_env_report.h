#pragma once

#include <string>

#include "cli/import_env.h"

namespace splitdelivery::cli {

/// What the script had missed, what it would delete, and what will be left alone, for a person. Pure.
///
/// What the script does is known from its source: it asks Zoho for users and groups without a page,
/// which gives the first ten; wants u@d → u@zoho.d for each of those whose domain the server hosts;
/// and deletes every forwarder whose destination contains "@zoho." and is not among these
/// destinations, on every domain of the server.
[[nodiscard]] std::string importReport(const ScriptSettings& settings, const ImportFindings& findings);

}  // namespace splitdelivery::cli
