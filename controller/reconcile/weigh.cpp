#include "reconcile/weigh.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "api/find_local.h"
#include "plan/guard.h"

namespace splitdelivery::reconcile {
namespace {

using base::ErrorKind;
using plan::Operation;
using plan::OpKind;

/// No answer that says whether the server acted.
bool isUnclear(const base::Error& error) {
  return !error.neverSent &&
         (error.kind == ErrorKind::Unclear || error.kind == ErrorKind::Retry || error.kind == ErrorKind::Stopped);
}

/// Whether a listing shows what the operation was for.
bool tookEffect(const Operation& operation, const api::Forwarders& listing) {
  const auto* found = api::findLocal(listing, operation.local);
  if (operation.kind == OpKind::Delete) return found == nullptr;
  return found != nullptr && found->destinations == operation.wanted;
}

void count(Findings& findings, const Operation& operation) {
  ++(operation.kind == OpKind::Create   ? findings.changes.created
     : operation.kind == OpKind::Update ? findings.changes.updated
                                        : findings.changes.deleted);
  findings.done.push_back(operation);
}

}  // namespace

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

std::vector<api::LedgerEntry> stillOpen(const api::Ledger& ledger, const std::vector<Failure>& failures) {
  std::vector<api::LedgerEntry> open;
  for (const Failure& failure : failures) {
    if (!isUnclear(failure.error) && failure.error.reason != "AlreadyExists") continue;
    if (const auto* entry = api::findLocal(ledger.entries, failure.operation.local)) open.push_back(*entry);
  }
  return open;
}

void putBack(api::Ledger& ledger, const std::vector<api::LedgerEntry>& entries) {
  for (const api::LedgerEntry& entry : entries) {
    if (auto* known = api::findLocal(ledger.entries, entry.local)) {
      *known = entry;
    } else {
      ledger.entries.insert(std::ranges::lower_bound(ledger.entries, entry.local, {}, &api::LedgerEntry::local), entry);
    }
  }
}

void weigh(Findings& findings, api::Ledger& ledger, const std::vector<Operation>& attempted) {
  const api::Forwarders& listing = *findings.seen.forwarders;
  std::erase_if(findings.failures, [&](const Failure& failure) { return tookEffect(failure.operation, listing); });
  for (const Operation& operation : attempted) {
    if (tookEffect(operation, listing)) {
      count(findings, operation);
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
    if (operation.countsForGuard() && !mayComeYet) plan::retractChanges(ledger, 1);
  }
}

void believe(Findings& findings, const std::vector<Operation>& attempted) {
  findings.changes.failed += static_cast<std::uint32_t>(findings.failures.size());
  for (const Operation& operation : attempted) {
    const bool failed = std::ranges::find(findings.failures, operation, &Failure::operation) != findings.failures.end();
    if (!failed) count(findings, operation);
  }
}

}  // namespace splitdelivery::reconcile
