#pragma once

#include <map>
#include <string>

#include "reconcile/observer.h"
#include "reconcile/reconciler.h"

namespace splitdelivery::cli {

/// Puts the passes of a service into its log, one line an event, so that a quiet service is quiet:
///   warn   a resource stops being ready, or is not ready for another reason than before, or another plan is held
///   info   it becomes ready; something was created, updated or deleted
///   debug  a pass that changed nothing
/// Counts and reasons only: addresses are shown by `plan` and in the status.
class RunLog final : public reconcile::Observer {
 public:
  void passEnded(const reconcile::PassReport& report) override;
  /// What was said of others is forgotten.
  void resourcesAre(const std::vector<api::SplitDeliveryDomain>& resources);

  void resourceIsGone(const api::ObjectKey& key) { said_.erase(key); }

 private:
  std::map<api::ObjectKey, std::string> said_;  ///< status and reason of Ready and the held plan, as last logged
};

}  // namespace splitdelivery::cli
