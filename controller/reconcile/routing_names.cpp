#include "reconcile/routing_names.h"

#include <algorithm>
#include <array>

#include "api/address.h"
#include "api/url.h"
#include "api/zoho_hosts.h"

namespace splitdelivery::reconcile {
namespace {

using api::liesWithin;

// DirectAdmin's and the mail's names of MXroute's servers.
constexpr std::array<std::string_view, 2> kMxroute{"mxrouting.net", "mxlogin.com"};

bool isMxroute(std::string_view host) {
  return std::ranges::any_of(kMxroute, [host](std::string_view domain) { return liesWithin(host, domain); });
}

bool isAddress(std::string_view host) {
  return host.find(':') != std::string_view::npos || host.find_first_not_of("0123456789.") == std::string_view::npos;
}

/// The domain that a server's host lies in; empty where that may be a registry's (co.uk, com.au), in
/// which half the country lies.
std::string_view parentDomain(std::string_view host) {
  if (isAddress(host)) return {};
  const auto dot = host.find('.');
  if (dot == std::string_view::npos) return {};
  const std::string_view parent = host.substr(dot + 1);
  const auto last = parent.rfind('.');
  if (last == std::string_view::npos) return {};
  const bool registry = parent.find('.') == last && last <= 3 && parent.size() - last - 1 == 2;
  return registry ? std::string_view() : parent;
}

bool isPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

}  // namespace

std::string mailServerHost(const api::Spec& spec) {
  auto url = api::parseServerUrl(spec.directAdmin.server);
  return url ? std::move(url->host) : std::string();
}

bool isMailServer(const api::Spec& spec, std::string_view host) {
  const std::string server = mailServerHost(spec);
  if (server.empty()) return false;
  return liesWithin(host, server) || (isMxroute(server) && isMxroute(host));
}

bool isNearMailServer(const api::Spec& spec, std::string_view host) {
  if (isMailServer(spec, host)) return true;
  const std::string server = mailServerHost(spec);
  const std::string_view parent = parentDomain(server);
  return !parent.empty() && liesWithin(host, parent);
}

std::string shownHost(std::string_view host) {
  if (host.empty()) return "\".\" (the null MX)";
  return std::ranges::all_of(host, isPlain) ? std::string(host) : "a host with an odd name";
}

std::string shownHosts(const std::vector<std::string>& hosts) {
  std::string text;
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    if (i > 0) text += i + 1 == hosts.size() ? " and " : ", ";
    text += shownHost(hosts[i]);
  }
  return text;
}

std::string mxToAdd(const api::Spec& spec) {
  const auto hosts = api::zohoHosts(spec.zoho.dataCenter);
  if (!hosts || !hosts->mxProven) {
    return "add the MX records that Zoho's admin console shows for " + spec.domain + " to " + spec.routingHost +
           (hosts ? " (likely mx." + std::string(hosts->mxDomain) + ")" : "");
  }
  const std::string domain(hosts->mxDomain);
  return "add MX records for " + spec.routingHost + ": 10 mx." + domain + ", 20 mx2." + domain + ", 50 mx3." + domain;
}

}  // namespace splitdelivery::reconcile
