#include "reconcile/reconciler.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>
#include <string_view>
#include <typeinfo>
#include <utility>

#include "api/find_local.h"
#include "plan/describe.h"
#include "plan/guard.h"
#include "reconcile/apply.h"
#include "reconcile/report.h"

namespace splitdelivery::reconcile {
namespace {

using base::Done;
using base::ErrorKind;
using base::fail;
using plan::Operation;
using plan::OpKind;

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

bool worthWriting(api::AddressBook stored, const api::AddressBook& next) {
  const auto writtenAt = std::exchange(stored.directory.verifiedAt, next.directory.verifiedAt);
  return stored != next || next.directory.verifiedAt - writtenAt >= kDirectoryKept;
}

/// What a listing has to show after `attempted`, by all that we know.
Expected expectedOf(const api::Ledger& ledger, const api::Identity& identity, const std::vector<Operation>& attempted) {
  Expected expected;
  if (ledger.identity != identity) return expected;
  std::set<std::string_view> deleted;
  for (const Operation& operation : attempted) {
    if (operation.kind == OpKind::Delete) deleted.insert(operation.local);
  }
  for (const api::LedgerEntry& entry : ledger.entries) {
    const bool stood = entry.state != api::LedgerEntry::State::Creating;
    if (stood && !deleted.contains(entry.local)) expected.push_back(entry.local);
  }
  return expected;
}

/// No answer that says whether the server acted.
bool isUnclear(const base::Error& error) {
  return !error.neverSent &&
         (error.kind == ErrorKind::Unclear || error.kind == ErrorKind::Retry || error.kind == ErrorKind::Stopped);
}

/// Puts entries back that a listing took out too early.
void putBack(api::Ledger& ledger, const std::vector<api::LedgerEntry>& entries) {
  for (const api::LedgerEntry& entry : entries) {
    if (auto* known = api::findLocal(ledger.entries, entry.local)) {
      *known = entry;
    } else {
      ledger.entries.insert(std::ranges::lower_bound(ledger.entries, entry.local, {}, &api::LedgerEntry::local), entry);
    }
  }
}

bool hitTheLimit(const std::vector<Failure>& failures) {
  return std::ranges::any_of(failures,
                             [](const Failure& failure) { return failure.error.reason == "ForwarderLimitReached"; });
}

std::string passId(std::uint64_t random) {
  std::array<char, 9> text{};
  std::snprintf(text.data(), text.size(), "%08x", static_cast<unsigned>(random & 0xFFFFFFFFU));
  return text.data();
}

/// Whether a listing shows what the operation was for.
bool tookEffect(const Operation& operation, const api::Forwarders& listing) {
  const auto* found = api::findLocal(listing, operation.local);
  if (operation.kind == OpKind::Delete) return found == nullptr;
  return found != nullptr && found->destinations == operation.wanted;
}

}  // namespace

/// What one pass carries from step to step. Lives in the frame of `pass`.
struct Reconciler::Pass {
  api::SplitDeliveryDomain resource;
  const Accounts::Secrets& secrets;
  base::SteadyTime startedAt{};
  std::stop_token stop{};
  api::Identity identity{};
  MailAccount* account = nullptr;
  api::AddressBook book{};
  api::Status previous{};
  Findings findings{};
};

base::Task<PassReport> Reconciler::pass(api::SplitDeliveryDomain resource, const Accounts::Secrets& secrets,
                                        std::stop_token stop) {
  Pass pass{.resource = std::move(resource), .secrets = secrets, .startedAt = services_.executor.now()};
  pass.previous = co_await services_.statuses.load(pass.resource.key);
  if (pass.resource.spec.suspend) {
    // It keeps its claim: what was made is still its own.
    services_.claims.setListed(pass.resource.key, pass.resource.spec.domain, true);
    co_return PassReport{
        .resource = pass.resource, .status = pass.previous, .outcome = Outcome::InSync, .suspended = true};
  }
  services_.observer.passStarted(pass.resource);
  co_await workWithin(pass, std::move(stop));
  PassReport report = co_await this->report(pass);
  services_.observer.passEnded(report);
  co_return report;
}

/// The work of a pass, ended by a stop or by the deadline, whichever comes first.
base::Task<Done> Reconciler::workWithin(Pass& pass, std::stop_token stop) {
  std::stop_source ending;
  bool late = false;
  pass.stop = ending.get_token();
  const std::stop_callback stopped(stop, [&ending] { ending.request_stop(); });
  const auto deadline = services_.executor.runAt(pass.startedAt + kPassDeadline, [&ending, &late] {
    late = true;
    ending.request_stop();
  });
  try {
    auto worked = co_await work(pass);
    if (!worked) {
      // Who cannot even begin keeps nobody else from the domain (S15).
      const bool begun = pass.findings.seen.hosted.has_value() || worked.error().reason == "DomainClaimed";
      if (worked.error().kind == ErrorKind::Stall && !begun) {
        services_.claims.setListed(pass.resource.key, pass.resource.spec.domain, false);
      }
      pass.findings.blocker = std::move(worked).error();
    }
  } catch (const std::exception& bug) {
    // One bad pass takes nobody else down. What it threw may hold remote text: only its type is told.
    pass.findings.blocker = base::Error{
        ErrorKind::Retry, "InternalError",
        std::string("a bug in splitdelivery ended this pass (") + typeid(bug).name() + "): please report it"};
  }
  services_.executor.cancel(deadline);
  if (late) {
    pass.findings.blocker = base::Error{ErrorKind::Retry, "PassTimedOut",
                                        "the pass took longer than " + std::to_string(kPassDeadline.count()) +
                                            " minutes and was ended; the next one goes on from there"};
  }
  co_return Done{};
}

base::Task<base::Result<Done>> Reconciler::work(Pass& pass) {
  Findings& findings = pass.findings;
  auto loaded = co_await loadBook(pass);
  if (!loaded) co_return fail(std::move(loaded).error());
  const std::string& domain = pass.resource.spec.domain;
  services_.claims.setOwner(pass.resource.key, domain, !pass.book.ledger.entries.empty());
  if (auto claimed = services_.claims.obstacle(pass.resource.key)) co_return fail(*std::move(claimed));
  auto organization = services_.accounts.organization(pass.resource, pass.secrets);
  if (!organization) co_return fail(std::move(organization).error());
  auto account = services_.accounts.mailAccount(pass.resource, pass.secrets);
  if (!account) co_return fail(std::move(account).error());
  pass.account = *account;

  findings.seen = co_await observe(services_.executor, **organization, **account, pass.resource.spec.domain,
                                   expectedOf(pass.book.ledger, pass.identity, {}), pass.stop);
  if (findings.seen.hosted) services_.claims.setListed(pass.resource.key, domain, *findings.seen.hosted);
  if (!findings.seen.plannable()) co_return Done{};
  api::AddressBook stored = pass.book;
  findings.plan = plan(pass, pass.book.ledger);
  if (mode_ == Mode::Plan) co_return Done{};
  pass.book.ledger = findings.plan->ledger;
  if (findings.plan->writes()) {
    const auto writing = services_.claims.beginWriting(pass.resource.key, domain);
    if (!writing) co_return fail(writing.error());
    co_await apply(pass);
  }
  co_return co_await saveBook(pass, std::move(stored));
}

base::Task<base::Result<Done>> Reconciler::loadBook(Pass& pass) {
  auto identity = Accounts::identity(pass.resource, pass.secrets);
  if (!identity) co_return fail(std::move(identity).error());
  pass.identity = std::move(*identity);
  auto stored = co_await services_.books.load(pass.resource.key);
  if (!stored) co_return fail(std::move(stored).error());
  pass.book = std::move(stored->book);
  pass.findings.bookSetAside = std::move(stored->setAside);
  const auto& known = pass.book.ledger.identity;
  if (known && known->domain != pass.identity.domain) {
    co_return fail(ErrorKind::Stall, "DomainChanged",
                   "spec.domain was " + known->domain + " and cannot change: give the resource for " +
                       pass.identity.domain + " a name of its own");
  }
  co_return Done{};
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
                         .domainListed = !seen.addresses.empty() || !seen.listing->domainList.complete() ||
                                         seen.listing->domain(pass.resource.spec.domain) != nullptr,
                         .present = *seen.forwarders,
                         .mailboxes = seen.mailboxes ? &*seen.mailboxes : nullptr,
                         .now = services_.executor.wallTime()});
}

base::Task<Done> Reconciler::apply(Pass& pass) {
  Findings& findings = pass.findings;
  Apply apply({.executor = services_.executor,
               .store = pass.account->store(),
               .books = services_.books,
               .observer = services_.observer,
               .resource = pass.resource,
               .stop = pass.stop},
              *findings.plan, pass.book, *findings.seen.forwarders, findings.seen.listedAt);
  Applied applied = co_await apply.run();
  findings.failures = std::move(applied.failures);
  findings.ended = std::move(applied.ended);
  pass.book.ledger = std::move(applied.ledger);
  if (hitTheLimit(findings.failures)) {
    auto limits = co_await pass.account->store().limits(pass.stop);
    if (limits) findings.limits = *limits;
  }
  // The next pass lists anyway; who asks us to stop does not want to wait for one more listing.
  if (pass.stop.stop_requested()) co_return Done{};

  const auto asked = services_.executor.now();
  auto listing = co_await listForwarders(pass.account->store(), pass.resource.spec.domain,
                                         expectedOf(pass.book.ledger, pass.identity, applied.attempted), pass.stop);
  if (!listing) {
    if (!findings.ended) findings.ended = std::move(listing).error();
    co_return Done{};
  }
  findings.seen.forwarders = std::move(*listing);
  findings.seen.listedAt = asked;
  weigh(pass, applied.attempted);
  const std::vector<api::LedgerEntry> open = stillOpen(pass);
  findings.plan = plan(pass, std::move(pass.book.ledger));
  pass.book.ledger = findings.plan->ledger;
  putBack(pass.book.ledger, open);
  co_return Done{};
}

/// The entries whose fate the closing listing does not settle: the write behind them may take effect
/// yet, or the server says that the forwarder exists and does not list it. The next pass's listing
/// settles them.
std::vector<api::LedgerEntry> Reconciler::stillOpen(const Pass& pass) {
  std::vector<api::LedgerEntry> open;
  const auto& entries = pass.book.ledger.entries;
  for (const Failure& failure : pass.findings.failures) {
    if (!isUnclear(failure.error) && failure.error.reason != "AlreadyExists") continue;
    if (const auto* entry = api::findLocal(entries, failure.operation.local)) open.push_back(*entry);
  }
  return open;
}

/// Judges by the listing that followed, not by the answers: an unclear answer is clear now, and a
/// server that said yes and did nothing has failed.
void Reconciler::weigh(Pass& pass, const std::vector<Operation>& attempted) {
  Findings& findings = pass.findings;
  const api::Forwarders& listing = *findings.seen.forwarders;
  std::erase_if(findings.failures, [&](const Failure& failure) { return tookEffect(failure.operation, listing); });
  for (const Operation& operation : attempted) {
    if (tookEffect(operation, listing)) {
      ++(operation.kind == OpKind::Create   ? findings.changes.created
         : operation.kind == OpKind::Update ? findings.changes.updated
                                            : findings.changes.deleted);
      findings.done.push_back(operation);
      continue;
    }
    ++findings.changes.failed;
    const auto known = std::ranges::find(findings.failures, operation, &Failure::operation);
    const bool mayComeYet = known != findings.failures.end() && isUnclear(known->error);
    if (known == findings.failures.end()) {
      findings.failures.push_back(
          {operation, base::Error{ErrorKind::Refuse, "NoEffect",
                                  "the mail server accepted the request, but its list does not show the change"}});
    }
    if (operation.countsForGuard() && !mayComeYet) plan::retractChanges(pass.book.ledger, 1);
  }
}

base::Task<base::Result<Done>> Reconciler::saveBook(Pass& pass, api::AddressBook stored) {
  api::AddressBook next{.ledger = pass.book.ledger,
                        .directory = directoryOf(pass.findings.seen),
                        .plan = plan::describe(*pass.findings.plan, pass.resource.spec)};
  if (!worthWriting(std::move(stored), next)) co_return Done{};
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
                       .notes = std::move(remarks),
                       .id = passId(services_.executor.random()),
                       .took = services_.executor.now() - pass.startedAt,
                       .retryAfter = retryAfter(pass.findings)};
}

}  // namespace splitdelivery::reconcile
