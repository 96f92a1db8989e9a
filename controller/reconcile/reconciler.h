#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "api/resource.h"
#include "base/executor.h"
#include "reconcile/accounts.h"
#include "reconcile/claims.h"
#include "reconcile/findings.h"
#include "reconcile/observer.h"
#include "reconcile/verdict.h"
#include "source/source.h"

namespace splitdelivery::reconcile {

/// What one pass over one resource came to: what a person is shown, and no more, since hundreds of
/// these are kept until the last pass has ended.
struct PassReport {
  api::SplitDeliveryDomain resource;
  std::optional<plan::Plan> plan{};     ///< without its ledger
  api::ChangeCounts changes{};          ///< of this pass
  std::vector<plan::Operation> done{};  ///< what took effect
  std::vector<Failure> failures{};
  api::Status status{};
  Outcome outcome = Outcome::Failed;
  bool suspended = false;
  std::vector<std::string> notes{};
  std::string id{};  ///< eight hexadecimal digits, for logs
  base::Duration took{};
  std::optional<std::chrono::seconds> retryAfter{};  ///< the other side has said when to come back
};

/// Brings one resource's forwarders in step with Zoho: observe, plan, guard, apply, list again,
/// report. Passes of several resources may run side by side; of one resource, one at a time.
///
/// Holds nothing between passes but what it was given; all of it must outlive every pass.
class Reconciler {
 public:
  struct Services {
    base::Executor& executor;
    Accounts& accounts;
    source::BookStore& books;
    source::StatusStore& statuses;
    Observer& observer;
    Claims& claims;
  };

  /// A pass is ended after this long; the next goes on from where it was (nothing that it did is lost).
  static constexpr std::chrono::minutes kPassDeadline{15};

  Reconciler(Services services, Mode mode) : services_(services), mode_(mode) {}

  /// Never fails as a whole: whatever goes wrong is in the report and in the status.
  base::Task<PassReport> pass(api::SplitDeliveryDomain resource, const Accounts::Secrets& secrets,
                              std::stop_token stop);

 private:
  struct Pass;

  base::Task<base::Done> workWithin(Pass& pass, std::stop_token stop);
  base::Task<base::Result<base::Done>> work(Pass& pass);
  base::Task<base::Result<base::Done>> loadBook(Pass& pass);
  [[nodiscard]] plan::Plan plan(const Pass& pass, api::Ledger ledger) const;
  base::Task<base::Done> apply(Pass& pass);
  [[nodiscard]] static std::vector<api::LedgerEntry> stillOpen(const Pass& pass);
  static void weigh(Pass& pass, const std::vector<plan::Operation>& attempted);
  base::Task<base::Result<base::Done>> saveBook(Pass& pass, api::AddressBook stored);
  base::Task<PassReport> report(Pass& pass);

  Services services_;
  Mode mode_;
};

}  // namespace splitdelivery::reconcile
