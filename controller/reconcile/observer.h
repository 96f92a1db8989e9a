#pragma once

#include <cstddef>
#include <string>

#include "api/resource.h"
#include "base/result.h"
#include "base/task.h"

namespace splitdelivery::reconcile {

struct Parting;
struct PassReport;

/// Follows passes from outside: progress on a terminal, logs, metrics, Events. Calls come on the executor.
class Observer {
 public:
  Observer() = default;
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;
  virtual ~Observer() = default;

  virtual void passStarted(const api::SplitDeliveryDomain&) {}
  /// `done` of `total` writes of a pass were sent.
  virtual void wrote(const api::SplitDeliveryDomain&, std::size_t /*done*/, std::size_t /*total*/) {}
  /// With everything that came of it; not called for a suspended resource.
  virtual void passEnded(const PassReport&) {}
  /// A resource cannot be used as it stands, and its status has just come to say so.
  virtual void invalid(const api::SplitDeliveryDomain&, const std::string& /*message*/) {}
  /// A suspended resource was looked at, and nothing is done for it.
  virtual void suspended(const api::SplitDeliveryDomain&) {}
  /// A deleted resource may go (parting.h): what is to be said while it is still there. Waited for before its finalizer
  /// goes, so it does not take long, whatever happens. What is given is used up before the task is returned.
  virtual base::Task<base::Done> parting(const api::SplitDeliveryDomain& resource, const Parting& parting);
  /// A deleted resource was let go: our finalizer is off (S14). Comes before `passEnded`.
  virtual void parted(const api::SplitDeliveryDomain&, const Parting&) {}
};

}  // namespace splitdelivery::reconcile
