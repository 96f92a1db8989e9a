#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace splitdelivery::api {

/// Decodes standard base64 (RFC 4648, section 4) with its padding, as Kubernetes does for the data
/// of a Secret: line ends are skipped, anything else outside the alphabet is refused.
[[nodiscard]] std::optional<std::string> decodeBase64(std::string_view text);

}  // namespace splitdelivery::api
