#include "reconcile/reconciler.h"

#include <array>
#include <cstdio>
#include <typeinfo>
#include <utility>

#include "plan/describe.h"
#include "reconcile/carry_out.h"
#include "reconcile/departure_pass.h"
#include "reconcile/local_delivery.h"
#include "reconcile/parting.h"
#include "reconcile/progress.h"
#include "reconcile/report.h"
#include "reconcile/weigh.h"

namespace splitdelivery::reconcile {
namespace {

using base::Done;
using base::ErrorKind;
using base::fail;

/// How old the directory's time stamp may get before it alone is worth a write.
constexpr std::chrono::minutes kDirectoryKept{10};

api::Directory directoryOf(const Observation& seen) {
  return {.zoho = seen.addresses,
          .accounts = seen.listing->accounts.completeness,
          .groups = seen.listing->groups.completeness,
          .domains = seen.listing->domainList.completeness,
          .verifiedAt = seen.listing->takenAt,
          .mailboxes = seen.mailboxes.value_or(std::vector<std::string>{}),
          .mailboxesKnown = seen.mailboxes.has_value(),
          .forwarders = *seen.forwarders};
}

bool worthWriting(api::AddressBook& stored, const api::AddressBook& next) {
  const auto writtenAt = std::exchange(stored.directory.verifiedAt, next.directory.verifiedAt);
  stored.routing.seenAt = next.routing.seenAt;
  const auto age = next.directory.verifiedAt - writtenAt;
  // Below zero: the clock was put back, and what was written lies in the future.
  return stored != next || age >= kDirectoryKept || age < base::Duration{0};
}

std::string passId(std::uint64_t random) {
  std::array<char, 9> text{};
  std::snprintf(text.data(), text.size(), "%08x", static_cast<unsigned>(random & 0xFFFFFFFFU));
  return text.data();
}

/// Whether a person has asked for a pass since the last one.
bool isAskedFor(const Pass& pass) {
  const auto at = pass.resource.annotations.find(api::annotation::kReconcileAt);
  return at != pass.resource.annotations.end() && at->second != pass.previous.lastHandledReconcileAt;
}

base::Error tookTooLong() {
  return {ErrorKind::Retry, "PassTimedOut",
          "the pass took longer than " + std::to_string(PassClock::kLongest.count()) +
              " minutes and was ended; the next one goes on from there"};
}

}  // namespace

base::Task<PassReport> Reconciler::pass(api::SplitDeliveryDomain resource, const Accounts::Secrets& secrets,
                                        std::stop_token stop) {
  Pass pass{.resource = std::move(resource),
            .secrets = secrets,
            .guardClock = guardClock_,
            .startedAt = services_.executor.now()};
  pass.previous = co_await services_.statuses.load(pass.resource.key);
  if (pass.resource.spec.suspend && !pass.resource.deletedAt) {
    if (const auto stored = co_await services_.books.load(pass.resource.key)) tellOwner(pass.resource, stored->book);
    services_.claims.cannotBegin(pass.resource.key, pass.resource.spec.domain);
    services_.observer.suspended(pass.resource);
    co_return PassReport{
        .resource = pass.resource, .status = pass.previous, .outcome = Outcome::InSync, .suspended = true};
  }
  services_.observer.passStarted(pass.resource);
  Progress progress(services_, pass, mode_);
  co_await workWithin(pass, std::move(stop));
  co_await progress.end();
  std::optional<Parting> parting;
  if (mode_ == Mode::Sync && services_.finalizers != nullptr) {
    parting = partingOf(pass, services_.executor.wallTime());
  }
  PassReport report = co_await this->report(pass);
  if (parting) {
    co_await services_.observer.parting(report.resource, *parting);
    if (co_await letGo(*services_.finalizers, *parting, report)) services_.observer.parted(report.resource, *parting);
  }
  services_.observer.passEnded(report);
  co_return report;
}

/// The work of a pass, ended by a stop or by its clock, whichever comes first.
base::Task<Done> Reconciler::workWithin(Pass& pass, std::stop_token stop) {
  PassClock clock(services_.executor, running_, stop);
  pass.clock = &clock;
  pass.stop = clock.token();
  try {
    auto worked = co_await work(pass);
    if (!worked) {
      if (worked.error().kind == ErrorKind::Stall && worked.error().reason != "DomainClaimed") {
        services_.claims.cannotBegin(pass.resource.key, pass.resource.spec.domain);
      }
      pass.findings.blocker = std::move(worked).error();
    }
  } catch (const std::exception& bug) {
    // One bad pass takes nobody else down. What it threw may hold remote text: only its type is told.
    pass.findings.blocker = base::Error{
        ErrorKind::Retry, "InternalError",
        std::string("a bug in splitdelivery ended this pass (") + typeid(bug).name() + "): please report it"};
  }
  if (clock.late()) pass.findings.blocker = tookTooLong();
  co_return Done{};
}

base::Task<base::Result<Done>> Reconciler::work(Pass& pass) {
  auto loaded = co_await loadBook(pass);
  if (!loaded) co_return fail(std::move(loaded).error());
  const bool leaving = departing(pass.resource);
  if (std::string why = retainedBySpec(pass.resource.spec); leaving && !why.empty()) {
    // Nothing outside is needed for that: no Secret, no server.
    pass.findings.departure = Departure{.made = pass.book.ledger.entries.size(), .retainedBecause = std::move(why)};
    co_return Done{};
  }
  if (auto identified = identify(pass); !identified) co_return fail(std::move(identified).error());
  if (auto claimed = services_.claims.obstacle(pass.resource.key)) co_return fail(*std::move(claimed));
  auto organization = services_.accounts.organization(pass.resource, pass.secrets);
  if (!organization && !leaving) co_return fail(std::move(organization).error());
  auto account = services_.accounts.mailAccount(pass.resource, pass.secrets);
  if (!account) co_return fail(std::move(account).error());
  pass.account = *account;
  if (isAskedFor(pass)) {
    if (organization) (*organization)->tryAgain();
    pass.account->store().tryAgain();
    surroundings_.refresh(pass.resource);
  }
  pass.clock->start();
  if (leaving) co_return co_await depart(services_, pass, mode_);
  co_return co_await synchronize(pass, **organization);
}

base::Task<base::Result<Done>> Reconciler::synchronize(Pass& pass, zoho::Organization& organization) {
  Findings& findings = pass.findings;
  const api::Spec& spec = pass.resource.spec;
  pass.waitsFor = "Zoho";
  findings.seen = co_await observeZoho(organization, spec, pass.stop);
  const auto readAt = services_.executor.now();
  if (findings.seen.zohoError) {
    tellClaim(services_.claims, pass);
    co_return Done{};
  }
  const auto place = co_await takePlace(pass);
  if (!place) co_return fail(place.error());
  if (services_.executor.now() - readAt > zoho::Organization::kListingShared) {
    // Who was taken into service while we stood in line is not to be deleted.
    pass.waitsFor = "Zoho";
    findings.seen = co_await observeZoho(organization, spec, pass.stop);
    if (findings.seen.zohoError) co_return Done{};
  }
  findings.seen.mailboxes = surroundings_.mailboxes(pass.resource);
  const bool fromMemory = findings.seen.mailboxes.has_value();
  pass.waitsFor = "the mail server";
  co_await observeServer(services_.executor, *pass.account, spec.domain, !fromMemory,
                         expectedOf(pass.book.ledger, pass.identity, {}), findings.seen, pass.stop);
  tellClaim(services_.claims, pass);
  if (!findings.seen.plannable()) co_return Done{};
  api::AddressBook stored = pass.book;
  pass.waitsFor = "DNS and the mail server's settings";
  const ServerSettings settings = co_await judgeWay(pass);
  if (pass.stop.stop_requested()) {
    findings.routing.reset();  // what was cut off was no answer
    co_return fail(ErrorKind::Stopped, "Stopped", "the program was asked to stop");
  }
  findings.plan = plan(pass, pass.book.ledger);
  if (fromMemory && (!isAtRest(*findings.plan) || isToBeTurnedOn(spec, settings))) {
    co_await observeMailboxes(*pass.account, spec.domain, findings.seen, pass.stop);
    findings.plan = plan(pass, pass.book.ledger);
  }
  if (mode_ == Mode::Sync) pass.book.ledger = findings.plan->ledger;
  if (mode_ == Mode::Sync && findings.plan->writes()) {
    const auto writing = services_.claims.beginWriting(pass.resource.key, spec.domain);
    if (!writing) co_return fail(writing.error());
    co_await carryOut(services_, pass, [this, &pass](api::Ledger ledger) { return plan(pass, std::move(ledger)); });
  }
  surroundings_.planned(pass.resource, findings.seen.mailboxes, *findings.plan);
  auto ensured = co_await ensureLocalDelivery(services_, pass, settings, mode_);
  if (!ensured || mode_ == Mode::Plan) co_return ensured;
  co_return co_await saveBook(pass, std::move(stored));
}

/// Looks at DNS and at the settings of both sides, and says whether mail finds its way to Zoho (S13).
base::Task<ServerSettings> Reconciler::judgeWay(Pass& pass) {
  const api::Spec& spec = pass.resource.spec;
  Findings& findings = pass.findings;
  Surroundings::Seen around = co_await surroundings_.look(pass.resource, pass.account->store(), pass.stop);
  around.server.hostedDomains = pass.account->domains();
  findings.routing = judgeRouting({.spec = spec,
                                   .dns = spec.dns.check ? &around.dns : nullptr,
                                   .remembered = pass.book.routing,
                                   .listing = *findings.seen.listing,
                                   .server = around.server,
                                   .staleForwarders = staleForwarders(spec, findings.seen),
                                   .now = services_.executor.wallTime()});
  surroundings_.judged(spec, around.dns, findings.routing->mxGood);
  findings.settingsRefused = around.server.refusals;
  pass.book.routing = findings.routing->record;
  co_return std::move(around.server);
}

base::Task<base::Result<Done>> Reconciler::loadBook(Pass& pass) {
  auto stored = co_await services_.books.load(pass.resource.key);
  if (!stored) co_return fail(std::move(stored).error());
  pass.book = std::move(stored->book);
  pass.findings.bookSetAside = std::move(stored->setAside);
  pass.bookKnown = true;
  tellOwner(pass.resource, pass.book);
  co_return Done{};
}

void Reconciler::tellOwner(const api::SplitDeliveryDomain& resource, const api::AddressBook& book) {
  const api::Ledger& ledger = book.ledger;
  services_.claims.setOwner(
      resource.key, resource.spec.domain,
      !ledger.entries.empty() && ledger.identity && ledger.identity->domain == resource.spec.domain);
}

base::Result<Done> Reconciler::identify(Pass& pass) {
  auto identity = Accounts::identity(pass.resource, pass.secrets);
  if (!identity) return fail(std::move(identity).error());
  pass.identity = std::move(*identity);
  const auto& known = pass.book.ledger.identity;
  if (known && !api::isSameAccount(*known, pass.identity)) pass.book.localDelivery.reset();  // that one is not ours
  if (!known || known->domain == pass.identity.domain) return Done{};
  return fail(ErrorKind::Stall, "DomainChanged",
              "spec.domain was " + known->domain + " and cannot change: give the resource for " + pass.identity.domain +
                  " a name of its own");
}

plan::Plan Reconciler::plan(const Pass& pass, api::Ledger ledger) const {
  const Observation& seen = pass.findings.seen;
  const auto& annotations = pass.resource.annotations;
  const auto approved = annotations.find(api::annotation::kApprovedPlan);
  return plan::makePlan({.spec = pass.resource.spec,
                         .adopt = pass.resource.annotated(api::annotation::kAdopt, "true"),
                         .approvedPlan = approved == annotations.end() ? "" : approved->second,
                         .identity = pass.identity,
                         .ledger = std::move(ledger),
                         .zoho = seen.addresses,
                         .accounts = seen.listing->accounts.completeness,
                         .groups = seen.listing->groups.completeness,
                         .domains = seen.listing->domainList.completeness,
                         .routingReady = pass.findings.routingReady(),
                         .domainListed = !seen.addresses.empty() || !seen.listing->domainList.complete() ||
                                         seen.listing->domain(pass.resource.spec.domain) != nullptr,
                         .present = *seen.forwarders,
                         .mailboxes = seen.mailboxes ? &*seen.mailboxes : nullptr,
                         .now = guardClock_.now()});
}

base::Task<base::Result<Done>> Reconciler::saveBook(Pass& pass, api::AddressBook stored) {
  api::AddressBook next = std::move(pass.book);
  next.directory = directoryOf(pass.findings.seen);
  next.plan = plan::describe(*pass.findings.plan, pass.resource.spec);
  if (!worthWriting(stored, next) && !pass.wroteAhead) co_return Done{};
  co_return co_await services_.books.save(pass.resource.key, std::move(next));
}

base::Task<PassReport> Reconciler::report(Pass& pass) {
  const auto now = services_.executor.wallTime();
  api::Status status = makeStatus(pass.resource, pass.previous, pass.findings, now);
  if (mode_ == Mode::Sync && worthWriting(pass.previous, status)) {
    auto saved = co_await services_.statuses.save(pass.resource.key, status);
    if (!saved && !pass.findings.blocker) {
      pass.findings.blocker = std::move(saved).error();
      status = makeStatus(pass.resource, pass.previous, pass.findings, now);
    }
  }
  const Outcome outcome = outcomeOf(pass.resource, pass.findings);
  std::vector<std::string> remarks = notes(pass.resource, pass.findings, mode_);
  if (pass.findings.plan) pass.findings.plan->ledger = {};
  co_return PassReport{.resource = std::move(pass.resource),
                       .plan = std::move(pass.findings.plan),
                       .changes = pass.findings.changes,
                       .done = std::move(pass.findings.done),
                       .failures = std::move(pass.findings.failures),
                       .status = std::move(status),
                       .outcome = outcome,
                       .bookSetAside = std::move(pass.findings.bookSetAside),
                       .notes = std::move(remarks),
                       .id = passId(services_.executor.random()),
                       .took = services_.executor.now() - pass.startedAt,
                       .retryAfter = retryAfter(pass.findings)};
}

}  // namespace splitdelivery::reconcile
