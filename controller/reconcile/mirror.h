#pragma once

#include <vector>

#include "api/directory.h"
#include "api/resource.h"
#include "base/result.h"

namespace splitdelivery::reconcile {

/// The addresses that Zoho receives mail for at spec.domain, sorted by local part, each once.
///
/// Zoho does not list the addresses of an alias domain: mail for x@alias goes to x@main without an
/// address of its own (facts of its admin console, "domain options"). With
/// spec.addresses.mirrorMainDomain those of the main domain are taken, in the name of spec.domain,
/// together with what Zoho lists at spec.domain itself.
///
/// Errors: Stall "NotAnAliasDomain": Zoho says that the domain is none. Retry "MainDomainUnknown":
/// Zoho's list of domains does not tell whose alias it is; nothing may be concluded, so the caller must
/// not plan.
[[nodiscard]] base::Result<std::vector<api::ZohoAddress>> addressesFor(const api::Spec& spec,
                                                                       const api::Listing& listing);

}  // namespace splitdelivery::reconcile
