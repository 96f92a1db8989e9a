#pragma once

#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "base/executor.h"
#include "plan/plan.h"
#include "reconcile/guard_clock.h"
#include "reconcile/observer.h"
#include "reconcile/write_gate.h"
#include "source/source.h"

namespace splitdelivery::reconcile {

/// One operation that did not go through.
struct Failure {
  plan::Operation operation;
  base::Error error;
};

/// What applying a plan left behind. Nothing here says what took effect: the next listing does.
struct Applied {
  api::Ledger ledger;                      ///< entries of what was sent are `creating` or `updating`
  std::vector<plan::Operation> attempted;  ///< sent, whatever the answer was
  std::vector<Failure> failures;           ///< refused, without a clear answer, or not sent
  std::optional<base::Error> ended{};      ///< why the rest was not tried
};

/// Carries out a plan: creates, then updates, then deletes (S7).
///
/// In batches: what a batch is going to do is in the stored ledger before its first request leaves
/// (S2), and counted for the guard; what was not sent after all is taken out again. Before a batch
/// the forwarders are listed again when the last listing is older than half of S2's 30 s, and an
/// operation whose forwarder is no longer as planned is passed over. A refused operation stops
/// nothing; an account in trouble ends the run.
class Apply {
 public:
  struct Context {
    base::Executor& executor;
    const GuardClock& guardClock;
    mailserver::ForwarderStore& store;
    source::BookStore& books;
    Observer& observer;
    const api::SplitDeliveryDomain& resource;
    bool routingReady;  ///< S13: false: nothing but deletes leaves
    std::stop_token stop;
  };

  /// `context`'s parts must outlive the run; `book.ledger` is replaced by the plan's.
  Apply(Context context, plan::Plan plan, api::AddressBook book, api::Forwarders listing, base::SteadyTime listedAt);

  base::Task<Applied> run();

 private:
  using Operations = std::vector<plan::Operation>;

  base::Task<base::Done> creates();
  base::Task<base::Done> updates();
  base::Task<base::Done> deletes();
  base::Task<base::Done> sendCreate(plan::Operation operation);

  base::Task<bool> freshListing();
  base::Task<bool> save();
  [[nodiscard]] bool asPlanned(const plan::Operation& operation) const;
  [[nodiscard]] Operations nextBatch(const Operations& all, std::size_t& from, std::size_t size) const;
  /// Books an answer. True: the request has left, so the operation may have taken effect.
  bool note(const plan::Operation& operation, const base::Result<base::Done>& answer);
  void mark(const Operations& batch, api::LedgerEntry::State state);
  /// Whether a write was not sent because its listing had become too old: then it is listed again.
  bool tooOld(const base::Result<base::Done>& answer);
  [[nodiscard]] bool goesOn() const { return !applied_.ended; }
  /// A server that says "limit reached" a few times means it.
  [[nodiscard]] bool roomForMore() const { return limitRefusals_ < 3; }

  Context context_;
  plan::Plan plan_;
  api::AddressBook book_;
  api::Forwarders listing_;
  base::SteadyTime listedAt_;
  WriteGate gate_;
  Applied applied_;
  std::set<std::string> sent_;  ///< of the batch of creates that is under way
  std::size_t done_ = 0;
  int unclearInARow_ = 0;
  int tooOldInARow_ = 0;
  int limitRefusals_ = 0;
};

}  // namespace splitdelivery::reconcile
