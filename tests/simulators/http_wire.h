#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "simulators/exchange.h"

namespace splitdelivery::simulators {

/// Reads HTTP/1.1 requests out of the bytes of one connection, one after the other.
///
/// Knows what our clients send: a Content-Length or no body at all. Anything else is broken, and the
/// connection is of no use any more.
class RequestReader {
 public:
  enum class State { NeedsMore, Ready, Broken };

  static constexpr std::size_t kHeadLimit = std::size_t{64} << 10U;
  static constexpr std::size_t kBodyLimit = std::size_t{1} << 20U;

  /// Takes bytes in (none: looks at what is left of the last time).
  State feed(std::string_view bytes);
  /// The request that made feed() say Ready; once for each.
  [[nodiscard]] Request take();
  /// Whether that request lets the connection live on.
  [[nodiscard]] bool keepsAlive() const { return keepsAlive_; }

 private:
  [[nodiscard]] State parse();
  [[nodiscard]] bool parseHead(std::string_view head);

  std::string buffer_;
  Request request_;
  std::size_t bodyLength_ = 0;
  bool hasHead_ = false;
  bool keepsAlive_ = true;
};

/// Status line and headers, up to and with the empty line. Without a length the body is chunked.
[[nodiscard]] std::string responseHead(const Reply& reply, std::optional<std::size_t> length, bool keepAlive);
[[nodiscard]] std::string chunk(std::string_view bytes);
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

}  // namespace splitdelivery::simulators
