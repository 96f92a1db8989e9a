#pragma once

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "reconcile/routing.h"
#include "support/message_style.h"

namespace splitdelivery::reconcile {

/// example.com, routed to zoho.example.com, on a server of MXroute's, with everything in order until a
/// test says otherwise: Zoho receives first.
struct RoutingWorld {
  api::Spec spec = defaultSpec();
  bool asked = true;
  DnsFacts dns{
      .routing = mx({{10, "mx.zoho.com"}, {20, "mx2.zoho.com"}, {50, "mx3.zoho.com"}}),
      .domain = mx({{10, "mx.zoho.com"}, {20, "mx2.zoho.com"}}),
      .texts = {.outcome = dns::Outcome::Found, .records = {"v=spf1 include:zohomail.com include:mxlogin.com ~all"}}};
  api::RoutingRecord remembered{};
  api::Listing listing = defaultListing();
  ServerSettings server{.localDelivery = true,
                        .catchAll = mailserver::CatchAll{},
                        .pointers = std::vector<mailserver::Pointer>{},
                        .hostedDomains = {"example.com"}};
  std::size_t staleForwarders = 0;
  base::WallTime now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24}};

  static api::Spec defaultSpec() {
    api::Spec spec;
    spec.domain = "example.com";
    spec.routingHost = "zoho.example.com";
    spec.policy = api::Policy::Sync;
    spec.zoho.organizationId = "60012345";
    spec.zoho.dataCenter = "us";
    spec.directAdmin.server = "https://eagle.mxlogin.com:2222";
    return spec;
  }
  static api::Listing defaultListing() {
    api::Listing listing;
    for (auto* part : {&listing.accounts, &listing.groups, &listing.domainList}) {
      part->completeness = api::Completeness::Complete;
    }
    listing.domains = {{.name = "example.com", .verified = true, .alias = false, .subDomainStripping = true}};
    return listing;
  }
  static dns::Answer<dns::MxRecord> mx(std::vector<dns::MxRecord> records) {
    return {.outcome = dns::Outcome::Found, .records = std::move(records)};
  }
  template <class Record>
  static dns::Answer<Record> without(dns::Outcome outcome) {
    return {.outcome = outcome,
            .failure = outcome == dns::Outcome::Failed ? "the resolvers did not answer in time" : ""};
  }

  RoutingWorld& routes(std::vector<dns::MxRecord> records) {
    dns.routing = mx(std::move(records));
    return *this;
  }
  RoutingWorld& routes(dns::Outcome outcome) {
    dns.routing = without<dns::MxRecord>(outcome);
    return *this;
  }
  api::ZohoDomain& zohoDomain(std::string_view name = "example.com") {
    const auto place = std::ranges::lower_bound(listing.domains, name, {},
                                                [](const auto& domain) -> std::string_view { return domain.name; });
    if (place != listing.domains.end() && place->name == name) return *place;
    return *listing.domains.insert(place, api::ZohoDomain{.name = std::string(name)});
  }

  /// Everything that is said is checked for its style on the way.
  [[nodiscard]] Routing judge() const {
    Routing routing = judgeRouting({.spec = spec,
                                    .dns = asked ? &dns : nullptr,
                                    .remembered = remembered,
                                    .listing = listing,
                                    .server = server,
                                    .staleForwarders = staleForwarders,
                                    .now = now});
    testing::expectStyle({base::ErrorKind::Stall, routing.reason, routing.message});
    for (const Warning& warning : routing.warnings) {
      testing::expectStyle({base::ErrorKind::Stall, warning.reason, warning.message});
    }
    return routing;
  }
};

[[nodiscard]] inline std::vector<std::string> reasons(const Routing& routing) {
  std::vector<std::string> words;
  for (const Warning& warning : routing.warnings) words.push_back(warning.reason);
  return words;
}

[[nodiscard]] inline std::string messageOf(const Routing& routing, std::string_view reason) {
  const auto found = std::ranges::find(routing.warnings, reason, &Warning::reason);
  return found == routing.warnings.end() ? "" : found->message;
}

}  // namespace splitdelivery::reconcile
