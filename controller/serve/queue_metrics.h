#pragma once

#include <cstddef>
#include <set>
#include <string>

#include "base/executor.h"
#include "serve/registry.h"

namespace splitdelivery::serve {

/// workqueue_*: what a work queue tells of itself, call for call as queue::Observer has it (this room does not know
/// that one; the wiring passes the calls on). Lives on one executor; must not outlive the registry.
class QueueMetrics {
 public:
  QueueMetrics(base::Executor& executor, Registry& registry, const std::string& name);

  void added() { adds_.Increment(); }
  void depth(std::size_t dueNow) { depth_.Set(static_cast<double>(dueNow)); }
  void started(base::Duration waited);
  void finished(base::Duration worked);
  void retried() { retries_.Increment(); }

 private:
  void refresh();

  base::Executor& executor_;
  prometheus::Gauge& depth_;
  prometheus::Counter& adds_;
  prometheus::Counter& retries_;
  prometheus::Histogram& waited_;
  prometheus::Histogram& worked_;
  prometheus::Gauge& unfinished_;
  prometheus::Gauge& longest_;
  std::multiset<base::SteadyTime> inWork_;  ///< since when
};

}  // namespace splitdelivery::serve
