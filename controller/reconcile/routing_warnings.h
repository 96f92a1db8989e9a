#pragma once

#include <string_view>
#include <vector>

#include "api/directory.h"
#include "api/resource.h"
#include "reconcile/routing_check.h"
#include "reconcile/server_settings.h"

namespace splitdelivery::reconcile {

/// What both sides' settings do to mail that nobody has an address for, and to the forwarders:
///
///  - local delivery off: the mail server refuses the domain's mail ("Relay not permitted") before it
///    looks at a forwarder. Under Ensure the pass turns it on itself, so nothing is said;
///  - a catch-all on the mail server that leads to the routing host: every mistyped address goes to
///    Zoho, and comes back where Zoho passes unknown users on;
///  - a catch-all at Zoho: it may take the mail of the mail server's own mailboxes, whether Zoho receives
///    first or its users write to them;
///  - forwarders for addresses that Zoho lacks, where Zoho receives first and passes unknown users on:
///    the mail goes round until somebody counts too many Received headers.
[[nodiscard]] std::vector<Warning> settingWarnings(const api::Spec& spec, const api::Listing& listing,
                                                   const ServerSettings& server, std::string_view firstReceiver,
                                                   std::size_t staleForwarders);

}  // namespace splitdelivery::reconcile
