#pragma once

#include "base/executor.h"

namespace splitdelivery::reconcile {

/// The time that the guard's 24 hours are counted in (S5): the wall clock as the process found it, moved on
/// by steady time alone. A wall clock that is put forward opens no second window for deletes.
class GuardClock {
 public:
  explicit GuardClock(base::Executor& executor)
      : executor_(executor), beginning_(executor.wallTime() - executor.now().time_since_epoch()) {}

  [[nodiscard]] base::WallTime now() const { return beginning_ + executor_.now().time_since_epoch(); }

 private:
  base::Executor& executor_;
  base::WallTime beginning_;
};

}  // namespace splitdelivery::reconcile
