#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/resource.h"

/// Whose a host name is, and how it is written in a message.
namespace splitdelivery::reconcile {

/// The host of spec.directAdmin.server, canonical; empty when it has none.
[[nodiscard]] std::string mailServerHost(const api::Spec& spec);

/// Whether a host certainly is the mail server: its name, a name below it, or, where it is one of
/// MXroute's, any of MXroute's (a server has a name under mxrouting.net and one under mxlogin.com).
[[nodiscard]] bool isMailServer(const api::Spec& spec, std::string_view host);

/// Whether a host is plausibly of the mail server's provider: besides those above, any in the domain
/// that the server's host lies in. A guess: good for a report, not for a hold.
[[nodiscard]] bool isNearMailServer(const api::Spec& spec, std::string_view host);

/// A host name out of DNS, for a message: "." for the null MX; what is no plain name is not repeated.
[[nodiscard]] std::string shownHost(std::string_view host);
/// The same, "a, b and c".
[[nodiscard]] std::string shownHosts(const std::vector<std::string>& hosts);

/// "add MX records for zoho.example.com: 10 mx.zoho.com, 20 mx2.zoho.com, 50 mx3.zoho.com".
[[nodiscard]] std::string mxToAdd(const api::Spec& spec);

}  // namespace splitdelivery::reconcile
