#include "reconcile/observe.h"

#include <algorithm>

namespace splitdelivery::reconcile {

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

base::Task<Observation> observe(base::Executor& executor, zoho::Organization& organization, MailAccount& account,
                                std::string domain, Expected expected, std::stop_token stop) {
  Observation seen;
  auto listing = co_await organization.listing(stop);
  if (!listing) {
    seen.zohoError = std::move(listing).error();
    co_return seen;
  }
  seen.listing = std::move(*listing);
  seen.addresses = seen.listing->of(domain);

  auto hosted = co_await account.requireDomain(domain, stop);
  if (hosted) {
    seen.hosted = true;
  } else {
    // A server that cannot be reached says nothing about the claim.
    if (hosted.error().kind == base::ErrorKind::Stall) seen.hosted = false;
    seen.serverError = std::move(hosted).error();
    co_return seen;
  }
  auto mailboxes = co_await account.store().mailboxes(domain, stop);
  if (mailboxes) {
    seen.mailboxes = std::move(*mailboxes);
  } else {
    seen.mailboxError = std::move(mailboxes).error();
  }
  const auto asked = executor.now();
  auto forwarders = co_await listForwarders(account.store(), domain, std::move(expected), stop);
  if (forwarders) {
    seen.forwarders = std::move(*forwarders);
    seen.listedAt = asked;
  } else {
    seen.serverError = std::move(forwarders).error();
  }
  co_return seen;
}

}  // namespace splitdelivery::reconcile
