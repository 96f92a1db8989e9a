#pragma once

#include <string>

#include "base/executor.h"

namespace splitdelivery::kube {

/// metav1.MicroTime: "2026-11-24T11:05:00.123456Z".
[[nodiscard]] std::string microTime(base::WallTime time);

}  // namespace splitdelivery::kube
