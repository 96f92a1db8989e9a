#pragma once

#include <string_view>

#include "http/transport.h"

namespace splitdelivery::http {

/// One request and what became of it, as far as metrics may know it.
struct Traffic {
  std::string_view provider{};
  std::string_view endpoint{};
  std::string_view method{};
  std::string_view host{};  ///< host and port of the origin
  std::string_view code{};  ///< "200", or the reason of the transport's error: "TimedOut"
  base::Duration took{};
  bool streamed = false;  ///< a watch: told of when its answer begins, since nobody waits for its end
};

/// Follows what goes out, for metrics. Calls come on the executor; nothing of `Traffic` may be kept as it is.
class TrafficObserver {
 public:
  TrafficObserver() = default;
  TrafficObserver(const TrafficObserver&) = delete;
  TrafficObserver& operator=(const TrafficObserver&) = delete;
  virtual ~TrafficObserver() = default;

  virtual void answered(const Traffic& traffic) = 0;
};

/// Tells an observer of every request that names its provider and endpoint, once. Those that were stopped are not told:
/// nobody waited for their answer.
class MeteredTransport final : public Transport {
 public:
  MeteredTransport(base::Executor& executor, Transport& next, TrafficObserver& observer)
      : executor_(executor), next_(next), observer_(observer) {}

  base::Task<base::Result<Response>> send(Request request, std::stop_token stop) override;

 private:
  base::Executor& executor_;
  Transport& next_;
  TrafficObserver& observer_;
};

}  // namespace splitdelivery::http
