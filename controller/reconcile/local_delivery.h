#pragma once

#include <string>

#include "reconcile/pass.h"
#include "reconcile/server_settings.h"

/// The mail server's local-delivery switch under `spec.directAdmin.localDelivery: Ensure` (S17).
/// What Check tells of it is a warning of the routing (routing_warnings.h).
namespace splitdelivery::reconcile {

/// Why the switch stays off though Ensure asks for it; empty: it may be turned on. From then on the
/// server bounces what it has neither mailbox nor forwarder for, so all of this is required: the
/// policy writes; the way to Zoho is there; Zoho's listing is complete; nothing failed, waits, is in
/// conflict or was released; and every address that is not blocked has its forwarder.
[[nodiscard]] std::string whyNotOn(const api::Spec& spec, const Findings& findings);

/// Whether the switch is off and Ensure asks for it.
[[nodiscard]] bool isToBeTurnedOn(const api::Spec& spec, const ServerSettings& settings);

/// The last step of a pass: turns the switch on where it is off and may be turned on, with what it was
/// stored before the request leaves. A switch that somebody has turned off since is turned on again:
/// that is what Ensure says. What a person should know goes to `findings.localDelivery`, what failed
/// to `findings.ended`.
///
/// Error: what the store of books says. `services` and `pass` outlive the task.
base::Task<base::Result<base::Done>> ensureLocalDelivery(const Services& services, Pass& pass, ServerSettings settings,
                                                         Mode mode);

/// Whether a departure turns the switch off again: we turned it on, and are still to see to it.
[[nodiscard]] bool hasSwitchToRestore(const Pass& pass);

/// Before a departure deletes anything: turns the switch off again where the book says that we turned
/// it on, so that the server does not bounce what it then has no forwarder for.
///
/// Error: the switch cannot be asked, turned, or is still on: nothing may be deleted.
base::Task<base::Result<base::Done>> restoreLocalDelivery(const Services& services, Pass& pass);

}  // namespace splitdelivery::reconcile
