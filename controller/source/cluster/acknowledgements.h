#pragma once

#include <map>
#include <optional>
#include <stop_token>
#include <string>

#include "base/await.h"
#include "source/cluster/domains.h"

namespace splitdelivery::source::cluster {

/// Statuses on their way to the API server. One that says nothing but "the pass that was asked for has been done"
/// (lastHandledReconcileAt, and lastSyncTime with it) is written at once, but of each resource only every kEvery: who
/// asks for passes in quick succession has them, and costs the API server no write for each.
///
/// What is owed when the program ends is not written: whoever goes on finds the annotation unanswered, and does that
/// pass once more. Lives on the executor; `end` is awaited before it goes.
class Acknowledgements final : public StatusStore {
 public:
  static constexpr std::chrono::seconds kEvery{10};

  /// Both outlive this. Lives on the executor.
  Acknowledgements(base::Executor& executor, Domains& domains) : executor_(executor), domains_(domains) {}

  /// The status, with what is owed to it.
  base::Task<api::Status> load(api::ObjectKey key) override;
  base::Task<base::Result<base::Done>> save(api::ObjectKey key, api::Status status) override;

  void resourceIsGone(const api::ObjectKey& key);
  base::Task<base::Done> end();

 private:
  struct Owed {
    std::string reconcileAt;
    std::optional<base::WallTime> syncTime{};

    friend bool operator==(const Owed&, const Owed&) = default;
  };

  static void amend(api::Status& status, const Owed& owed);
  bool mayWait(const api::ObjectKey& key, const api::Status& status);
  void owe(const api::ObjectKey& key, Owed owed);
  base::Task<base::Done> work();
  base::Task<base::Done> pay();

  base::Executor& executor_;
  Domains& domains_;
  std::map<api::ObjectKey, base::SteadyTime> written_;  ///< when a pass that was asked for was last acknowledged
  std::map<api::ObjectKey, Owed> owed_;
  std::stop_source stop_;
  std::optional<base::Deferred<bool>> ended_;
  bool working_ = false;
};

}  // namespace splitdelivery::source::cluster
