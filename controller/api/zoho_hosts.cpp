#include "api/zoho_hosts.h"

#include <algorithm>
#include <initializer_list>

#include "api/address.h"

namespace splitdelivery::api {
namespace {

bool hasSpfName(const ZohoHosts& hosts, std::string_view name) {
  return std::ranges::any_of(std::initializer_list<std::string_view>{hosts.spfInclude, hosts.spfAlso, hosts.mxDomain},
                             [name](std::string_view known) { return !known.empty() && liesWithin(name, known); });
}

}  // namespace

const std::vector<ZohoHosts>& allZohoHosts() {
  static const std::vector<ZohoHosts> hosts{
      {"us", "https://accounts.zoho.com", "https://mail.zoho.com", "zoho.com", true, "zohomail.com", "zoho.com"},
      {"eu", "https://accounts.zoho.eu", "https://mail.zoho.eu", "zoho.eu", true, "zohomail.eu"},
      {"in", "https://accounts.zoho.in", "https://mail.zoho.in", "zoho.in", true, "zoho.in", "zohomail.in"},
      {"au", "https://accounts.zoho.com.au", "https://mail.zoho.com.au", "zoho.com.au", true, "zohomail.com.au"},
      {"jp", "https://accounts.zoho.jp", "https://mail.zoho.jp", "zoho.jp", true, "zohomail.jp"},
      {"ca", "https://accounts.zohocloud.ca", "https://mail.zohocloud.ca", "zohocloud.ca", true, "zohocloud.ca"},
      {"cn", "https://accounts.zoho.com.cn", "https://mail.zoho.com.cn", "zoho.com.cn"},
      {"sa", "https://accounts.zoho.sa", "https://mail.zoho.sa", "zoho.sa"},
      {"uk", "https://accounts.zoho.uk", "https://mail.zoho.uk", "zoho.uk", false},
      {"ae", "https://accounts.zoho.ae", "https://mail.zoho.ae", "zoho.ae", false},
  };
  return hosts;
}

std::optional<ZohoHosts> zohoHosts(std::string_view dataCenter) {
  const auto& all = allZohoHosts();
  const auto found = std::ranges::find(all, dataCenter, &ZohoHosts::dataCenter);
  if (found == all.end()) return std::nullopt;
  return *found;
}

std::string_view mailDataCenter(std::string_view host) {
  const auto& all = allZohoHosts();
  const auto found =
      std::ranges::find_if(all, [host](const ZohoHosts& hosts) { return liesWithin(host, hosts.mxDomain); });
  return found == all.end() ? std::string_view() : found->dataCenter;
}

bool isSpfOf(const ZohoHosts& hosts, std::string_view name) {
  return hosts.spfInclude.empty() ? isZohosSpf(name) : hasSpfName(hosts, name);
}

bool isZohosSpf(std::string_view name) {
  return std::ranges::any_of(allZohoHosts(), [name](const ZohoHosts& hosts) { return hasSpfName(hosts, name); });
}

}  // namespace splitdelivery::api
