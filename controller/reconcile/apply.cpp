#include "reconcile/apply.h"

#include <algorithm>

#include "api/find_local.h"
#include "base/await.h"
#include "plan/guard.h"

namespace splitdelivery::reconcile {
namespace {

using api::LedgerEntry;
using base::Done;
using base::ErrorKind;
using plan::Operation;
using plan::OpKind;

/// Creates that share one save of the book: few, so that a crash leaves few entries which a
/// hand-made forwarder could be mistaken for; more where a book is large and a save costs more. Up to 32
/// go in one: most domains' first pass.
std::size_t createBatch(std::size_t creates) {
  return std::clamp<std::size_t>(creates / 64, 32, 256);
}

/// S2. A batch begins within half of it: the other half is for the way to the server.
constexpr std::chrono::seconds kOldestListing{30};
constexpr std::size_t kParallelCreates = 2;
constexpr int kTriesInARow = 3;

std::vector<LedgerEntry>::iterator placeOf(api::Ledger& ledger, const std::string& local) {
  return std::ranges::lower_bound(ledger.entries, local, {}, &LedgerEntry::local);
}

std::uint32_t counting(const std::vector<Operation>& operations) {
  return static_cast<std::uint32_t>(std::ranges::count_if(operations, &Operation::countsForGuard));
}

}  // namespace

Apply::Apply(Context context, plan::Plan plan, api::AddressBook book, api::Forwarders listing,
             base::SteadyTime listedAt)
    : context_(std::move(context)),
      plan_(std::move(plan)),
      book_(std::move(book)),
      listing_(std::move(listing)),
      listedAt_(listedAt),
      gate_({.store = context_.store,
             .spec = context_.resource.spec,
             .mode = Mode::Sync,
             .routingReady = context_.routingReady,
             .stop = context_.stop},
            plan_.held) {
  book_.ledger = std::move(plan_.ledger);
}

base::Task<Applied> Apply::run() {
  co_await creates();
  if (goesOn()) co_await updates();
  if (goesOn()) co_await deletes();
  applied_.ledger = std::move(book_.ledger);
  co_return std::move(applied_);
}

base::Task<Done> Apply::creates() {
  std::size_t from = 0;
  while (goesOn() && roomForMore() && from < plan_.creates.size()) {
    if (!co_await freshListing()) break;
    const Operations batch = nextBatch(plan_.creates, from, createBatch(plan_.creates.size()));
    std::set<std::string> added;
    for (const Operation& operation : batch) {
      const auto place = placeOf(book_.ledger, operation.local);
      // What was ours before, and is made again, stands there already.
      if (place != book_.ledger.entries.end() && place->local == operation.local) continue;
      book_.ledger.entries.insert(place, {.local = operation.local,
                                          .state = LedgerEntry::State::Creating,
                                          .destinations = operation.wanted,
                                          .kinds = operation.kinds});
      added.insert(operation.local);
    }
    sent_.clear();
    if (co_await save()) {
      std::vector<base::Task<Done>> sends;
      sends.reserve(batch.size());
      for (const Operation& operation : batch) sends.push_back(sendCreate(operation));
      co_await base::all(context_.executor, std::move(sends), kParallelCreates);
    }
    // What never left is not ours: out of the ledger again, stored with the next save.
    for (const std::string& local : added) {
      if (!sent_.contains(local)) book_.ledger.entries.erase(placeOf(book_.ledger, local));
    }
  }
  co_return Done{};
}

base::Task<Done> Apply::sendCreate(Operation operation) {
  if (!goesOn() || !roomForMore()) co_return Done{};
  if (note(operation, co_await gate_.create(operation))) sent_.insert(operation.local);
  co_return Done{};
}

base::Task<Done> Apply::updates() {
  std::size_t from = 0;
  while (goesOn() && from < plan_.updates.size()) {
    if (!co_await freshListing()) break;
    const std::size_t start = from;
    const Operations batch = nextBatch(plan_.updates, from, 1);
    if (batch.empty()) continue;
    const Operation& operation = batch.front();
    LedgerEntry& entry = *placeOf(book_.ledger, operation.local);
    entry.state = LedgerEntry::State::Updating;
    entry.previous = operation.present;
    entry.destinations = operation.wanted;
    plan::recordChanges(book_.ledger, context_.guardClock.now(), counting(batch));
    if (co_await save()) {
      const auto answer = co_await gate_.update(operation, listedAt_ + kOldestListing);
      if (note(operation, answer)) continue;
      if (tooOld(answer)) from = start;
    }
    entry.state = LedgerEntry::State::Managed;
    entry.destinations = std::exchange(entry.previous, {});
    plan::retractChanges(book_.ledger, counting(batch));
  }
  co_return Done{};
}

base::Task<Done> Apply::deletes() {
  std::size_t size = context_.store.deleteBatch();
  std::size_t from = 0;
  while (goesOn() && from < plan_.deletes.size()) {
    if (!co_await freshListing()) break;
    const std::size_t start = from;
    const Operations batch = nextBatch(plan_.deletes, from, size);
    if (batch.empty()) continue;
    mark(batch, LedgerEntry::State::Deleting);
    plan::recordChanges(book_.ledger, context_.guardClock.now(), counting(batch));
    base::Result<Done> answer = Done{};
    bool sent = false;
    bool oneByOne = false;
    if (co_await save()) {
      answer = co_await gate_.remove(batch, listedAt_ + kOldestListing);
      // One name that the server refuses must not keep the others: list again, and one by one.
      oneByOne = !answer && answer.error().kind == ErrorKind::Refuse && batch.size() > 1;
      for (const Operation& operation : batch) sent |= !oneByOne && note(operation, answer);
    }
    if (sent) continue;
    mark(batch, LedgerEntry::State::Managed);
    plan::retractChanges(book_.ledger, counting(batch));
    if (oneByOne) {
      size = 1;
      from = start;
      listedAt_ = {};
    } else if (tooOld(answer)) {
      from = start;
    }
  }
  co_return Done{};
}

void Apply::mark(const Operations& batch, api::LedgerEntry::State state) {
  for (const Operation& operation : batch) placeOf(book_.ledger, operation.local)->state = state;
}

bool Apply::tooOld(const base::Result<Done>& answer) {
  if (answer || answer.error().reason != "ListingTooOld") return false;
  listedAt_ = {};
  if (++tooOldInARow_ >= kTriesInARow) applied_.ended = answer.error();
  return true;
}

base::Task<bool> Apply::freshListing() {
  if (context_.stop.stop_requested()) {
    applied_.ended = base::Error{ErrorKind::Stopped, "Stopped", "the program was asked to stop", std::nullopt, true};
    co_return false;
  }
  const auto now = context_.executor.now();
  if (listedAt_ != base::SteadyTime{} && now - listedAt_ <= kOldestListing / 2) co_return true;
  auto listing = co_await context_.store.list(context_.resource.spec.domain, context_.stop);
  if (!listing) {
    applied_.ended = std::move(listing).error();
    co_return false;
  }
  listing_ = std::move(*listing);
  listedAt_ = now;
  co_return true;
}

base::Task<bool> Apply::save() {
  const auto saved = co_await context_.books.save(context_.resource.key, book_);
  if (!saved) applied_.ended = saved.error();
  co_return saved.has_value();
}

bool Apply::asPlanned(const Operation& operation) const {
  const auto* found = api::findLocal(listing_, operation.local);
  if (operation.kind == OpKind::Create) return found == nullptr;
  return found != nullptr && found->destinations == operation.present;
}

Apply::Operations Apply::nextBatch(const Operations& all, std::size_t& from, std::size_t size) const {
  Operations batch;
  while (from < all.size() && batch.size() < size) {
    const Operation& operation = all[from++];
    if (asPlanned(operation)) batch.push_back(operation);
  }
  return batch;
}

bool Apply::note(const Operation& operation, const base::Result<Done>& answer) {
  context_.observer.wrote(context_.resource, ++done_,
                          plan_.creates.size() + plan_.updates.size() + plan_.deletes.size());
  if (answer) {
    unclearInARow_ = 0;
    tooOldInARow_ = 0;
    applied_.attempted.push_back(operation);
    return true;
  }
  const base::Error& error = answer.error();
  if (!error.neverSent) applied_.attempted.push_back(operation);
  if (error.kind != ErrorKind::Stopped && error.reason != "ListingTooOld")
    applied_.failures.push_back({operation, error});
  switch (error.kind) {
    case ErrorKind::Refuse:
      unclearInARow_ = 0;
      if (error.reason == "ForwarderLimitReached") ++limitRefusals_;
      break;
    case ErrorKind::Unclear:
    case ErrorKind::Retry:
      if (error.reason != "ListingTooOld" && ++unclearInARow_ >= kTriesInARow) applied_.ended = error;
      break;
    case ErrorKind::Wait:
    case ErrorKind::Stall:
    case ErrorKind::Stopped:
      applied_.ended = error;
      break;
  }
  return !error.neverSent;
}

}  // namespace splitdelivery::reconcile
