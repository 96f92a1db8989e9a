#include "reconcile/surroundings.h"

#include <utility>

namespace splitdelivery::reconcile {

base::Task<Surroundings::Seen> Surroundings::look(api::SplitDeliveryDomain resource, mailserver::ForwarderStore& store,
                                                  std::stop_token stop) {
  const api::Spec& spec = resource.spec;
  Seen seen;
  if (spec.dns.check) {
    if (auto known = dnsMemory_.recall(spec.domain, spec.routingHost)) {
      seen.dns = *std::move(known);
    } else {
      seen.dns = co_await askDns(executor_, resolver_, spec.domain, spec.routingHost, stop);
    }
  }
  const bool withSwitch = spec.directAdmin.localDelivery != api::LocalDelivery::Ignore;
  const Place place = placeOf(resource);
  const auto known = serverMemory_.recall(place);
  if (known && (known->localDelivery.has_value() || !withSwitch)) {
    seen.server = *known;
    co_return seen;
  }
  seen.server = co_await askSettings(store, spec.domain, withSwitch, stop);
  if (inOrder(seen.server)) {
    serverMemory_.keep(place, seen.server);
  } else {
    serverMemory_.forget(place);
  }
  co_return seen;
}

void Surroundings::judged(const api::Spec& spec, const DnsFacts& dns, bool routingGood) {
  if (spec.dns.check) dnsMemory_.note(spec.domain, spec.routingHost, dns, routingGood);
}

void Surroundings::planned(const api::SplitDeliveryDomain& resource,
                           const std::optional<std::vector<std::string>>& mailboxes, const plan::Plan& plan) {
  if (mailboxes && isAtRest(plan)) {
    mailboxMemory_.keep(placeOf(resource), *mailboxes);
  } else {
    mailboxMemory_.forget(placeOf(resource));
  }
}

void Surroundings::refresh(const api::SplitDeliveryDomain& resource) {
  dnsMemory_.refresh(resource.spec.domain, resource.spec.routingHost);
  serverMemory_.refresh(placeOf(resource));
  mailboxMemory_.refresh(placeOf(resource));
}

bool isAtRest(const plan::Plan& plan) {
  return !plan.writes() && plan.held.empty() && plan.left.empty() && plan.conflicts.empty() &&
         plan.mailboxMissing.empty();
}

}  // namespace splitdelivery::reconcile
