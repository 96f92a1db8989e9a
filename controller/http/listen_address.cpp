#include "http/listen_address.h"

#include <charconv>
#include <cstdint>

#include "base/ascii.h"

namespace splitdelivery::http {

namespace ip = boost::asio::ip;

namespace {

/// Without brackets one could not tell where an IPv6 address ends and the port begins.
std::optional<ip::address> numberFrom(std::string_view host) {
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  boost::system::error_code malformed;
  const ip::address address = ip::make_address(std::string(host), malformed);
  if (malformed || address.is_v6() != bracketed) return std::nullopt;
  return address;
}

}  // namespace

std::optional<ListenAddress> parseListenAddress(std::string_view hostPort) {
  const std::size_t colon = hostPort.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view host = hostPort.substr(0, colon);
  const std::string_view digits = hostPort.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;

  if (host.empty()) return ListenAddress{ip::tcp::endpoint(ip::tcp::v6(), port), true};
  const auto address = numberFrom(host == "localhost" ? "127.0.0.1" : host);
  if (!address) return std::nullopt;
  return ListenAddress{ip::tcp::endpoint(*address, port), false};
}

bool isLocalHost(std::string_view hostHeader) {
  const std::size_t colon = hostHeader.rfind(':');
  const bool hasPort = colon != std::string_view::npos && hostHeader.find(']', colon) == std::string_view::npos;
  const std::string host = base::lowered(hostHeader.substr(0, hasPort ? colon : hostHeader.size()));
  return host == "localhost" || host.ends_with(".localhost") || numberFrom(host);
}

std::string formatEndpoint(const ip::tcp::endpoint& endpoint) {
  const std::string host = endpoint.address().to_string();
  return (endpoint.address().is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(endpoint.port());
}

}  // namespace splitdelivery::http
