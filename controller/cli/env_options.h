#pragma once

#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "cli/options.h"

namespace CLI {  // NOLINT(readability-identifier-naming): the library's
class App;
}

namespace splitdelivery::cli {

/// --from-env, --policy and --approved-plan, of plan, sync and run.
void addEnvOptions(CLI::App& command, EnvFlags& flags);

/// What the flags and the environment come to; none without --from-env. Error: what is missing, wrong or in
/// contradiction, a line each, never with a value.
[[nodiscard]] tl::expected<std::optional<FromEnv>, std::vector<std::string>> readFromEnv(
    const EnvFlags& flags, const std::string& manifests, const char* const* environment);

}  // namespace splitdelivery::cli
