#pragma once

#include <cstdint>
#include <map>
#include <optional>
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

 private:
  using Key = std::pair<std::string, std::string>;

  void show(const DomainFigures& figures);
  void hide(const DomainFigures& figures);
  void refresh();

  base::Executor& executor_;
  Registry::Gauges domains_;
  Registry::Gauges ready_;
  Registry::Gauges addresses_;
  Registry::Counters changes_;
  Registry::Gauges held_;
  Registry::Gauges planAge_;
  Registry::Gauges lastSync_;
  Registry::Gauges suspended_;
  std::map<Key, DomainFigures> resources_;
  /// How many resources there are of each status and reason that was ever seen.
  std::map<std::pair<std::string, std::string>, std::uint64_t> counts_;
};

}  // namespace splitdelivery::serve
