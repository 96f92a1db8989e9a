#include "reconcile/apply.h"

#include <algorithm>

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
/// hand-made forwarder could be mistaken for; more where a book is large and a save costs more.
std::size_t createBatch(std::size_t creates) {
  return std::clamp<std::size_t>(creates / 64, 16, 256);
}

/// Half of S2's 30 s: the other half is for the way to the server.
constexpr std::chrono::seconds kListingAge{15};
constexpr std::size_t kParallelCreates = 2;
constexpr int kUnclearEndsRun = 3;

std::vector<LedgerEntry>::iterator placeOf(api::Ledger& ledger, const std::string& local) {
  return std::ranges::lower_bound(ledger.entries, local, {}, &LedgerEntry::local);
}

std::uint32_t countUnapproved(const std::vector<Operation>& operations) {
  return static_cast<std::uint32_t>(std::ranges::count(operations, false, &Operation::approved));
}

}  // namespace

bool surelyNotDone(const base::Error& error) {
  switch (error.kind) {
    case ErrorKind::Refuse:
      return error.reason != "AlreadyExists";
    case ErrorKind::Wait:
    case ErrorKind::Stall:
    case ErrorKind::Stopped:
      return true;
    case ErrorKind::Retry:
    case ErrorKind::Unclear:
      return false;
  }
  return false;
}

Apply::Apply(Context context, plan::Plan plan, api::AddressBook book, api::Forwarders listing,
             base::SteadyTime listedAt)
    : context_(std::move(context)),
      plan_(std::move(plan)),
      book_(std::move(book)),
      listing_(std::move(listing)),
      listedAt_(listedAt),
      gate_(context_.store, context_.resource.spec, Mode::Sync, plan_.held, context_.stop) {
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
  while (goesOn() && roomForMore_ && from < plan_.creates.size()) {
    if (!co_await freshListing()) break;
    const Operations batch = nextBatch(plan_.creates, from, createBatch(plan_.creates.size()));
    for (const Operation& operation : batch) {
      book_.ledger.entries.insert(placeOf(book_.ledger, operation.local), {.local = operation.local,
                                                                           .state = LedgerEntry::State::Creating,
                                                                           .destinations = operation.wanted,
                                                                           .kinds = operation.kinds});
    }
    mayStand_.clear();
    if (co_await save()) {
      std::vector<base::Task<Done>> sends;
      sends.reserve(batch.size());
      for (const Operation& operation : batch) sends.push_back(sendCreate(operation));
      co_await base::all(context_.executor, std::move(sends), kParallelCreates);
    }
    // What was not made is not ours: out of the ledger again, stored with the next save.
    for (const Operation& operation : batch) {
      if (!mayStand_.contains(operation.local)) book_.ledger.entries.erase(placeOf(book_.ledger, operation.local));
    }
  }
  co_return Done{};
}

base::Task<Done> Apply::sendCreate(Operation operation) {
  if (!goesOn() || !roomForMore_) co_return Done{};
  if (note(operation, co_await gate_.create(operation))) mayStand_.insert(operation.local);
  co_return Done{};
}

base::Task<Done> Apply::updates() {
  std::size_t from = 0;
  while (goesOn() && from < plan_.updates.size()) {
    if (!co_await freshListing()) break;
    const Operations batch = nextBatch(plan_.updates, from, 1);
    if (batch.empty()) continue;
    const Operation& operation = batch.front();
    LedgerEntry& entry = *placeOf(book_.ledger, operation.local);
    entry.state = LedgerEntry::State::Updating;
    entry.previous = operation.present;
    entry.destinations = operation.wanted;
    plan::recordChanges(book_.ledger, context_.executor.wallTime(), countUnapproved(batch));
    if (co_await save() && note(operation, co_await gate_.update(operation))) continue;
    entry.state = LedgerEntry::State::Managed;
    entry.destinations = std::exchange(entry.previous, {});
    plan::retractChanges(book_.ledger, countUnapproved(batch));
  }
  co_return Done{};
}

base::Task<Done> Apply::deletes() {
  std::size_t from = 0;
  while (goesOn() && from < plan_.deletes.size()) {
    if (!co_await freshListing()) break;
    const Operations batch = nextBatch(plan_.deletes, from, context_.store.deleteBatch());
    if (batch.empty()) continue;
    plan::recordChanges(book_.ledger, context_.executor.wallTime(), countUnapproved(batch));
    bool mayHaveEffect = false;
    if (co_await save()) {
      const auto answer = co_await gate_.remove(batch);
      for (const Operation& operation : batch) mayHaveEffect |= note(operation, answer);
    }
    if (!mayHaveEffect) plan::retractChanges(book_.ledger, countUnapproved(batch));
  }
  co_return Done{};
}

base::Task<bool> Apply::freshListing() {
  if (context_.stop.stop_requested()) {
    applied_.ended = base::Error{ErrorKind::Stopped, "Stopped", "the program was asked to stop"};
    co_return false;
  }
  if (context_.executor.now() - listedAt_ <= kListingAge) co_return true;
  auto listing = co_await context_.store.list(context_.resource.spec.domain, context_.stop);
  if (!listing) {
    applied_.ended = std::move(listing).error();
    co_return false;
  }
  listing_ = std::move(*listing);
  listedAt_ = context_.executor.now();
  co_return true;
}

base::Task<bool> Apply::save() {
  const auto saved = co_await context_.books.save(context_.resource.key, book_);
  if (!saved) applied_.ended = saved.error();
  co_return saved.has_value();
}

bool Apply::asPlanned(const Operation& operation) const {
  const auto found = std::ranges::lower_bound(listing_, operation.local, {}, &api::Forwarder::local);
  const bool present = found != listing_.end() && found->local == operation.local;
  return operation.kind == OpKind::Create ? !present : present && found->destinations == operation.present;
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
    applied_.attempted.push_back(operation);
    return true;
  }
  const base::Error& error = answer.error();
  if (error.kind != ErrorKind::Stopped) {
    applied_.attempted.push_back(operation);
    applied_.failures.push_back({operation, error});
  }
  switch (error.kind) {
    case ErrorKind::Refuse:
      unclearInARow_ = 0;
      if (error.reason == "ForwarderLimitReached") roomForMore_ = false;
      break;
    case ErrorKind::Unclear:
    case ErrorKind::Retry:
      if (++unclearInARow_ >= kUnclearEndsRun) applied_.ended = error;
      break;
    case ErrorKind::Wait:
    case ErrorKind::Stall:
    case ErrorKind::Stopped:
      applied_.ended = error;
      break;
  }
  return !surelyNotDone(error);
}

}  // namespace splitdelivery::reconcile
