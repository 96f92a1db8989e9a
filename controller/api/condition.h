#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/executor.h"

namespace splitdelivery::api {

enum class ConditionStatus { True, False, Unknown };

/// The condition types that we write. Nobody writes another.
namespace condition {
inline constexpr std::string_view kReady = "Ready";
inline constexpr std::string_view kReconciling = "Reconciling";
inline constexpr std::string_view kStalled = "Stalled";
inline constexpr std::string_view kZohoReady = "ZohoReady";
inline constexpr std::string_view kMailServerReady = "MailServerReady";
inline constexpr std::string_view kRoutingReady = "RoutingReady";
inline constexpr std::string_view kInSync = "InSync";
inline constexpr std::string_view kDeletionsHeld = "DeletionsHeld";
inline constexpr std::string_view kConflicted = "Conflicted";
}  // namespace condition

/// metav1.Condition:
/// https://github.com/kubernetes/community/blob/master/contributors/devel/sig-architecture/api-conventions.md
struct Condition {
  std::string type;
  ConditionStatus status = ConditionStatus::Unknown;
  std::string reason;   ///< CamelCase
  std::string message;  ///< names the fix; never a remote body, never a secret
  base::WallTime lastTransitionTime{};
  std::int64_t observedGeneration = 0;

  friend bool operator==(const Condition&, const Condition&) = default;
};

/// In bytes: a status is read by everybody who watches, and what it quotes (names, lists) has no bounds of its own.
inline constexpr std::size_t kLongestMessage = 1024;

/// At most one condition of each type, sorted by type. `lastTransitionTime` moves only when
/// `status` does. A message that is too long is cut.
class Conditions {
 public:
  [[nodiscard]] const Condition* find(std::string_view type) const;
  void set(std::string_view type, ConditionStatus status, std::string reason, std::string message, base::WallTime now,
           std::int64_t generation);
  /// For reading back what was written.
  void restore(Condition condition);
  void remove(std::string_view type);
  [[nodiscard]] const std::vector<Condition>& list() const { return list_; }

  friend bool operator==(const Conditions&, const Conditions&) = default;

 private:
  std::vector<Condition> list_;
};

}  // namespace splitdelivery::api
