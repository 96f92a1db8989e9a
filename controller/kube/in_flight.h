#pragma once

#include <algorithm>
#include <optional>
#include <utility>

#include "base/executor.h"

namespace splitdelivery::kube {

/// The requests under way, each with the moment by which it has to have ended. Kept in the requests themselves: no
/// allocation.
class InFlight {
 public:
  /// One of them, for as long as it lives. Stays where it is: a variable of the coroutine that sends.
  class Entry {
   public:
    Entry(InFlight& all, base::SteadyTime due) : all_(all), due_(due), next_(std::exchange(all.first_, this)) {
      if (next_ != nullptr) next_->previous_ = this;
    }
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;
    ~Entry() {
      (previous_ != nullptr ? previous_->next_ : all_.first_) = next_;
      if (next_ != nullptr) next_->previous_ = previous_;
    }

   private:
    friend InFlight;
    InFlight& all_;
    const base::SteadyTime due_;
    Entry* previous_ = nullptr;
    Entry* next_;
  };

  /// When the first of them has to have ended; nothing when there are none.
  [[nodiscard]] std::optional<base::SteadyTime> firstDue() const {
    std::optional<base::SteadyTime> first;
    for (const Entry* each = first_; each != nullptr; each = each->next_) {
      first = first ? std::min(*first, each->due_) : each->due_;
    }
    return first;
  }

 private:
  Entry* first_ = nullptr;
};

}  // namespace splitdelivery::kube
