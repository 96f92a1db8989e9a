#include "reconcile/routing.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "reconcile/routing_mx.h"
#include "reconcile/routing_names.h"
#include "reconcile/routing_receiver.h"
#include "reconcile/routing_warnings.h"
#include "reconcile/routing_zoho.h"
#include "reconcile/spf.h"

namespace splitdelivery::reconcile {
namespace {

using Result = RoutingCheck::Result;

RoutingCheck judgeLocality(const api::Spec& spec, const ServerSettings& server) {
  const std::string& host = spec.routingHost;
  const auto local = [&](std::string how, std::string fix) {
    return RoutingCheck{Result::Bad, "RoutingHostIsLocal",
                        host + " is " + std::move(how) + ", which delivers its mail itself instead of handing it to " +
                            "Zoho: " + std::move(fix)};
  };
  if (std::ranges::find(server.hostedDomains, host) != server.hostedDomains.end()) {
    return local("a domain on the mail server", "delete that domain there, or use another routing host");
  }
  if (server.pointers &&
      std::ranges::find(*server.pointers, host, &mailserver::Pointer::name) != server.pointers->end()) {
    return local("a domain pointer on the mail server", "delete that pointer there, or use another routing host");
  }
  if (host == mailServerHost(spec)) return local("the mail server itself", "use another routing host");
  return {Result::Good, "", ""};
}

/// By what DNS says now, or else by what it said last.
MxJudgement judgeMx(const api::Spec& spec, const dns::Answer<dns::MxRecord>& answer, const api::RoutingRecord& record) {
  MxJudgement judged = judgeRoutingMx(spec, record);
  if (answer.outcome != dns::Outcome::Failed) return judged;
  const std::string failure = answer.failure.empty() ? "DNS did not answer" : answer.failure;
  if (record.routingHost != spec.routingHost) {
    return {.check = {Result::Unknown, "NoDNSAnswer",
                      "whether " + spec.routingHost + " leads to Zoho is not known yet: " + failure +
                          "; the next pass asks again"}};
  }
  judged.check.message += "; that is what DNS said last, for now " + failure;
  return judged;
}

/// What an answer that cannot be told does.
enum class Otherwise : std::uint8_t { Holds, Warns };

/// Puts the three questions into one condition: what is known to be wrong first, then what is not known.
class Summary {
 public:
  explicit Summary(Routing& routing) : routing_(routing) {}

  void add(const RoutingCheck& check, Otherwise otherwise) {
    const bool unknownHolds = otherwise == Otherwise::Holds;
    if (check.result == Result::Unknown && !unknownHolds) routing_.warnings.push_back({check.reason, check.message});
    if (check.result == Result::Good && !check.message.empty()) append(good_, check.message, ", and ");
    if (check.result == Result::Bad) bad_.push_back(check);
    if (check.result == Result::Unknown && unknownHolds) open_.push_back(check);
  }

  void conclude(const api::Spec& spec) {
    const std::vector<RoutingCheck>& faults = bad_.empty() ? open_ : bad_;
    if (faults.empty()) return concludeWithoutFault(spec);
    routing_.ready = bad_.empty() ? api::ConditionStatus::Unknown : api::ConditionStatus::False;
    routing_.reason = faults.front().reason;
    for (const RoutingCheck& fault : faults) append(routing_.message, fault.message, "; besides, ");
    routing_.holds = spec.dns.holdWithoutRoutingMx;
    if (!routing_.holds) routing_.warnings.insert(routing_.warnings.begin(), {routing_.reason, routing_.message});
  }

 private:
  static void append(std::string& text, const std::string& more, std::string_view between) {
    text += (text.empty() ? "" : std::string(between)) + more;
  }
  void concludeWithoutFault(const api::Spec& spec) {
    if (!spec.dns.check) {
      routing_.ready = api::ConditionStatus::Unknown;
      routing_.reason = "NotChecked";
      routing_.message = "spec.dns.check is false, so nobody has looked whether " + spec.routingHost + " leads to Zoho";
      return;
    }
    routing_.ready = api::ConditionStatus::True;
    routing_.reason = "LeadsToZoho";
    routing_.message = std::move(good_);
  }

  Routing& routing_;
  std::vector<RoutingCheck> bad_;
  std::vector<RoutingCheck> open_;
  std::string good_;
};

}  // namespace

Routing judgeRouting(const RoutingInputs& in) {
  const api::Spec& spec = in.spec;
  Routing routing{.firstReceiver = "Unknown", .record = in.remembered};
  Summary summary(routing);
  summary.add(judgeLocality(spec, in.server), Otherwise::Warns);
  std::vector<Warning> besides;
  if (spec.dns.check) {
    static const DnsFacts kNoAnswers;
    const DnsFacts& dns = in.dns != nullptr ? *in.dns : kNoAnswers;
    routing.record = recordOf(spec, dns.routing, in.remembered, in.now);
    const MxJudgement mx = judgeMx(spec, dns.routing, routing.record);
    summary.add(mx.check, Otherwise::Holds);
    routing.mxGood = mx.check.result == Result::Good && dns.routing.outcome == dns::Outcome::Found;
    const FirstReceiver receiver = judgeFirstReceiver(spec, dns.domain);
    routing.firstReceiver = receiver.who;
    for (const auto& warning : {mx.warning, receiver.warning, judgeSpf(spec, dns.texts)}) {
      if (warning) besides.push_back(*warning);
    }
  }
  summary.add(judgeAcceptance(spec, in.listing), Otherwise::Warns);
  summary.conclude(spec);
  auto settings = settingWarnings(spec, in.listing, in.server, routing.firstReceiver, in.staleForwarders);
  for (auto* warnings : {&besides, &settings}) std::ranges::move(*warnings, std::back_inserter(routing.warnings));
  return routing;
}

}  // namespace splitdelivery::reconcile
