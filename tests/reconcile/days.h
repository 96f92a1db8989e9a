#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "reconcile/controller.h"
#include "reconcile/days_stores.h"
#include "reconcile/days_witness.h"

namespace splitdelivery::reconcile {

/// One domain and its controller over virtual days, as `run` has them: a world that a story makes ill
/// and well again, a process that can be started anew over the same state, and at every step a Witness.
class Days {
 public:
  explicit Days(std::size_t users, std::uint64_t seed = 1, std::chrono::seconds interval = std::chrono::minutes{30});
  ~Days();
  Days(const Days&) = delete;
  Days& operator=(const Days&) = delete;

  Universe u;
  Disk disk{};
  BooksOnDisk books{disk, u.books};
  StatusesOnDisk statuses{disk, u.statuses, u.executor};
  AccountsOnDisk records{disk, u.records};
  source::Snapshot manifests{};  ///< what stands in the folder; `read` hands it over
  Witness witness;

  void start();
  /// Asks for a stop and waits for it.
  void stop();
  void restart();
  void read();
  /// Time passes; the witness looks at every step of it.
  void runFor(base::Duration span);

  /// A person writes this plan id into the document; `approveHeld`: the one that the status shows.
  void approve(const std::string& id);
  void approveHeld();

  // The world, with the witness's knowledge.
  void join(const std::string& local);
  void leave(const std::string& local);
  /// So many leave, the first in the alphabet first.
  void shrinkBy(std::size_t users);
  void addOthers(const std::string& local, const std::string& destination);
  /// The server loses this one.
  void lose(const std::string& local);

  [[nodiscard]] api::SplitDeliveryDomain& resource() { return manifests.resources.front(); }
  [[nodiscard]] const PassReport& last() const { return diary_.reports.at(u.resource.key); }
  [[nodiscard]] std::string ready() const { return readyReason(last()); }
  [[nodiscard]] bool isReady() const;
  [[nodiscard]] std::size_t passes() const { return diary_.passes; }
  [[nodiscard]] int readyMoves() { return statuses.readyMoves[u.resource.key]; }
  /// What the server has when all is in sync.
  [[nodiscard]] std::map<std::string, std::string> wanted() const;

  /// The world is well: within `span` all is in sync, and the status says so.
  void expectWellWithin(base::Duration span);
  /// The same, for which two passes are enough, the first of them after the longest backoff.
  void expectWellSoon() { expectWellWithin(passesTake(2)); }
  /// So long do `n` passes take at most, if they fail.
  [[nodiscard]] base::Duration passesTake(int n) { return n * (resource().spec.interval * 6 / 5); }
  /// All that Zoho has stands on the server, nothing of ours besides, and the status says so.
  void expectInSync();

 private:
  /// Holds S10 at each start: errors never poll faster than success, Retry-After is waited for.
  class Diary final : public Observer {
   public:
    explicit Diary(base::Executor& executor) : executor_(executor) {}
    void passStarted(const api::SplitDeliveryDomain& resource) override;
    void passEnded(const PassReport& report) override;
    /// A change: passes may begin at once.
    void changed() { changedAt_ = executor_.now(); }
    std::map<api::ObjectKey, PassReport> reports{};
    std::size_t passes = 0;

   private:
    base::Executor& executor_;
    std::map<api::ObjectKey, base::SteadyTime> earliest_;
    base::SteadyTime changedAt_{};
  };
  struct Process;

  Diary diary_{u.executor};
  queue::Observer lateness_{};
  std::unique_ptr<Process> process_;
};

}  // namespace splitdelivery::reconcile
