#include "reconcile/departure_pass.h"

#include <utility>

#include "api/enums.h"
#include "plan/departure.h"
#include "plan/describe.h"
#include "reconcile/carry_out.h"
#include "reconcile/local_delivery.h"
#include "reconcile/weigh.h"

namespace splitdelivery::reconcile {
namespace {

using base::Done;
using base::fail;

/// Why everything stays although the spec says Delete; empty: it is deleted.
std::string retainedByIdentity(const Pass& pass) {
  const auto& made = pass.book.ledger.identity;
  if (!made || *made == pass.identity || pass.book.ledger.entries.empty()) return "";
  if (api::isSameAccount(*made, pass.identity)) {
    return "they were made for Zoho's organisation " + made->organization +
           ", which the document no longer names; to delete them name it again";
  }
  return "they were made at " + made->host + " by the user " + made->user +
         ", which the document no longer names; to delete them name it again";
}

}  // namespace

std::string retainedBySpec(const api::Spec& spec) {
  if (spec.deletionPolicy == api::DeletionPolicy::Retain) {
    return "spec.deletionPolicy is Retain; to delete them set it to Delete";
  }
  if (spec.policy != api::Policy::Sync) {
    return "the policy " + std::string(api::choiceText(spec.policy)) +
           " deletes nothing; to delete them set it to Sync";
  }
  if (spec.suspend) return "spec.suspend is true; to delete them set it to false";
  return "";
}

base::Task<base::Result<Done>> depart(const Services& services, Pass& pass, Mode mode) {
  Findings& findings = pass.findings;
  const api::Spec& spec = pass.resource.spec;
  findings.departure = Departure{.made = pass.book.ledger.entries.size(), .retainedBecause = retainedByIdentity(pass)};
  if (!findings.departure->retainedBecause.empty()) co_return Done{};

  const auto place = co_await takePlace(pass);
  if (!place) co_return fail(place.error());
  pass.waitsFor = "the mail server";
  co_await observeServer(services.executor, *pass.account, spec.domain, false,
                         expectedOf(pass.book.ledger, pass.identity, {}), findings.seen, pass.stop);
  tellClaim(services.claims, pass);
  if (!findings.seen.forwarders) co_return Done{};
  const auto planOf = [&pass](api::Ledger ledger) {
    return plan::makeDeparture({.identity = pass.identity,
                                .ledger = std::move(ledger),
                                .present = *pass.findings.seen.forwarders,
                                .now = pass.guardClock.now()});
  };
  findings.plan = planOf(pass.book.ledger);
  if (mode == Mode::Plan) co_return Done{};
  const api::AddressBook stored = pass.book;
  const auto writing = services.claims.beginWriting(pass.resource.key, spec.domain);
  if (!writing) co_return fail(writing.error());
  auto restored = co_await restoreLocalDelivery(services, pass);
  if (!restored) {
    findings.plan.reset();
    co_return restored;
  }
  pass.book.ledger = findings.plan->ledger;
  if (findings.plan->writes()) co_await carryOut(services, pass, planOf);
  pass.book.plan = plan::describe(*findings.plan, spec);
  if (pass.book == stored && !pass.wroteAhead) co_return Done{};
  co_return co_await services.books.save(pass.resource.key, pass.book);
}

}  // namespace splitdelivery::reconcile
