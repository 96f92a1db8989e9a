#pragma once

#include <cstdint>
#include <optional>

#include "mailserver/directadmin/answer.h"

namespace splitdelivery::mailserver::directadmin {

/// The number of forwarders (`nemailf`) that CMD_API_SHOW_USER_CONFIG allows, or that
/// CMD_API_SHOW_USER_USAGE counts. Nothing for "unlimited", and for anything that is no number.
[[nodiscard]] std::optional<std::uint32_t> parseForwarderCount(const Answer& answer);

}  // namespace splitdelivery::mailserver::directadmin
