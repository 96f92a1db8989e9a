#pragma once

#include <memory>

#include "base/executor.h"

namespace splitdelivery::http {

/// The real executor: cpprestsdk's own pool, of one thread, working off one queue.
///
/// Our work runs one piece at a time, cpprestsdk's socket work in between, on the same thread: work
/// that takes long holds up every connection. `offload` has one thread of its own, started when first needed. One per
/// process, made before anything of cpprestsdk is used.
class RealExecutor final : public base::Executor {
 public:
  RealExecutor();
  /// Waits for the work under way and drops the rest; never called from work on the executor.
  ~RealExecutor() override;

  [[nodiscard]] base::SteadyTime now() const override;
  [[nodiscard]] base::WallTime wallTime() const override;
  void post(Work work) override;
  TimerId runAt(base::SteadyTime when, Work work) override;
  void cancel(TimerId timer) override;
  void offload(Work blocking, Work then) override;
  std::uint64_t random() override;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace splitdelivery::http
