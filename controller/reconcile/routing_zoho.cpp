#include "reconcile/routing_zoho.h"

#include <optional>
#include <string_view>

#include "api/address.h"

namespace splitdelivery::reconcile {
namespace {

using Result = RoutingCheck::Result;

constexpr std::string_view kConsole = " in Zoho's admin console under Domains";

RoutingCheck bad(std::string reason, std::string message) {
  return {.result = Result::Bad, .reason = std::move(reason), .message = std::move(message)};
}

RoutingCheck unknown(std::string reason, std::string message) {
  return {.result = Result::Unknown, .reason = std::move(reason), .message = std::move(message)};
}

std::string turnOn(const std::string& domain, const std::string& routingHost) {
  return "turn on sub-domain stripping for " + domain + std::string(kConsole) + ", or add " + routingHost +
         " there as a domain alias";
}

const api::ZohoDomain* closest(const api::Listing& listing, std::string_view host) {
  const api::ZohoDomain* longest = nullptr;
  for (const api::ZohoDomain& domain : listing.domains) {
    if (!api::liesWithin(host, domain.name)) continue;
    if (longest == nullptr || domain.name.size() > longest->name.size()) longest = &domain;
  }
  return longest;
}

/// The domain whose mailboxes a domain's mail goes to; empty: not known.
std::string mainOf(const api::ZohoDomain& domain) {
  return domain.alias == true || !domain.aliasOf.empty() ? domain.aliasOf : domain.name;
}

/// Whether both have the same mailboxes; none: cannot be told.
std::optional<bool> sameMailboxes(const api::ZohoDomain& a, const api::ZohoDomain& b) {
  if (a.name == b.name) return true;
  const std::string mainOfA = mainOf(a);
  const std::string mainOfB = mainOf(b);
  if (mainOfA.empty() || mainOfB.empty()) return std::nullopt;
  return mainOfA == mainOfB;
}

RoutingCheck listedItself(const api::Spec& spec, const api::ZohoDomain& host, const api::ZohoDomain& domain) {
  const std::string& name = host.name;
  if (!host.alias) {
    return unknown("ZohoSettingsUnknown", "Zoho does not say whether " + name + " is a domain alias of " + spec.domain +
                                              ": see" + std::string(kConsole) + " that it is");
  }
  if (!*host.alias) {
    return bad("RoutingHostNotAnAlias", name + " is a domain of its own at Zoho, with other addresses than " +
                                            spec.domain + ": make it a domain alias of " + spec.domain +
                                            std::string(kConsole));
  }
  const auto same = sameMailboxes(host, domain);
  if (same == false) {
    return bad("RoutingHostOfAnotherDomain", name + " is a domain alias of " + mainOf(host) + " at Zoho, so mail for " +
                                                 spec.domain + " would go to other people: make it an alias of " +
                                                 spec.domain);
  }
  if (host.verified == false) {
    return unknown("RoutingHostNotVerified", "Zoho has not verified its domain alias " + name +
                                                 " and may refuse mail for it: verify it" + std::string(kConsole));
  }
  if (!same) {
    return unknown("ZohoSettingsUnknown", "Zoho does not say which domain " + name + " is an alias of: see" +
                                              std::string(kConsole) + " that it is " + spec.domain);
  }
  return {Result::Good, "AcceptedByZoho", "Zoho has " + name + " as a domain alias"};
}

RoutingCheck underneath(const api::Spec& spec, const api::Listing& listing, const api::ZohoDomain& above,
                        const api::ZohoDomain& domain) {
  const std::string& host = spec.routingHost;
  const auto same = sameMailboxes(above, domain);
  if (same == false) {
    return bad("RoutingHostOfAnotherDomain", host + " lies under " + above.name + ", whose addresses at Zoho are " +
                                                 "others than those of " + spec.domain + ": use a routing host under " +
                                                 spec.domain);
  }
  const bool alias = above.alias == true;
  const api::ZohoDomain* main = alias ? listing.domain(above.aliasOf) : &above;
  const std::optional<bool> strips = main != nullptr ? main->subDomainStripping : std::nullopt;
  const std::string& named = main != nullptr ? main->name : above.name;
  if (!same || !strips) {
    return unknown("ZohoSettingsUnknown",
                   "Zoho does not say whether it takes mail for " + host + ": " + turnOn(named, host));
  }
  if (*strips) return {Result::Good, "AcceptedByZoho", "Zoho strips the sub-domains of " + named};
  std::string message = "Zoho does not take mail for " + host + ", because sub-domain stripping is off for " + named +
                        ": " + turnOn(named, host);
  if (!alias) return bad("SubDomainStrippingOff", std::move(message));
  return unknown("SubDomainStrippingOff", "Zoho may not take mail for " + host +
                                              ", because sub-domain stripping is off for " + named +
                                              ", the main domain of " + above.name + ": " + turnOn(named, host));
}

}  // namespace

RoutingCheck judgeAcceptance(const api::Spec& spec, const api::Listing& listing) {
  const api::ZohoDomain* domain = listing.domain(spec.domain);
  if (!listing.domainList.complete()) {
    return unknown("ZohoSettingsUnreadable",
                   "Zoho's domain settings could not be read, so whether it takes mail for " + spec.routingHost +
                       " is not known: grant the scope ZohoMail.organization.domains.READ, or look" +
                       std::string(kConsole));
  }
  if (domain == nullptr) {
    return unknown("DomainNotListed", spec.domain + " is not among the domains of Zoho's organisation " +
                                          spec.zoho.organizationId + ": add it there");
  }
  const api::ZohoDomain* above = closest(listing, spec.routingHost);
  if (above == nullptr) {
    return bad("RoutingHostNotAccepted", "Zoho has no domain that " + spec.routingHost + " lies under: add it" +
                                             std::string(kConsole) + " as a domain alias of " + spec.domain +
                                             ", or use a routing host under " + spec.domain);
  }
  return above->name == spec.routingHost ? listedItself(spec, *above, *domain)
                                         : underneath(spec, listing, *above, *domain);
}

}  // namespace splitdelivery::reconcile
