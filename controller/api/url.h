#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace splitdelivery::api {

/// Where a server listens. The only form in which the controller keeps a server's URL.
struct ServerUrl {
  std::string scheme;      ///< "https", or "http" to a loopback address
  std::string host;        ///< canonical: lower case, A-labels, an IPv6 address in brackets
  std::uint16_t port = 0;  ///< 0: none was written

  /// scheme://host:port, without the port when it is 0 or the scheme's own.
  [[nodiscard]] std::string text() const;
  /// scheme://host:port, always with a port: `fallback` when none was written.
  [[nodiscard]] std::string textWithPort(std::uint16_t fallback) const;

  friend bool operator==(const ServerUrl&, const ServerUrl&) = default;
};

/// Reads scheme://host[:port][/]. User names, paths and queries are refused, plain http to another
/// machine too (S12). Error: Refuse, "InvalidURL"; the message never repeats the text, which may
/// hold a password.
[[nodiscard]] base::Result<ServerUrl> parseServerUrl(std::string_view text);

/// Whether a canonical host is this machine: localhost, 127.0.0.0/8, [::1].
[[nodiscard]] bool isLoopback(std::string_view host);

}  // namespace splitdelivery::api
