#include "queue/backoff.h"

#include <algorithm>
#include <limits>

namespace splitdelivery::queue {

base::Duration jittered(base::Duration duration, double fraction, std::uint64_t random) {
  const double share = static_cast<double>(random) / static_cast<double>(std::numeric_limits<std::uint64_t>::max());
  const double offset = static_cast<double>(duration.count()) * fraction * (2 * share - 1);
  return duration + base::Duration{static_cast<base::Duration::rep>(offset)};
}

base::Duration failurePause(unsigned failures, base::Duration cap) {
  base::Duration pause = kFirstFailurePause;
  // Doubled step by step, so that it cannot overflow however many there were.
  for (unsigned n = 1; n < failures && pause < cap; ++n) pause = pause > cap / 2 ? cap : pause * 2;
  return std::min(pause, cap);
}

}  // namespace splitdelivery::queue
