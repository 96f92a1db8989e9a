#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/executor.h"
#include "serve/registry.h"

namespace splitdelivery::serve {

/// How a pass ended. RequeueAfter: well, and it comes again after its interval.
enum class PassResult : std::uint8_t { Success, RequeueAfter, Error, Panicked, TimedOut };

/// controller_runtime_*: passes of one controller. Lives on one executor; must not outlive the registry.
class ReconcileMetrics {
 public:
  ReconcileMetrics(Registry& registry, const std::string& controller);

  /// How many passes may run at a time.
  void workers(std::size_t most) { most_.Set(static_cast<double>(most)); }
  void started() { active_.Increment(); }
  /// Every `started` is followed by one of these.
  void ended(PassResult result, base::Duration took);

 private:
  prometheus::Counter& success_;
  prometheus::Counter& requeueAfter_;
  prometheus::Counter& error_;
  prometheus::Counter& errors_;
  prometheus::Counter& panics_;
  prometheus::Counter& allPanics_;
  prometheus::Counter& timeouts_;
  prometheus::Histogram& took_;
  prometheus::Gauge& most_;
  prometheus::Gauge& active_;
};

}  // namespace splitdelivery::serve
