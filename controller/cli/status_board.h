#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reconcile/controller.h"
#include "reconcile/observer.h"
#include "serve/status_view.h"

namespace splitdelivery::cli {

/// Whether it has this condition, and that is True.
[[nodiscard]] bool holds(const api::Status& status, std::string_view type);

/// Whether a condition says something that a person should read, rather than that all is as it should be.
[[nodiscard]] bool saysSomething(const api::Condition& each);

/// How much a resource wants of a person, by what its status says.
[[nodiscard]] serve::Urgency urgencyOf(const api::Status& status);

/// What passes have told, for the status page: the last ones of all, and the last one of each resource, in some hundred
/// bytes each. Made only where there is such a page. Lives on the executor.
class StatusBoard final : public reconcile::Observer {
 public:
  static constexpr std::size_t kPasses = 20;

  /// A pass that has ended.
  struct Ended {
    api::ObjectKey key;
    std::string domain{};
    serve::LastPass pass{};
    serve::Urgency urgency = serve::Urgency::Waiting;
    std::string reason{};
    api::ChangeCounts changes{};
  };
  struct Seen {
    serve::LastPass pass{};
    std::optional<base::WallTime> sawAt{};  ///< when the last pass ended that saw enough to make a plan
    std::unique_ptr<api::Status> status{};  ///< without what is as it should be; nothing where statuses are not kept
  };

  /// What is kept of statuses.
  enum class Keep : std::uint8_t {
    Nothing,           ///< somebody else has them in memory
    WithoutAddresses,  ///< of plans and conflicts the numbers and reasons alone
    All,
  };

  /// The controller outlives this.
  StatusBoard(base::Executor& executor, const reconcile::Controller& controller, Keep keep)
      : executor_(executor), controller_(controller), keep_(keep) {}

  void passEnded(const reconcile::PassReport& report) override;
  /// What was seen of others is forgotten.
  void resourcesAre(const std::vector<api::SplitDeliveryDomain>& resources);
  void resourceIsGone(const api::ObjectKey& key) { seen_.erase(key); }

  [[nodiscard]] const Seen* find(const api::ObjectKey& key) const {
    const auto found = seen_.find(key);
    return found == seen_.end() ? nullptr : &found->second;
  }
  /// The latest first; at most kPasses.
  [[nodiscard]] const std::deque<Ended>& passes() const { return passes_; }

 private:
  base::Executor& executor_;
  const reconcile::Controller& controller_;
  Keep keep_;
  std::map<api::ObjectKey, Seen> seen_;
  std::deque<Ended> passes_;
};

}  // namespace splitdelivery::cli
