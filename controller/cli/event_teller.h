#pragma once

#include <map>
#include <optional>
#include <string>

#include "kube/events.h"
#include "reconcile/observer.h"
#include "reconcile/parting.h"
#include "source/cluster/domains.h"

namespace splitdelivery::cli {

/// Tells in Events of a resource what a person would want to have been told of (docs/status.md has the list): changes,
/// that it becomes ready or stops being so, what waits for them, and its end.
///
/// What the status says already when a process begins is not told again. Lives on the executor.
class EventTeller final : public reconcile::Observer {
 public:
  /// Both outlive this.
  EventTeller(kube::EventRecorder& recorder, const source::cluster::Domains& domains)
      : recorder_(recorder), domains_(domains) {}

  void passStarted(const api::SplitDeliveryDomain& resource) override;
  void passEnded(const reconcile::PassReport& report) override;
  void invalid(const api::SplitDeliveryDomain& resource, const std::string& message) override;
  void suspended(const api::SplitDeliveryDomain& resource) override;
  /// Waits until its Event was sent, for EventRecorder::kPatience at most.
  base::Task<base::Done> parting(const api::SplitDeliveryDomain& resource, const reconcile::Parting& parting) override;

  void resourceIsGone(const api::ObjectKey& key) { told_.erase(key); }

 private:
  /// What a person was told last of a resource.
  struct Told {
    std::string ready{};     ///< status and reason
    std::string heldPlan{};  ///< empty: nothing is held
    bool suspended = false;
    std::optional<base::WallTime> departed{};  ///< which deletion's end
  };

  Told& toldOf(const api::ObjectKey& key);
  void tellReady(const reconcile::PassReport& report, Told& told);
  void tellHeld(const reconcile::PassReport& report, Told& told);
  void tellChanges(const reconcile::PassReport& report);
  void tell(const api::ObjectKey& key, kube::EventType type, std::string reason, std::string action, std::string note);
  [[nodiscard]] kube::Regarding regarding(const api::ObjectKey& key) const;

  kube::EventRecorder& recorder_;
  const source::cluster::Domains& domains_;
  std::map<api::ObjectKey, Told> told_;
};

}  // namespace splitdelivery::cli
