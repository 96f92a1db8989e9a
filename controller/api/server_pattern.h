#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace splitdelivery::api {

/// Servers that something may go to (S19): "eagle.mxlogin.com", "*.mxlogin.com" (any name below it, not itself),
/// "10.0.0.7:2222", "[::1]". Without a port, every port.
class ServerPattern {
 public:
  /// Error: Refuse, "InvalidServerPattern".
  [[nodiscard]] static base::Result<ServerPattern> parse(std::string_view text);

  /// `origin` as the spec's URLs are kept: scheme://host[:port].
  [[nodiscard]] bool matches(std::string_view origin) const;

  friend bool operator==(const ServerPattern&, const ServerPattern&) = default;

 private:
  std::string host_;  ///< canonical; of a wildcard what comes behind "*", beginning with a dot
  bool wildcard_ = false;
  std::string port_;  ///< empty: every port
};

/// "eagle.mxlogin.com, *.example.com". Error: as above, naming the part.
[[nodiscard]] base::Result<std::vector<ServerPattern>> parseServerPatterns(std::string_view list);

[[nodiscard]] bool matchesAny(const std::vector<ServerPattern>& patterns, std::string_view origin);

}  // namespace splitdelivery::api
