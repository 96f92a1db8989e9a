#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/await.h"

namespace splitdelivery::kube {

/// How much one client asks of its API server: a token bucket, and a line before it, first come, first served.
///
/// A request that need not wait costs a comparison and an addition: no timer, no allocation. When the API server asks
/// us to slow down, everybody in line waits for that too.
///
/// Lives on the executor; must outlive its waits.
class RequestLimit {
 public:
  /// The API server may ask for no longer a pause than this.
  static constexpr std::chrono::seconds kLongestPause{60};

  struct Options {
    double perSecond = 0;  ///< 0: as many as there are; a pause is kept all the same
    double burst = 1;      ///< how many may go at once after a quiet time
    /// Told of every request that was let through, with its time in line; may be empty.
    std::function<void(std::string_view method, base::Duration inLine)> onPass{};
  };

  RequestLimit(base::Executor& executor, Options options);
  RequestLimit(const RequestLimit&) = delete;
  RequestLimit& operator=(const RequestLimit&) = delete;
  ~RequestLimit();

  /// Lets a request through that need not wait. False: it has to `wait`.
  [[nodiscard]] bool pass(std::string_view method);
  /// Stands in line until it is let through; false when a stop was asked for first, and at once then.
  base::Task<bool> wait(std::string method, std::stop_token stop);
  /// The API server asks that nothing be sent for so long.
  void pause(base::Duration span);
  /// Nobody waits any more, for good: the process ends, and what is still asked are its last words.
  void lift();

 private:
  using Turn = std::shared_ptr<base::Deferred<bool>>;

  [[nodiscard]] base::SteadyTime nextPass() const;
  void take(base::SteadyTime now);
  void serve();
  void leave(const Turn& turn);

  base::Executor& executor_;
  const Options options_;
  const base::Duration each_;     ///< in which the bucket gets a token; 0: there is none
  const base::Duration longest_;  ///< in which an empty one becomes full
  base::SteadyTime full_{};       ///< when the bucket is going to be full
  base::SteadyTime pausedUntil_{};
  bool lifted_ = false;
  std::deque<Turn> line_;
  base::Executor::TimerId timer_ = 0;  ///< for the first in line; 0: none
};

}  // namespace splitdelivery::kube
