#include "api/zoho_hosts.h"

#include <algorithm>

namespace splitdelivery::api {

const std::vector<ZohoHosts>& allZohoHosts() {
  static const std::vector<ZohoHosts> hosts{
      {"us", "https://accounts.zoho.com", "https://mail.zoho.com"},
      {"eu", "https://accounts.zoho.eu", "https://mail.zoho.eu"},
      {"in", "https://accounts.zoho.in", "https://mail.zoho.in"},
      {"au", "https://accounts.zoho.com.au", "https://mail.zoho.com.au"},
      {"jp", "https://accounts.zoho.jp", "https://mail.zoho.jp"},
      {"ca", "https://accounts.zohocloud.ca", "https://mail.zohocloud.ca"},
      {"cn", "https://accounts.zoho.com.cn", "https://mail.zoho.com.cn"},
      {"sa", "https://accounts.zoho.sa", "https://mail.zoho.sa"},
      {"uk", "https://accounts.zoho.uk", "https://mail.zoho.uk"},
      {"ae", "https://accounts.zoho.ae", "https://mail.zoho.ae"},
  };
  return hosts;
}

std::optional<ZohoHosts> zohoHosts(std::string_view dataCenter) {
  const auto& all = allZohoHosts();
  const auto found = std::ranges::find(all, dataCenter, &ZohoHosts::dataCenter);
  if (found == all.end()) return std::nullopt;
  return *found;
}

}  // namespace splitdelivery::api
