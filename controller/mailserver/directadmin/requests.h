#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "api/forwarder.h"
#include "http/transport.h"
#include "mailserver/directadmin/form.h"

namespace splitdelivery::mailserver::directadmin {

enum class Effect : std::uint8_t { Read, Write };

/// One call of the legacy API, before it knows its server.
///
/// Reads are a GET; writes are a POST with a form body. The API twins (CMD_API_…) are used
/// throughout: a login key may get a 404 for the page of the same name.
struct Command {
  std::string_view name;  ///< what a login key must allow; one of the constants below, a metric's label
  std::string domain{};   ///< canonical; empty: the command is about the account
  std::string about{};    ///< for messages: "the forwarders of example.com"
  FormFields fields{};
  Effect effect = Effect::Read;
  /// A key may lack it without harm to the forwarders: then it is not asked for again for an hour.
  bool optional = false;
  bool lines = false;  ///< its form answer has a line for each record, and what is asked for on another
};

inline constexpr std::string_view kShowDomains = "CMD_API_SHOW_DOMAINS";
inline constexpr std::string_view kShowUserConfig = "CMD_API_SHOW_USER_CONFIG";
inline constexpr std::string_view kShowUserUsage = "CMD_API_SHOW_USER_USAGE";
inline constexpr std::string_view kForwarders = "CMD_API_EMAIL_FORWARDERS";
inline constexpr std::string_view kMailboxes = "CMD_API_POP";
inline constexpr std::string_view kMailRouting = "CMD_API_DNS_MX";
inline constexpr std::string_view kCatchAll = "CMD_API_EMAIL_CATCH_ALL";
inline constexpr std::string_view kPointers = "CMD_API_DOMAIN_POINTER";

[[nodiscard]] Command showDomains();
[[nodiscard]] Command showUserConfig();
[[nodiscard]] Command showUserUsage();
[[nodiscard]] Command listForwarders(const std::string& domain);
[[nodiscard]] Command listMailboxes(const std::string& domain);
[[nodiscard]] Command showMailRouting(const std::string& domain);
[[nodiscard]] Command showCatchAll(const std::string& domain);
[[nodiscard]] Command listPointers(const std::string& domain);
/// "Use this server to handle my e-mails". Idempotent by nature.
[[nodiscard]] Command setInternal(const std::string& domain, bool internal);
[[nodiscard]] Command createForwarder(const std::string& domain, const api::Forwarder& forwarder);
/// Replaces all destinations of the forwarder that the server knows as `name` (or else `local`).
[[nodiscard]] Command modifyForwarder(const std::string& domain, const api::Forwarder& forwarder);
/// `select0=…&select1=…`: with `user=` instead a server deletes nothing and reports success.
[[nodiscard]] Command deleteForwarders(const std::string& domain, const std::vector<std::string>& names);

/// `json=yes` stands in the query: older versions ignore it elsewhere, and without it a forwarder
/// named `error` cannot be told from an error.
[[nodiscard]] http::Request toRequest(const Command& command, const std::string& server,
                                      const base::Secret& authorization);

}  // namespace splitdelivery::mailserver::directadmin
