#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "base/background.h"
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

  /// Both outlive this. `works`: whether this replica does; one that stands by writes nothing.
  Acknowledgements(base::Executor& executor, Domains& domains, std::function<bool()> works)
      : executor_(executor), domains_(domains), works_(std::move(works)), background_(executor) {}

  /// The status, with what is owed to it.
  base::Task<api::Status> load(api::ObjectKey key) override;
  base::Task<base::Result<base::Done>> save(api::ObjectKey key, api::Status status) override;

  void resourceIsGone(const api::ObjectKey& key);
  base::Task<base::Done> end() { return background_.end(); }

 private:
  struct Owed {
    std::string reconcileAt;
    std::optional<base::WallTime> syncTime{};
    std::string uid{};     ///< of the resource
    std::string before{};  ///< lastHandledReconcileAt as it stood: once that is another, somebody else has told more

    friend bool operator==(const Owed&, const Owed&) = default;
  };

  static void amend(api::Status& status, const Owed& owed);
  bool mayWait(const api::ObjectKey& key, const api::Status& status);
  void owe(const api::ObjectKey& key, Owed owed);
  [[nodiscard]] bool holds(const api::ObjectKey& key, const Owed& owed) const;
  [[nodiscard]] base::SteadyTime dueAt(const api::ObjectKey& key) const;
  base::Task<base::Done> work();
  base::Task<base::Done> pay();
  base::Task<bool> pay(api::ObjectKey key, Owed owed);

  base::Executor& executor_;
  Domains& domains_;
  std::function<bool()> works_;
  std::map<api::ObjectKey, base::SteadyTime> written_;  ///< when a pass that was asked for was last acknowledged
  std::map<api::ObjectKey, Owed> owed_;
  std::set<api::ObjectKey> refused_;  ///< the last try failed: a pass writes its own, and says what is wrong
  base::Background background_;
};

}  // namespace splitdelivery::source::cluster
