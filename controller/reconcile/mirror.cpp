#include "reconcile/mirror.h"

#include <algorithm>
#include <utility>

#include "zoho/listing.h"

namespace splitdelivery::reconcile {
namespace {

using base::ErrorKind;
using base::fail;

constexpr std::string_view kByHand = "; list the addresses in spec.addresses.extra instead";

tl::unexpected<base::Error> unknown(const api::Spec& spec, const std::string& why) {
  return fail(ErrorKind::Retry, "MainDomainUnknown",
              "the main domain behind " + spec.domain + " is not known, so nothing is done: " + why);
}

tl::unexpected<base::Error> notAnAlias(const std::string& what) {
  return fail(
      ErrorKind::Stall, "NotAnAliasDomain",
      what + ": set spec.addresses.mirrorMainDomain to false, or make it a domain alias in Zoho's admin console");
}

std::string namesOf(const std::vector<api::ZohoDomain>& domains) {
  std::string names;
  for (const api::ZohoDomain& domain : domains) names += (names.empty() ? "" : ", ") + domain.name;
  return names;
}

/// The one domain that is no alias, when Zoho says so of every domain.
const api::ZohoDomain* onlyMainDomain(const std::vector<api::ZohoDomain>& domains) {
  const bool allSaid =
      std::ranges::all_of(domains, [](const api::ZohoDomain& domain) { return domain.alias.has_value(); });
  const auto isMain = [](const api::ZohoDomain& domain) { return domain.alias == false; };
  if (!allSaid || std::ranges::count_if(domains, isMain) != 1) return nullptr;
  return &*std::ranges::find_if(domains, isMain);
}

/// Zoho names one alias only on its main domain's row, so the link of another may be said nowhere.
base::Result<std::string> mainDomain(const api::Spec& spec, const api::Listing& listing) {
  if (!listing.domainList.complete()) {
    return unknown(
        spec, listing.domainList.error ? listing.domainList.error->message : "Zoho's list of domains is not complete");
  }
  const api::ZohoDomain* own = listing.domain(spec.domain);
  if (own == nullptr) {
    return notAnAlias(spec.domain + " is not a domain of Zoho's organisation " + spec.zoho.organizationId +
                      " (it has " + namesOf(listing.domains) + ")");
  }
  if (own->alias == false) return notAnAlias("Zoho says that " + spec.domain + " is a domain of its own, not an alias");
  if (own->aliasOf.empty()) {
    const api::ZohoDomain* only = own->alias == true ? onlyMainDomain(listing.domains) : nullptr;
    if (only != nullptr) return only->name;
    return unknown(spec, own->alias == true ? "Zoho does not say which domain it is an alias of" + std::string(kByHand)
                                            : "Zoho does not say whether it is an alias domain" + std::string(kByHand));
  }
  const api::ZohoDomain* main = listing.domain(own->aliasOf);
  if (main == nullptr || main == own || main->alias == true) {
    return unknown(spec, "Zoho names " + own->aliasOf + ", which is no main domain in its own list");
  }
  return main->name;
}

}  // namespace

base::Result<std::vector<api::ZohoAddress>> addressesFor(const api::Spec& spec, const api::Listing& listing) {
  std::vector<api::ZohoAddress> addresses = listing.of(spec.domain);
  if (!spec.addresses.mirrorMainDomain) return addresses;
  const auto main = mainDomain(spec, listing);
  if (!main) return fail(main.error());
  for (api::ZohoAddress& address : listing.of(*main)) {
    address.address.domain = spec.domain;
    addresses.push_back(std::move(address));
  }
  return zoho::merged(std::move(addresses));
}

}  // namespace splitdelivery::reconcile
