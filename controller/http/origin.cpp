#include "http/origin.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/ascii.h"

namespace splitdelivery::http {

namespace {

std::optional<std::uint16_t> parsePort(std::string_view text) {
  std::uint16_t port = 0;
  const auto parsed = std::from_chars(text.begin(), text.end(), port);
  if (parsed.ec != std::errc{} || parsed.ptr != text.end() || port == 0) return std::nullopt;
  return port;
}

bool isIpv6(const std::string& host) {
  in6_addr address{};
  return inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

bool isHostName(std::string_view host) {
  return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
  });
}

/// Splits "host:port" or "[v6]:port"; the port with its colon, or nothing.
std::pair<std::string_view, std::string_view> splitPort(std::string_view authority) {
  const auto bracket = authority.rfind(']');
  const auto colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon == std::string_view::npos) return {authority, {}};
  return {authority.substr(0, colon), authority.substr(colon)};
}

}  // namespace

std::string Origin::place() const {
  const bool bracketed = host.find(':') != std::string::npos;
  return (bracketed ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::string Origin::text() const {
  return (tls ? "https://" : "http://") + place();
}

bool Origin::loopback() const {
  in_addr v4{};
  if (inet_pton(AF_INET, host.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24U) == IN_LOOPBACKNET;
  in6_addr v6{};
  if (inet_pton(AF_INET6, host.c_str(), &v6) == 1) return IN6_IS_ADDR_LOOPBACK(&v6);
  return host == "localhost";
}

std::optional<Origin> parseOrigin(std::string_view text) {
  const auto end = text.find("://");
  if (end == std::string_view::npos) return std::nullopt;
  const std::string scheme = base::lowered(text.substr(0, end));
  if (scheme != "http" && scheme != "https") return std::nullopt;

  Origin origin{scheme == "https", {}, static_cast<std::uint16_t>(scheme == "https" ? 443 : 80)};
  const auto [host, port] = splitPort(text.substr(end + 3));
  if (!port.empty()) {
    const auto number = parsePort(port.substr(1));
    if (!number) return std::nullopt;
    origin.port = *number;
  }
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    origin.host = base::lowered(host.substr(1, host.size() - 2));
    if (!isIpv6(origin.host)) return std::nullopt;
  } else {
    origin.host = base::lowered(host);
    if (!isHostName(origin.host)) return std::nullopt;
  }
  return origin;
}

}  // namespace splitdelivery::http
