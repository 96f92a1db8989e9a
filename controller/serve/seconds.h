#pragma once

#include <chrono>

#include "base/executor.h"

namespace splitdelivery::serve {

/// Prometheus counts time in seconds.
[[nodiscard]] inline double seconds(base::Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace splitdelivery::serve
