#pragma once

#include <optional>
#include <string>

#include "api/resource.h"
#include "base/executor.h"
#include "cli/kubectl/resources.h"

namespace splitdelivery::cli::kubectl {

/// "3m ago (2026-11-27T10:00:00Z)"; "never".
[[nodiscard]] std::string timeText(std::optional<base::WallTime> time, base::WallTime now);
/// "3m ago"; "never"; of what lies in the future "now".
[[nodiscard]] std::string agoText(std::optional<base::WallTime> time, base::WallTime now);
/// "mail/d0  d0.example.com, policy Sync, suspended"
[[nodiscard]] std::string headlineOf(const Resource& resource);
/// "Synced: 20 addresses are forwarded"; what it means when there is no such condition.
[[nodiscard]] std::string conditionText(const Resource& resource, std::string_view type);
/// What a person should know of a resource before anything that is said of it: each a sentence.
[[nodiscard]] std::vector<std::string> caveatsOf(const Session& session, const Resource& resource);

}  // namespace splitdelivery::cli::kubectl
