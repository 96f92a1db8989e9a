#pragma once

#include <cstddef>

#include "api/resource.h"

namespace splitdelivery::reconcile {

struct Parting;
struct PassReport;

/// Follows passes from outside: progress on a terminal, later metrics. Calls come on the executor.
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
  /// A deleted resource was let go: our finalizer is off (S14). Comes before `passEnded`.
  virtual void parted(const api::SplitDeliveryDomain&, const Parting&) {}
};

}  // namespace splitdelivery::reconcile
