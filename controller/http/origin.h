#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace splitdelivery::http {

/// Where a request goes: "https://eagle.mxlogin.com:2222", taken apart.
struct Origin {
  bool tls = true;
  std::string host;  ///< lower case; an IPv6 address without its brackets
  std::uint16_t port = 0;

  /// "eagle.mxlogin.com:2222", for messages.
  [[nodiscard]] std::string place() const;
  /// "https://eagle.mxlogin.com:2222", the port always there: one text for one origin.
  [[nodiscard]] std::string text() const;
  /// Whether what is sent there never leaves the machine: 127.0.0.0/8, ::1, localhost.
  [[nodiscard]] bool loopback() const;
};

/// Scheme, host and optional port and nothing else; nothing when `text` is anything else (user and
/// password, a path, another scheme).
[[nodiscard]] std::optional<Origin> parseOrigin(std::string_view text);

}  // namespace splitdelivery::http
