#include "reconcile/routing_warnings.h"

#include <optional>
#include <string>

#include "api/address.h"

namespace splitdelivery::reconcile {
namespace {

std::optional<Warning> localDeliveryOff(const api::Spec& spec, const ServerSettings& server) {
  if (server.localDelivery != false || spec.directAdmin.localDelivery != api::LocalDelivery::Check) return std::nullopt;
  return Warning{
      "LocalDeliveryOff",
      "the mail server refuses mail for " + spec.domain +
          R"( ("Relay not permitted"), forwarders or not: in DirectAdmin under MX Records tick "Use this server )" +
          R"(to handle my e-mails" (CMD_API_DNS_MX, internal=yes), or set )" +
          "spec.directAdmin.localDelivery to Ensure"};
}

std::optional<Warning> catchAllOnTheServer(const api::Spec& spec, const ServerSettings& server) {
  if (!server.catchAll || server.catchAll->kind != mailserver::CatchAll::Kind::Address) return std::nullopt;
  const std::string& to = server.catchAll->address;
  const auto at = to.rfind('@');
  if (at == std::string::npos || !api::liesWithin(std::string_view(to).substr(at + 1), spec.routingHost)) {
    return std::nullopt;
  }
  return Warning{"CatchAllLoops",
                 "the mail server's catch-all of " + spec.domain + " leads to " + spec.routingHost +
                     ", so mail to a mistyped address goes to Zoho and may come back: set the catch-all to :fail:"};
}

/// Of an alias domain, the main domain's catch-all counts.
std::optional<Warning> catchAllAtZoho(const api::Spec& spec, const api::Listing& listing) {
  const api::ZohoDomain* domain = listing.domain(spec.domain);
  if (domain != nullptr && domain->catchAll.empty()) domain = listing.domain(domain->aliasOf);
  if (domain == nullptr || domain->catchAll.empty()) return std::nullopt;
  return Warning{"CatchAllAtZoho",
                 "Zoho has a catch-all for " + domain->name + " (" + domain->catchAll +
                     "), which may take the mail of mailboxes on the mail server: remove it in Zoho's admin console " +
                     "under Domains"};
}

std::optional<Warning> staleLoop(const api::Spec& spec, std::string_view firstReceiver, std::size_t count) {
  if (count == 0 || firstReceiver != "Zoho") return std::nullopt;
  const bool one = count == 1;
  return Warning{"StaleForwarders",
                 std::to_string(count) + (one ? " forwarder leads" : " forwarders lead") + " to " + spec.routingHost +
                     " for an address that Zoho does not have, so mail goes round in a circle where Zoho passes " +
                     "unknown users on to the mail server: delete " + (one ? "it" : "them")};
}

}  // namespace

std::vector<Warning> settingWarnings(const api::Spec& spec, const api::Listing& listing, const ServerSettings& server,
                                     std::string_view firstReceiver, std::size_t staleForwarders) {
  std::vector<Warning> warnings;
  for (const auto& warning : {localDeliveryOff(spec, server), catchAllOnTheServer(spec, server),
                              catchAllAtZoho(spec, listing), staleLoop(spec, firstReceiver, staleForwarders)}) {
    if (warning) warnings.push_back(*warning);
  }
  return warnings;
}

}  // namespace splitdelivery::reconcile
