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
  std::string name;      ///< what a login key must allow
  std::string domain{};  ///< canonical; empty: the command is about the account
  std::string about{};   ///< for messages: "the forwarders of example.com"
  FormFields fields{};
  Effect effect = Effect::Read;
};

inline constexpr std::string_view kShowDomains = "CMD_API_SHOW_DOMAINS";

[[nodiscard]] Command showDomains();
[[nodiscard]] Command showUserConfig();
[[nodiscard]] Command showUserUsage();
[[nodiscard]] Command listForwarders(const std::string& domain);
[[nodiscard]] Command listMailboxes(const std::string& domain);
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
