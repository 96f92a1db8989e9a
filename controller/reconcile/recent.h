#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <utility>

#include "base/executor.h"

namespace splitdelivery::reconcile {

/// What was seen in the last ten minutes, by key. Lives on the executor.
template <class Key, class Value>
class Recent {
 public:
  static constexpr std::chrono::minutes kKept{10};
  static constexpr std::chrono::minutes kFresh{1};

  explicit Recent(base::Executor& executor) : executor_(executor) {}

  [[nodiscard]] std::optional<Value> recall(const Key& key) {
    const auto found = kept_.find(key);
    if (found == kept_.end()) return std::nullopt;
    if (executor_.now() - found->second.since < kKept) return found->second.value;
    kept_.erase(found);
    return std::nullopt;
  }
  /// What is already known grows no younger by being kept again.
  void keep(const Key& key, const Value& value) {
    dropOld();
    const auto now = executor_.now();
    const auto [place, fresh] = kept_.try_emplace(key, Kept{value, now});
    if (fresh) return;
    const bool isOld = now - place->second.since >= kKept;
    if (isOld || !(place->second.value == value)) place->second = {value, now};
  }
  void forget(const Key& key) { kept_.erase(key); }
  /// Forgets what was seen a minute ago or earlier: a person has asked for another look.
  void refresh(const Key& key) {
    const auto found = kept_.find(key);
    if (found != kept_.end() && executor_.now() - found->second.since >= kFresh) kept_.erase(found);
  }
  [[nodiscard]] std::size_t size() const { return kept_.size(); }

 private:
  struct Kept {
    Value value;
    base::SteadyTime since;
  };
  /// Looks at all of them at most once a minute.
  void dropOld() {
    const auto now = executor_.now();
    if (now < nextSweep_) return;
    nextSweep_ = now + std::chrono::minutes(1);
    std::erase_if(kept_, [now](const auto& entry) { return now - entry.second.since >= kKept; });
  }

  base::Executor& executor_;
  std::map<Key, Kept> kept_;
  base::SteadyTime nextSweep_{};
};

}  // namespace splitdelivery::reconcile
