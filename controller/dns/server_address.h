#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace splitdelivery::dns {

/// Where a resolver is asked. An address, never a name: who would resolve it?
struct ServerAddress {
  std::string host;  ///< "192.0.2.53" or "2001:db8::53"
  std::uint16_t port = 53;

  /// "192.0.2.53:53", "[2001:db8::53]:53": the port always there.
  [[nodiscard]] std::string text() const;

  friend bool operator==(const ServerAddress&, const ServerAddress&) = default;
};

/// Reads "192.0.2.53", "192.0.2.53:5353", "2001:db8::53" or "[2001:db8::53]:5353". An IPv6 address with a
/// zone ("fe80::1%eth0") is refused: c-ares 1.18 takes none.
[[nodiscard]] base::Result<ServerAddress> parseServerAddress(std::string_view text);

}  // namespace splitdelivery::dns
