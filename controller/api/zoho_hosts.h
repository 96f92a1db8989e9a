#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace splitdelivery::api {

/// The two hosts of one of Zoho's data centres, as https:// URLs.
/// Source: zoho.com/accounts/protocol/oauth/multi-dc and the samples of zoho.com/mail/help/api.
struct ZohoHosts {
  std::string_view dataCenter;
  std::string_view accountsUrl;
  std::string_view mailUrl;
};

/// us eu in au jp ca cn sa uk ae; none for another word.
[[nodiscard]] std::optional<ZohoHosts> zohoHosts(std::string_view dataCenter);
[[nodiscard]] const std::vector<ZohoHosts>& allZohoHosts();

}  // namespace splitdelivery::api
