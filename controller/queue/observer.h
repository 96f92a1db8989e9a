#pragma once

#include <cstddef>

#include "base/executor.h"

namespace splitdelivery::queue {

/// Follows a work queue from outside, for metrics. Calls come on the executor, and must not call the queue back.
///
/// "In line" is what is due and not yet in work; what is due later does not count (as in client-go's metrics).
class Observer {
 public:
  Observer() = default;
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;
  virtual ~Observer() = default;

  /// An item has come into line.
  virtual void added() {}
  /// So many items are in line now.
  virtual void depth(std::size_t /*dueNow*/) {}
  /// An item was handed out, `waited` after it was due.
  virtual void started(base::Duration /*waited*/) {}
  /// An item's work has ended after `worked`.
  virtual void finished(base::Duration /*worked*/) {}
  /// Somebody asked for an item to come again later.
  virtual void retried() {}
};

}  // namespace splitdelivery::queue
