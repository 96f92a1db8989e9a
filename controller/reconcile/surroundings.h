#pragma once

#include <stop_token>
#include <string>
#include <utility>

#include "api/resource.h"
#include "base/executor.h"
#include "base/task.h"
#include "dns/resolver.h"
#include "mailserver/forwarder_store.h"
#include "reconcile/dns_facts.h"
#include "reconcile/recent.h"
#include "reconcile/server_settings.h"

namespace splitdelivery::reconcile {

/// What stands around the forwarders and changes rarely: DNS, and the mail server's settings.
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
      : executor_(executor), resolver_(resolver), dnsMemory_(executor), serverMemory_(executor) {}

  base::Task<Seen> look(api::SplitDeliveryDomain resource, mailserver::ForwarderStore& store, std::stop_token stop);

  /// Tells whether the routing host's MX was found in order in what `look` gave.
  void judged(const api::Spec& spec, const DnsFacts& dns, bool routingGood);

  /// A person has asked for another look.
  void forget(const api::SplitDeliveryDomain& resource);

 private:
  base::Executor& executor_;
  dns::Resolver& resolver_;
  DnsMemory dnsMemory_;
  /// By resource and server.
  Recent<std::pair<api::ObjectKey, std::string>, ServerSettings> serverMemory_;
};

}  // namespace splitdelivery::reconcile
