#pragma once

#include <functional>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "queue/work_queue.h"
#include "support/virtual_executor.h"

namespace splitdelivery::queue {

/// The virtual executor, counting the timers that are armed.
class CountingExecutor final : public base::Executor {
 public:
  explicit CountingExecutor(testing::VirtualExecutor& next) : next_(next) {}

  [[nodiscard]] base::SteadyTime now() const override { return next_.now(); }
  [[nodiscard]] base::WallTime wallTime() const override { return next_.wallTime(); }
  void post(Work work) override { next_.post(std::move(work)); }
  TimerId runAt(base::SteadyTime when, Work work) override {
    auto id = std::make_shared<TimerId>(0);
    *id = next_.runAt(when, [this, id, work = std::move(work)] {
      armed.erase(*id);
      ++fired;
      work();
    });
    armed.insert(*id);
    return *id;
  }
  void cancel(TimerId timer) override {
    armed.erase(timer);
    next_.cancel(timer);
  }
  void offload(Work blocking, Work then) override { next_.offload(std::move(blocking), std::move(then)); }
  std::uint64_t random() override { return next_.random(); }

  std::set<TimerId> armed;
  int fired = 0;

 private:
  testing::VirtualExecutor& next_;
};

/// What an observer was told.
class Recorder final : public Observer {
 public:
  void added() override { ++adds; }
  void depth(std::size_t dueNow) override { depths.push_back(dueNow); }
  void started(base::Duration waited) override { waits.push_back(waited); }
  void finished(base::Duration worked) override { works.push_back(worked); }
  void retried() override { ++retries; }

  int adds = 0;
  int retries = 0;
  std::vector<std::size_t> depths;
  std::vector<base::Duration> waits;
  std::vector<base::Duration> works;
};

/// A queue of words on virtual time.
struct Rig {
  testing::VirtualExecutor clock{};
  CountingExecutor executor{clock};
  Recorder recorder{};
  WorkQueue<std::string> queue{executor, recorder};

  /// The key that is handed out now, "" when none is.
  std::string take() {
    std::stop_source stop;
    std::optional<std::string> key;
    bool ended = false;
    base::spawn(executor, queue.next(stop.get_token()), [&](const auto&, auto value) {
      if (value) key = std::move(*value);
      ended = true;
    });
    clock.advance({});
    if (!ended) {
      stop.request_stop();
      clock.advance({});
    }
    return key.value_or("");
  }

  /// All that is due, in the order in which it is handed out, each done at once.
  std::vector<std::string> takeAll() {
    std::vector<std::string> keys;
    for (std::string key = take(); !key.empty(); key = take()) {
      queue.done(key);
      keys.push_back(key);
    }
    return keys;
  }

  /// One that waits from now on, and notes what it is given: "nothing" on a stop.
  void wait(std::vector<std::string>& given, std::stop_token stop = {}) {
    base::spawn(executor, queue.next(std::move(stop)),
                [&given](const auto&, std::optional<std::optional<std::string>> key) {
                  given.push_back(key->value_or("nothing"));
                });
    clock.advance({});
  }
};

}  // namespace splitdelivery::queue
