#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <tuple>
#include <vector>

#include "api/resource.h"
#include "base/executor.h"
#include "base/task.h"
#include "dns/resolver.h"
#include "mailserver/forwarder_store.h"
#include "plan/plan.h"
#include "reconcile/dns_facts.h"
#include "reconcile/recent.h"
#include "reconcile/server_settings.h"

namespace splitdelivery::reconcile {

/// What stands around the forwarders and changes rarely: DNS, the mail server's settings, its mailboxes.
///
/// What is in order is believed for ten minutes, so that a fleet in which nothing happens asks little;
/// whatever is not is looked at again by each pass. Lives on the executor; outlives what it asks.
class Surroundings {
 public:
  struct Seen {
    DnsFacts dns{};  ///< nothing was answered when spec.dns.check is false
    ServerSettings server{};
  };

  Surroundings(base::Executor& executor, dns::Resolver& resolver)
      : executor_(executor),
        resolver_(resolver),
        dnsMemory_(executor),
        serverMemory_(executor),
        mailboxMemory_(executor) {}

  base::Task<Seen> look(api::SplitDeliveryDomain resource, mailserver::ForwarderStore& store, std::stop_token stop);

  /// Tells whether the routing host's MX was found in order in what `look` gave.
  void judged(const api::Spec& spec, const DnsFacts& dns, bool routingGood);

  /// The domain's mailboxes as they were, if a plan over them came to rest. Good for looking, not for writing: before
  /// anything is written they are listed again.
  [[nodiscard]] std::optional<std::vector<std::string>> mailboxes(const api::SplitDeliveryDomain& resource) {
    return mailboxMemory_.recall(placeOf(resource));
  }
  /// Tells what the mailboxes of a pass came to.
  void planned(const api::SplitDeliveryDomain& resource, const std::optional<std::vector<std::string>>& mailboxes,
               const plan::Plan& plan);

  /// A person has asked for another look: what was seen less than a minute ago is good enough.
  void refresh(const api::SplitDeliveryDomain& resource);

 private:
  /// By resource, server and domain: a resource may be made anew under its name.
  using Place = std::tuple<api::ObjectKey, std::string, std::string>;
  static Place placeOf(const api::SplitDeliveryDomain& resource) {
    return {resource.key, resource.spec.directAdmin.server, resource.spec.domain};
  }

  base::Executor& executor_;
  dns::Resolver& resolver_;
  DnsMemory dnsMemory_;
  Recent<Place, ServerSettings> serverMemory_;
  Recent<Place, std::vector<std::string>> mailboxMemory_;
};

/// Whether nothing is to be written, left or in conflict: then nobody is waiting for a change of the mailboxes.
[[nodiscard]] bool isAtRest(const plan::Plan& plan);

}  // namespace splitdelivery::reconcile
