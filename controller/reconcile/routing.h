#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/address_book.h"
#include "api/condition.h"
#include "api/directory.h"
#include "api/resource.h"
#include "reconcile/dns_facts.h"
#include "reconcile/routing_check.h"
#include "reconcile/server_settings.h"

namespace splitdelivery::reconcile {

/// All that the judgement depends on; borrowed for the call.
struct RoutingInputs {
  const api::Spec& spec;
  const DnsFacts* dns = nullptr;  ///< not used with spec.dns.check: false; nullptr: no answer
  const api::RoutingRecord& remembered;
  const api::Listing& listing;
  const ServerSettings& server;
  std::size_t staleForwarders = 0;  ///< forwarders to the routing host whose address Zoho lacks, ours or not
  base::WallTime now;
};

/// Whether mail that the forwarders pass on reaches Zoho (S13).
struct Routing {
  api::ConditionStatus ready = api::ConditionStatus::Unknown;  ///< the condition RoutingReady, with the next two
  std::string reason;
  std::string message;
  bool holds = false;         ///< creates and updates wait; deletes never do
  std::string firstReceiver;  ///< "Zoho", "MailServer", "Other", "Unknown": who the domain's own MX leads to
  std::vector<Warning> warnings;
  api::RoutingRecord record;  ///< to be kept: `remembered`, unless DNS has said something new for certain

  /// Whether the routing host's MX was found in order in an answer of now: what DnsMemory wants to know.
  bool mxGood = false;
};

/// Three things must be right, and the first that is known to be wrong gives reason and message:
///
///  - the routing host is not one of the mail server's own domains, pointers or its host name. The
///    server would then look for mailboxes and forwarders of that name instead of asking the MX (Exim
///    passes local domains by in its DNS router), and the mail would bounce or go round. So it holds;
///  - its MX leads to Zoho (routing_mx.h). What DNS does not answer is judged by what it said last,
///    and holds when it never said anything;
///  - Zoho takes mail for it (routing_zoho.h).
///
/// With `spec.dns.check: false` the second is not asked, and nothing known to be wrong makes Unknown,
/// "NotChecked". With `holdWithoutRoutingMX: false` nothing holds: the condition still tells the truth,
/// and is repeated among the warnings.
///
/// An account may host the routing host with local delivery switched off for it, which works. Nothing
/// shows that from here: `holdWithoutRoutingMX: false` is the way out.
[[nodiscard]] Routing judgeRouting(const RoutingInputs& inputs);

}  // namespace splitdelivery::reconcile
