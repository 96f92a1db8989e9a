#include "reconcile/carry_out.h"

#include <algorithm>
#include <utility>

#include "reconcile/apply.h"
#include "reconcile/weigh.h"

namespace splitdelivery::reconcile {
namespace {

bool hitTheLimit(const std::vector<Failure>& failures) {
  return std::ranges::any_of(failures,
                             [](const Failure& failure) { return failure.error.reason == "ForwarderLimitReached"; });
}

}  // namespace

base::Task<base::Done> carryOut(const Services& services, Pass& pass, Replan replan) {
  Findings& findings = pass.findings;
  mailserver::ForwarderStore& store = pass.account->store();
  Apply apply({.executor = services.executor,
               .guardClock = pass.guardClock,
               .store = store,
               .books = services.books,
               .observer = services.observer,
               .resource = pass.resource,
               .routingReady = findings.routingReady(),
               .stop = pass.stop},
              *findings.plan, pass.book, *findings.seen.forwarders, findings.seen.listedAt);
  pass.wroteAhead = true;
  pass.waitsFor = "the mail server, which takes its changes one by one";
  Applied applied = co_await apply.run();
  findings.failures = std::move(applied.failures);
  findings.ended = std::move(applied.ended);
  pass.book.ledger = std::move(applied.ledger);
  if (hitTheLimit(findings.failures)) {
    auto limits = co_await store.limits(pass.stop);
    if (limits) findings.limits = *limits;
  }
  // The next pass lists anyway; who asks us to stop does not want to wait for one more listing.
  if (pass.stop.stop_requested()) {
    believe(findings, applied.attempted);
    co_return base::Done{};
  }

  const auto asked = services.executor.now();
  auto listing = co_await listForwarders(store, pass.resource.spec.domain,
                                         expectedOf(pass.book.ledger, pass.identity, applied.attempted), pass.stop);
  if (!listing) {
    if (!findings.ended) findings.ended = std::move(listing).error();
    believe(findings, applied.attempted);
    co_return base::Done{};
  }
  findings.seen.forwarders = std::move(*listing);
  findings.seen.listedAt = asked;
  weigh(findings, pass.book.ledger, applied.attempted);
  const std::vector<api::LedgerEntry> open = stillOpen(pass.book.ledger, findings.failures);
  findings.plan = replan(std::move(pass.book.ledger));
  pass.book.ledger = findings.plan->ledger;
  putBack(pass.book.ledger, open);
  co_return base::Done{};
}

}  // namespace splitdelivery::reconcile
