#pragma once

#include <cstdint>

#include "serve/registry.h"

namespace splitdelivery::serve {

/// What became of the forwarders of a deleted resource that was let go (S14).
enum class DepartureResult : std::uint8_t {
  Deleted,   ///< nothing of ours is left
  Retained,  ///< they stay, as the resource asks for
  Left,      ///< they should have been deleted, and what kept us from it has lasted too long
};

/// splitdelivery_departures_total and splitdelivery_left_forwarders_total. Must not outlive the registry.
class DepartureMetrics {
 public:
  explicit DepartureMetrics(Registry& registry);

  /// `forwarders` of ours that stay on the mail server; only those of a resource that was `Left` are counted.
  void parted(DepartureResult result, std::uint64_t forwarders);

 private:
  prometheus::Counter& deleted_;
  prometheus::Counter& retained_;
  prometheus::Counter& left_;
  prometheus::Counter& forwarders_;
};

}  // namespace splitdelivery::serve
