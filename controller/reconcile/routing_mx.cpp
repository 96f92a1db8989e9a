#include "reconcile/routing_mx.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "api/address.h"
#include "api/zoho_hosts.h"
#include "reconcile/routing_names.h"

namespace splitdelivery::reconcile {
namespace {

using Result = RoutingCheck::Result;

bool leadsToZoho(const api::Spec& spec, std::string_view host) {
  if (host.empty()) return false;
  const auto listed = [host](const std::string& suffix) { return api::liesWithin(host, suffix); };
  if (std::ranges::any_of(spec.dns.routingMx, listed)) return true;
  const std::string_view dataCenter = api::mailDataCenter(host);
  if (dataCenter.empty()) return false;
  const auto own = api::zohoHosts(spec.zoho.dataCenter);
  return dataCenter == spec.zoho.dataCenter || (own && !own->mxProven);
}

RoutingCheck bad(std::string reason, std::string message) {
  return {.result = Result::Bad, .reason = std::move(reason), .message = std::move(message)};
}

RoutingCheck withoutHosts(const api::Spec& spec, const api::RoutingRecord& record) {
  if (!record.exists) return bad("RoutingHostNotFound", spec.routingHost + " does not exist in DNS: " + mxToAdd(spec));
  return bad("NoRoutingMX", spec.routingHost + " has no MX record: " + mxToAdd(spec));
}

RoutingCheck elsewhere(const api::Spec& spec, const std::string& host) {
  const std::string& name = spec.routingHost;
  if (host.empty()) {
    return bad("NullRoutingMX", "the MX of " + name + " is \".\", which means that it takes no mail: " + mxToAdd(spec) +
                                    ", and remove that one");
  }
  const std::string leads = "the MX of " + name + " leads to " + shownHost(host);
  if (const auto dataCenter = api::mailDataCenter(host); !dataCenter.empty()) {
    return bad("OtherDataCenter", leads + ", Zoho's data centre " + std::string(dataCenter) +
                                      ", but spec.zoho.dataCenter is " + spec.zoho.dataCenter +
                                      ": correct spec.zoho.dataCenter, or " + mxToAdd(spec) + ", and remove that one");
  }
  return bad("RoutingMXElsewhere", leads + " and not to Zoho: " + mxToAdd(spec) +
                                       ", and remove that one, or list it in spec.dns.routingMX if it is a filter " +
                                       "that passes mail on to Zoho");
}

std::vector<std::string> without(const std::vector<std::string>& hosts, const api::Spec& spec) {
  std::vector<std::string> others;
  std::ranges::copy_if(hosts, std::back_inserter(others),
                       [&](const std::string& host) { return !leadsToZoho(spec, host); });
  return others;
}

}  // namespace

api::RoutingRecord recordOf(const api::Spec& spec, const dns::Answer<dns::MxRecord>& answer,
                            const api::RoutingRecord& remembered, base::WallTime now) {
  if (answer.outcome == dns::Outcome::Failed) return remembered;
  std::vector<dns::MxRecord> records = answer.records;
  std::ranges::sort(records);
  std::ranges::stable_sort(records, {}, [&](const dns::MxRecord& record) {
    return std::pair(record.preference, leadsToZoho(spec, record.host));
  });
  api::RoutingRecord seen{
      .routingHost = spec.routingHost, .exists = answer.outcome != dns::Outcome::NoSuchName, .seenAt = now};
  for (dns::MxRecord& record : records) seen.mx.push_back(std::move(record.host));
  const bool same =
      seen.routingHost == remembered.routingHost && seen.exists == remembered.exists && seen.mx == remembered.mx;
  return same ? remembered : seen;
}

MxJudgement judgeRoutingMx(const api::Spec& spec, const api::RoutingRecord& record) {
  if (record.routingHost != spec.routingHost) return {};
  if (record.mx.empty()) return {.check = withoutHosts(spec, record)};
  const auto server = std::ranges::find_if(record.mx, [&](const auto& host) { return isMailServer(spec, host); });
  if (server != record.mx.end()) {
    return {.check = bad("RoutingLoops", "the MX of " + spec.routingHost + " leads back to the mail server (" +
                                             shownHost(*server) + "), so mail would go round in a circle: remove " +
                                             "that record, and " + mxToAdd(spec))};
  }
  const std::string& best = record.mx.front();
  if (!leadsToZoho(spec, best)) return {.check = elsewhere(spec, best)};
  MxJudgement judged{.check = {Result::Good, "LeadsToZoho", spec.routingHost + " leads to " + shownHost(best)}};
  if (const auto others = without(record.mx, spec); !others.empty()) {
    judged.warning = {"RoutingMXMixed", "the MX of " + spec.routingHost + " also leads to " + shownHosts(others) +
                                            ", where its mail goes while Zoho does not answer: remove that, or list " +
                                            "it in spec.dns.routingMX if it passes mail on to Zoho"};
  }
  return judged;
}

}  // namespace splitdelivery::reconcile
