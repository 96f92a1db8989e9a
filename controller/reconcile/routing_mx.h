#pragma once

#include <optional>

#include "api/address_book.h"
#include "api/resource.h"
#include "dns/resolver.h"
#include "reconcile/routing_check.h"

namespace splitdelivery::reconcile {

/// What is to be remembered of a conclusive answer about the routing host. An answer that says what
/// `remembered` says leaves it untouched, its time too. A failed one says nothing: `remembered`.
///
/// The hosts stand in order of preference, and among equals those that do not lead to Zoho come first:
/// mail picks any of the best, so the first one is what the judgement goes by.
[[nodiscard]] api::RoutingRecord recordOf(const api::Spec& spec, const dns::Answer<dns::MxRecord>& answer,
                                          const api::RoutingRecord& remembered, base::WallTime now);

struct MxJudgement {
  RoutingCheck check{};
  std::optional<Warning> warning{};
};

/// Whether the routing host's mail goes to Zoho, by what is recorded of it: so that what was seen now
/// and what was seen last are judged alike, by the spec of now. A record of another host is Unknown.
///
/// A host leads to Zoho when it lies under the data centre's MX domain or one of spec.dns.routingMX.
/// Where the data centre's own MX domain is not known for certain, any of Zoho's will do. Then:
///
///   no such name, no MX, the null MX        Bad
///   the mail server anywhere among them     Bad: what it is handed it hands back, a loop
///   the best (one of them) leads elsewhere  Bad: that mail never sees Zoho
///   the best leads to Zoho, a worse one     Good, with a warning: mail goes there only while Zoho does
///   does not                                not answer, and a host that stores and passes on is common
[[nodiscard]] MxJudgement judgeRoutingMx(const api::Spec& spec, const api::RoutingRecord& record);

}  // namespace splitdelivery::reconcile
