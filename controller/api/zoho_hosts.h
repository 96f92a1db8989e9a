#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace splitdelivery::api {

/// What there is to know of one of Zoho's data centres: its two hosts as https:// URLs, and what DNS
/// says of its mail.
///
/// Sources: zoho.com/accounts/protocol/oauth/multi-dc and the samples of zoho.com/mail/help/api for the
/// hosts, live zones for MX and SPF. Zoho's mail servers are mx, mx2 and mx3 of `mxDomain`.
struct ZohoHosts {
  std::string_view dataCenter;
  std::string_view accountsUrl;
  std::string_view mailUrl;
  std::string_view mxDomain;
  bool mxProven = true;  ///< false: `mxDomain` follows the pattern of the others, nobody has seen it for certain
  std::string_view spfInclude{};  ///< what SPF records include; empty: not known
  std::string_view spfAlso{};     ///< another one in use; empty: none
};

/// us eu in au jp ca cn sa uk ae; none for another word.
[[nodiscard]] std::optional<ZohoHosts> zohoHosts(std::string_view dataCenter);
[[nodiscard]] const std::vector<ZohoHosts>& allZohoHosts();

/// The data centre whose mail servers `host` (canonical) is one of; empty: it is none of Zoho's.
[[nodiscard]] std::string_view mailDataCenter(std::string_view host);

/// Whether an SPF record that includes `name` speaks of this data centre's mail. Where its own names
/// are not known, any of Zoho's will do.
[[nodiscard]] bool isSpfOf(const ZohoHosts& hosts, std::string_view name);
/// Whether `name` is in use for the SPF of any data centre.
[[nodiscard]] bool isZohosSpf(std::string_view name);

}  // namespace splitdelivery::api
