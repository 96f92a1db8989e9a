#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/executor.h"
#include "serve/registry.h"

namespace splitdelivery::serve {

/// A resource as metrics show it after a pass.
struct DomainFigures {
  std::string nameSpace{};
  std::string name{};
  std::string domain{};
  std::string ready = "Unknown";       ///< status of the Ready condition: True, False, Unknown
  std::string reason = "Progressing";  ///< its reason
  std::uint64_t desired = 0;
  std::uint64_t inSync = 0;
  std::uint64_t managed = 0;
  std::uint64_t found = 0;
  std::uint64_t unmanaged = 0;
  std::uint64_t conflicts = 0;
  std::uint64_t held = 0;                     ///< changes and deletes that wait for approval
  std::optional<base::WallTime> heldSince{};  ///< when such a plan first appeared
  std::optional<base::WallTime> lastSync{};
  bool suspended = false;
};

/// What became of a change.
enum class ChangeResult : std::uint8_t { Succeeded, Failed };

/// splitdelivery_* of resources. A resource's series are there, at 0, from its first `set` on, and go with it. Lives on
/// one executor; must not outlive the registry.
class DomainMetrics {
 public:
  DomainMetrics(base::Executor& executor, Registry& registry);

  void set(const DomainFigures& figures);
  /// `op`: "create", "update", "delete". Without effect for a resource that was never `set`.
  void changed(const std::string& nameSpace, const std::string& name, std::string_view op, ChangeResult result,
               std::uint64_t count = 1);
  void forget(const std::string& nameSpace, const std::string& name);

  /// How many domains both systems have and no resource is about, as last seen; 0 until the first look.
  void uncovered(std::size_t domains);

 private:
  using Key = std::pair<std::string, std::string>;
  using State = std::pair<std::string, std::string>;  ///< status and reason of Ready
  struct Resource {
    DomainFigures figures{};
    std::array<std::array<std::uint64_t, 2>, 3> changes{};  ///< by operation and result
  };

  void tellChanges(const Registry::Emit& emit) const;
  void tellStates(const Registry::Emit& emit) const;

  Registry::Gauges uncovered_;
  std::map<Key, Resource> resources_;
  std::set<State> states_;  ///< that were ever seen, so that each goes on at 0
};

}  // namespace splitdelivery::serve
