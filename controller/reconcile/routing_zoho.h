#pragma once

#include "api/directory.h"
#include "api/resource.h"
#include "reconcile/routing_check.h"

namespace splitdelivery::reconcile {

/// Whether Zoho takes mail for anna@<routing host> as mail for anna@<domain>. There are two ways
/// (zoho.com/mail/help/adminconsole/domain-options.html): the routing host is a domain alias there, or
/// the domain that it lies under has sub-domain stripping on. By the longest listed domain D that the
/// routing host is or lies under:
///
///   D is the routing host, an alias of the domain or of its main domain     Good
///   D is the routing host, an alias of another domain                       Bad: other people's mailboxes
///   D is the routing host, a domain of its own                              Bad: its addresses are others
///   stripping on for D (D an alias: for its main domain)                    Good
///   stripping off for D                                                     Bad; D an alias: Unknown
///   D has nothing to do with the domain                                     Bad: other people's mailboxes
///   no D                                                                    Bad
///   not said, the list of domains not complete, the domain not in it        Unknown
///
/// Zoho does not say whether stripping on a main domain works for the sub-domains of its aliases, hence
/// Unknown there. An unverified alias is Unknown too.
[[nodiscard]] RoutingCheck judgeAcceptance(const api::Spec& spec, const api::Listing& listing);

}  // namespace splitdelivery::reconcile
