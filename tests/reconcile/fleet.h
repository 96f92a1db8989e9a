#pragma once

#include <map>
#include <string>
#include <vector>

#include "reconcile/controller.h"
#include "reconcile/universe.h"

namespace splitdelivery::reconcile {

/// Many resources under one controller, in virtual time, as `run` has them: the healthy ones on the
/// Universe's mail server, others on a server that never answers.
class Fleet {
 public:
  static constexpr const char* kHangingServer = "https://hang.test:2222";

  /// When the passes of a resource began and how they ended.
  class Diary final : public Observer {
   public:
    explicit Diary(base::Executor& executor) : executor_(executor) {}
    void passStarted(const api::SplitDeliveryDomain& resource) override {
      starts[resource.key].push_back(executor_.now());
    }
    void passEnded(const PassReport& report) override {
      expectLegal(report.status);
      last.insert_or_assign(report.resource.key, report);
    }
    std::map<api::ObjectKey, std::vector<base::SteadyTime>> starts{};
    std::map<api::ObjectKey, PassReport> last{};

   private:
    base::Executor& executor_;
  };

  /// How long items were due before they were handed out.
  class Lateness final : public queue::Observer {
   public:
    void started(base::Duration waited) override { all.push_back(waited); }
    std::vector<base::Duration> all{};
  };

  Fleet(std::size_t healthy, std::size_t hanging, std::uint64_t seed = 1);

  Universe u;
  simulators::World hangingWorld{};
  source::Snapshot manifests{};
  Diary diary{u.executor};
  Lateness lateness{};
  Claims claims{};
  Accounts accounts;
  Reconciler reconciler;
  Controller controller;

  [[nodiscard]] static api::ObjectKey key(std::size_t i) { return {"default", "d" + std::to_string(i)}; }
  api::SplitDeliveryDomain& at(std::size_t i);
  /// Gives the controller what stands in `manifests`.
  void read();
  /// Begins to run, on the executor.
  void start();
  void runFor(base::Duration span) { u.executor.advance(span); }
  /// Asks for a stop and runs until the controller has ended; false when it never does.
  bool stop();

 private:
  void addDomain(std::size_t i, bool hangs);
  bool ended_ = false;
};

}  // namespace splitdelivery::reconcile
