#include "api/url.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "api/address.h"

namespace splitdelivery::api {
namespace {

tl::unexpected<base::Error> refuse(std::string message) {
  return base::fail(base::ErrorKind::Refuse, "InvalidURL", std::move(message));
}

std::uint16_t schemePort(std::string_view scheme) {
  return scheme == "https" ? 443 : 80;
}

std::optional<std::uint16_t> parsePort(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

/// The one spelling of an IPv6 address: "::1" and "0:0:0:0:0:0:0:1" are the same server.
std::optional<std::string> canonicalIpv6(const std::string& text) {
  in6_addr address{};
  if (inet_pton(AF_INET6, text.c_str(), &address) != 1) return std::nullopt;
  std::array<char, INET6_ADDRSTRLEN> spelled{};
  inet_ntop(AF_INET6, &address, spelled.data(), spelled.size());
  return "[" + std::string(spelled.data()) + "]";
}

bool isIpv4(const std::string& text) {
  in_addr address{};
  return inet_pton(AF_INET, text.c_str(), &address) == 1;
}

/// A name without a dot is a machine of the local network, or a Service of the cluster.
bool isSingleLabel(std::string_view text) {
  const bool plain =
      std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
  const bool letters = text.find_first_not_of("0123456789-") != std::string_view::npos;
  return plain && letters && text.size() <= 63 && text.front() != '-' && text.back() != '-';
}

base::Result<std::string> canonicalHost(std::string_view raw) {
  const std::string text = canonicalLocal(raw);
  if (text.empty()) return refuse("must name a host, such as https://eagle.mxlogin.com:2222");
  if (isIpv4(text) || isSingleLabel(text)) return text;
  auto domain = canonicalDomain(text);
  if (!domain) return refuse("must name a valid host: it " + domain.error().message);
  return domain;
}

/// Splits "host:port" or "[v6]:port".
base::Result<ServerUrl> parseAuthority(std::string scheme, std::string_view authority) {
  ServerUrl url{std::move(scheme), {}, 0};
  std::string_view port;
  if (authority.starts_with('[')) {
    const auto close = authority.find(']');
    auto host =
        close == std::string_view::npos ? std::nullopt : canonicalIpv6(std::string(authority.substr(1, close - 1)));
    if (!host) return refuse("must have a valid IPv6 address between [ and ]");
    url.host = std::move(*host);
    port = authority.substr(close + 1);
  } else {
    const auto colon = authority.find(':');
    auto host = canonicalHost(authority.substr(0, colon));
    if (!host) return tl::unexpected(host.error());
    url.host = std::move(*host);
    if (colon != std::string_view::npos) port = authority.substr(colon);
  }
  if (port.empty()) return url;
  const auto number = port.starts_with(':') ? parsePort(port.substr(1)) : std::nullopt;
  if (!number) return refuse("must have a port between 1 and 65535 behind its last colon, or none");
  url.port = *number;
  return url;
}

}  // namespace

std::string ServerUrl::text() const {
  return port == 0 || port == schemePort(scheme) ? scheme + "://" + host : textWithPort(port);
}

std::string ServerUrl::textWithPort(std::uint16_t fallback) const {
  return scheme + "://" + host + ":" + std::to_string(port == 0 ? fallback : port);
}

bool isLoopback(std::string_view host) {
  return host == "localhost" || host == "[::1]" || (host.starts_with("127.") && isIpv4(std::string(host)));
}

base::Result<ServerUrl> parseServerUrl(std::string_view text) {
  const auto separator = text.find("://");
  if (separator == std::string_view::npos) return refuse("must start with https://");
  std::string scheme = canonicalLocal(text.substr(0, separator));
  if (scheme != "https" && scheme != "http") return refuse("must start with https://");
  auto authority = text.substr(separator + 3);
  if (authority.ends_with('/')) authority.remove_suffix(1);
  if (authority.find('@') != std::string_view::npos) {
    return refuse("must hold no user name and no password: they belong into the Secret");
  }
  if (authority.find_first_of("/?#") != std::string_view::npos) {
    return refuse("must end after host and port: leave out the path");
  }
  auto url = parseAuthority(std::move(scheme), authority);
  if (url && url->scheme == "http" && !isLoopback(url->host)) {
    return refuse("must be https: plain http would show the credentials to the network and is for this machine only");
  }
  return url;
}

}  // namespace splitdelivery::api
