#include "reconcile/routing_receiver.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "api/zoho_hosts.h"
#include "reconcile/routing_names.h"

namespace splitdelivery::reconcile {
namespace {

constexpr std::string_view kZoho = "Zoho";
constexpr std::string_view kMailServer = "MailServer";
constexpr std::string_view kOther = "Other";

std::string_view whoseHost(const api::Spec& spec, std::string_view host) {
  if (!api::mailDataCenter(host).empty()) return kZoho;
  return isNearMailServer(spec, host) ? kMailServer : kOther;
}

}  // namespace

FirstReceiver judgeFirstReceiver(const api::Spec& spec, const dns::Answer<dns::MxRecord>& mx) {
  if (mx.outcome == dns::Outcome::Failed) return {};
  const std::string fix = ": add the MX records of the system that is to receive first, Zoho or the mail server";
  if (mx.records.empty()) {
    const bool exists = mx.outcome != dns::Outcome::NoSuchName;
    return {std::string(kOther),
            Warning{"DomainWithoutMX", spec.domain + (exists ? " has no MX record" : " does not exist in DNS") +
                                           ", so it receives no mail" + fix}};
  }
  std::uint16_t lowest = mx.records.front().preference;
  for (const dns::MxRecord& record : mx.records) lowest = std::min(lowest, record.preference);
  std::set<std::string_view> best;
  std::set<std::string_view> all;
  for (const dns::MxRecord& record : mx.records) {
    const auto who = whoseHost(spec, record.host);
    all.insert(who);
    if (record.preference == lowest) best.insert(who);
  }
  FirstReceiver receiver{.who = std::string(best.size() == 1 ? *best.begin() : kOther)};
  if (mx.records.size() == 1 && mx.records.front().host.empty()) {
    receiver.warning =
        Warning{"DomainWithoutMX", "the MX of " + spec.domain + " is \".\", which means that it takes no mail" + fix};
  } else if (all.contains(kZoho) && all.contains(kMailServer)) {
    receiver.warning =
        Warning{"DomainMXMixed", "the MX of " + spec.domain + " leads to Zoho and to the mail server, so mail " +
                                     "may arrive at the one that does not have the address: keep the " +
                                     "records of the one that is to receive first"};
  }
  return receiver;
}

}  // namespace splitdelivery::reconcile
