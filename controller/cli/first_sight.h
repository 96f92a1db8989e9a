#pragma once

#include <functional>
#include <map>
#include <optional>

#include "base/background.h"
#include "source/cluster/domains.h"

namespace splitdelivery::cli {

/// Gives a resource of a cluster that has no conditions those of first sight (Ready Unknown, Reconciling True), so that
/// who waits for it sees that somebody works on it: also where it waits in line, or for its Secrets to be looked at.
///
/// Most first passes have reported within kPatience, and that write is saved. A suspended resource gets none: nothing
/// is done for it. Lives on the executor; `end` is awaited before it goes.
class FirstSight {
 public:
  static constexpr std::chrono::seconds kPatience{1};

  /// All of it outlives this. `works`: whether this replica does; one that stands by writes nothing.
  FirstSight(base::Executor& executor, source::cluster::Domains& domains, std::function<bool()> works)
      : executor_(executor), domains_(domains), works_(std::move(works)), background_(executor) {}

  /// There is this resource, new or changed.
  void saw(const api::SplitDeliveryDomain& resource);
  base::Task<base::Done> end() { return background_.end(); }

  [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }

 private:
  struct Seen {
    std::int64_t generation = 0;
    base::SteadyTime since{};
  };

  base::Task<base::Done> work();
  base::Task<base::Done> look();
  [[nodiscard]] bool hasConditions(const api::ObjectKey& key) const;

  base::Executor& executor_;
  source::cluster::Domains& domains_;
  std::function<bool()> works_;
  std::map<api::ObjectKey, Seen> waiting_;
  base::Background background_;
};

}  // namespace splitdelivery::cli
