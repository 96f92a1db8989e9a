#include "dns/server_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <charconv>
#include <optional>

namespace splitdelivery::dns {
namespace {

bool isIpv4(const std::string& host) {
  in_addr address{};
  return inet_pton(AF_INET, host.c_str(), &address) == 1;
}

bool isIpv6(const std::string& host) {
  in6_addr address{};
  return inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

std::optional<std::uint16_t> parsePort(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

/// "[2001:db8::53]" or "[2001:db8::53]:5353".
std::optional<ServerAddress> parseBracketed(std::string_view text) {
  const auto bracket = text.find(']');
  if (bracket == std::string_view::npos) return std::nullopt;
  ServerAddress address{.host = std::string(text.substr(1, bracket - 1))};
  if (!isIpv6(address.host)) return std::nullopt;
  const auto rest = text.substr(bracket + 1);
  if (rest.empty()) return address;
  const auto port = parsePort(rest.substr(1));
  if (rest.front() != ':' || !port) return std::nullopt;
  address.port = *port;
  return address;
}

std::optional<ServerAddress> parse(std::string_view text) {
  // A C string would end at a NUL, and what stands behind it would go unread.
  if (text.empty() || text.find('\0') != std::string_view::npos) return std::nullopt;
  if (text.front() == '[') return parseBracketed(text);
  if (isIpv6(std::string(text))) return ServerAddress{.host = std::string(text)};
  const auto colon = text.find(':');
  ServerAddress address{.host = std::string(text.substr(0, colon))};
  if (!isIpv4(address.host)) return std::nullopt;
  if (colon == std::string_view::npos) return address;
  const auto port = parsePort(text.substr(colon + 1));
  if (!port) return std::nullopt;
  address.port = *port;
  return address;
}

}  // namespace

std::string ServerAddress::text() const {
  const bool bracketed = host.find(':') != std::string::npos;
  return (bracketed ? '[' + host + ']' : host) + ':' + std::to_string(port);
}

base::Result<ServerAddress> parseServerAddress(std::string_view text) {
  if (auto address = parse(text)) return *address;
  return base::fail(base::ErrorKind::Stall, "InvalidAddress",
                    "the DNS server \"" + std::string(text) +
                        "\" cannot be used: give its IP address, with a port or without, such as 192.0.2.53:53 or "
                        "[2001:db8::53]:53; a host name will not do");
}

}  // namespace splitdelivery::dns
