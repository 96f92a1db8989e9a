#pragma once

#include <string_view>

#include "base/secret.h"

namespace splitdelivery::mailserver::directadmin {

/// The Authorization header's value for HTTP Basic (RFC 7617).
[[nodiscard]] base::Secret basicAuthorization(std::string_view user, const base::Secret& password);

}  // namespace splitdelivery::mailserver::directadmin
