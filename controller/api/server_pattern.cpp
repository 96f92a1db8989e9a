#include "api/server_pattern.h"

#include <algorithm>

#include "api/url.h"
#include "base/text.h"

namespace splitdelivery::api {
namespace {

struct Place {
  std::string host;
  std::string port;
};

/// Of "host", "host:port", "[v6]" or "[v6]:port".
Place split(std::string_view text) {
  const auto bracket = text.rfind(']');
  const auto colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon == std::string_view::npos) return {std::string(text), {}};
  return {std::string(text.substr(0, colon)), std::string(text.substr(colon + 1))};
}

}  // namespace

base::Result<ServerPattern> ServerPattern::parse(std::string_view text) {
  ServerPattern pattern;
  std::string_view rest = text;
  if (rest.starts_with("*.")) {
    pattern.wildcard_ = true;
    rest.remove_prefix(2);
  }
  // A pattern that a URL could not hold would never match.
  const auto url = parseServerUrl("https://" + std::string(rest));
  if (!url || rest.find('/') != std::string_view::npos) {
    return base::fail(base::ErrorKind::Refuse, "InvalidServerPattern",
                      "must be a host such as eagle.mxlogin.com or *.mxlogin.com, with :PORT for that port alone");
  }
  pattern.host_ = (pattern.wildcard_ ? "." : "") + url->host;
  if (url->port != 0) pattern.port_ = std::to_string(url->port);
  return pattern;
}

bool ServerPattern::matches(std::string_view origin) const {
  const auto scheme = origin.find("://");
  if (scheme == std::string_view::npos) return false;
  Place place = split(origin.substr(scheme + 3));
  if (place.port.empty()) place.port = origin.starts_with("http:") ? "80" : "443";
  const bool host = wildcard_ ? place.host.size() > host_.size() && place.host.ends_with(host_) : place.host == host_;
  return host && (port_.empty() || port_ == place.port);
}

base::Result<std::vector<ServerPattern>> parseServerPatterns(std::string_view list) {
  std::vector<ServerPattern> patterns;
  for (;;) {
    const auto comma = list.find(',');
    auto pattern = ServerPattern::parse(base::trimmed(list.substr(0, comma), " "));
    if (!pattern) return tl::unexpected(std::move(pattern).error());
    patterns.push_back(std::move(*pattern));
    if (comma == std::string_view::npos) return patterns;
    list.remove_prefix(comma + 1);
  }
}

bool matchesAny(const std::vector<ServerPattern>& patterns, std::string_view origin) {
  return std::ranges::any_of(patterns, [&](const ServerPattern& pattern) { return pattern.matches(origin); });
}

}  // namespace splitdelivery::api
