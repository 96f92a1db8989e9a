#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "reconcile/pass.h"
#include "reconcile/surroundings.h"
#include "reconcile/verdict.h"

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
  std::string bookSetAside{};  ///< where a damaged address book was put; empty: there was none
  std::vector<std::string> notes{};
  std::string id{};  ///< eight hexadecimal digits, for logs
  base::Duration took{};
  std::optional<std::chrono::seconds> retryAfter{};  ///< the other side has said when to come back
};

/// Brings one resource's forwarders in step with Zoho: observe, plan, guard, apply, list again,
/// report; or takes back what was made, when a person asks for its end (departure_pass.h). Passes of
/// several resources may run side by side; of one resource, one at a time.
///
/// Holds nothing between passes but what it was given and what was seen of DNS and of the mail
/// server's settings; all of the former must outlive every pass.
class Reconciler {
 public:
  using Services = reconcile::Services;

  Reconciler(Services services, Mode mode)
      : services_(services),
        mode_(mode),
        guardClock_(services.executor),
        surroundings_(services.executor, services.resolver) {}

  /// Never fails as a whole: whatever goes wrong is in the report and in the status.
  base::Task<PassReport> pass(api::SplitDeliveryDomain resource, const Accounts::Secrets& secrets,
                              std::stop_token stop);

  /// How long the oldest pass under way has been at work; longer than PassClock::kLongest and some
  /// patience, and something is stuck.
  [[nodiscard]] base::Duration longestRunning() const {
    return running_.empty() ? base::Duration{} : services_.executor.now() - *running_.begin();
  }

 private:
  base::Task<base::Done> workWithin(Pass& pass, std::stop_token stop);
  base::Task<base::Result<base::Done>> work(Pass& pass);
  base::Task<base::Result<base::Done>> loadBook(Pass& pass);
  void tellOwner(const api::SplitDeliveryDomain& resource, const api::AddressBook& book);
  [[nodiscard]] static base::Result<base::Done> identify(Pass& pass);
  base::Task<base::Result<base::Done>> synchronize(Pass& pass, zoho::Organization& organization);
  base::Task<ServerSettings> judgeWay(Pass& pass);
  [[nodiscard]] plan::Plan plan(const Pass& pass, api::Ledger ledger) const;
  base::Task<base::Result<base::Done>> saveBook(Pass& pass, api::AddressBook stored);
  base::Task<PassReport> report(Pass& pass);

  Services services_;
  Mode mode_;
  GuardClock guardClock_;
  Surroundings surroundings_;
  Running running_;
};

}  // namespace splitdelivery::reconcile
