#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>

#include "base/await.h"

namespace splitdelivery::base {

/// Lets at most `permits` coroutines through at a time, first come, first served.
///
/// Lives on one executor; must outlive its permits.
class Semaphore {
 public:
  /// Held while the work goes on; gives its place to the next in line when it dies.
  class Permit {
   public:
    Permit(Permit&& other) noexcept : semaphore_(std::exchange(other.semaphore_, nullptr)) {}
    Permit& operator=(Permit&& other) noexcept {
      std::swap(semaphore_, other.semaphore_);
      return *this;
    }
    Permit(const Permit&) = delete;
    Permit& operator=(const Permit&) = delete;
    ~Permit() {
      if (semaphore_ != nullptr) semaphore_->release();
    }

   private:
    friend Semaphore;
    explicit Permit(Semaphore& semaphore) : semaphore_(&semaphore) {}
    Semaphore* semaphore_;
  };

  Semaphore(Executor& executor, std::size_t permits) : executor_(executor), free_(permits) {}

  /// Nothing when a stop was asked for first.
  Task<std::optional<Permit>> acquire(std::stop_token stop);

 private:
  void release();

  Executor& executor_;
  std::size_t free_;
  std::deque<std::shared_ptr<Deferred<bool>>> waiting_;
};

}  // namespace splitdelivery::base
