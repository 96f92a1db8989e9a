#include "reconcile/observe.h"

#include <algorithm>

#include "reconcile/mirror.h"

namespace splitdelivery::reconcile {

std::size_t staleForwarders(const api::Spec& spec, const Observation& seen) {
  if (!seen.plannable() || !seen.listing->accounts.complete() || !seen.listing->groups.complete()) return 0;
  const auto isAtZoho = [&](const std::string& local) {
    return std::ranges::binary_search(seen.addresses, local, {},
                                      [](const api::ZohoAddress& known) { return known.address.local; });
  };
  return static_cast<std::size_t>(std::ranges::count_if(*seen.forwarders, [&](const api::Forwarder& forwarder) {
    const bool leadsThere = std::ranges::find(forwarder.destinations, forwarder.local + "@" + spec.routingHost) !=
                            forwarder.destinations.end();
    return leadsThere && !isAtZoho(forwarder.local) &&
           !std::ranges::binary_search(spec.addresses.extra, forwarder.local);
  }));
}

base::Task<base::Result<api::Forwarders>> listForwarders(mailserver::ForwarderStore& store, std::string domain,
                                                         Expected expected, std::stop_token stop) {
  auto first = co_await store.list(domain, stop);
  if (!first) co_return first;
  const bool whole = std::ranges::all_of(expected, [&](const std::string& local) {
    return std::ranges::binary_search(*first, local, {}, &api::Forwarder::local);
  });
  if (whole) co_return first;
  auto second = co_await store.list(domain, stop);
  if (!second || *second == *first) co_return second;
  co_return base::fail(base::ErrorKind::Retry, "ListingContradictsItself",
                       "two listings of the forwarders of " + domain +
                           ", one right after the other, differ: nothing is changed until the mail server is "
                           "consistent again");
}

base::Task<Observation> observeZoho(zoho::Organization& organization, api::Spec spec, std::stop_token stop) {
  Observation seen;
  auto listing = co_await organization.listing(std::move(stop));
  if (!listing) {
    seen.zohoError = std::move(listing).error();
    co_return seen;
  }
  seen.listing = std::move(*listing);
  auto addresses = addressesFor(spec, *seen.listing);
  if (addresses) {
    seen.addresses = std::move(*addresses);
  } else {
    seen.zohoError = std::move(addresses).error();
  }
  co_return seen;
}

base::Task<base::Done> observeMailboxes(MailAccount& account, std::string domain, Observation& seen,
                                        std::stop_token stop) {
  auto mailboxes = co_await account.store().mailboxes(std::move(domain), std::move(stop));
  if (mailboxes) {
    seen.mailboxes = std::move(*mailboxes);
  } else {
    seen.mailboxes.reset();
    seen.mailboxError = std::move(mailboxes).error();
  }
  co_return base::Done{};
}

base::Task<base::Done> observeServer(base::Executor& executor, MailAccount& account, std::string domain,
                                     bool withMailboxes, Expected expected, Observation& seen, std::stop_token stop) {
  auto hosted = co_await account.requireDomain(domain, stop);
  if (!hosted) {
    // A server that cannot be reached, or does not let us in, says nothing about the domain.
    if (hosted.error().reason == "DomainNotOnServer") seen.hosted = false;
    seen.serverError = std::move(hosted).error();
    co_return base::Done{};
  }
  seen.hosted = true;
  if (withMailboxes) co_await observeMailboxes(account, domain, seen, stop);
  const auto asked = executor.now();
  auto forwarders = co_await listForwarders(account.store(), std::move(domain), std::move(expected), std::move(stop));
  if (forwarders) {
    seen.forwarders = std::move(*forwarders);
    seen.listedAt = asked;
  } else {
    seen.serverError = std::move(forwarders).error();
  }
  co_return base::Done{};
}

}  // namespace splitdelivery::reconcile
