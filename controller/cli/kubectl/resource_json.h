#pragma once

#include <iosfwd>
#include <nlohmann/json.hpp>
#include <vector>

#include "cli/kubectl/resources.h"

namespace splitdelivery::cli::kubectl {

/// The shapes of docs/cli.md.
[[nodiscard]] nlohmann::ordered_json resourceJson(const Resource& resource);
[[nodiscard]] nlohmann::ordered_json resourcesJson(const std::vector<Resource>& resources);

/// Indented, with a newline. JSON's own escapes keep control characters from the terminal.
void printJson(std::ostream& out, const nlohmann::ordered_json& json);

}  // namespace splitdelivery::cli::kubectl
