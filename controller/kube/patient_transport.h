#pragma once

#include <chrono>
#include <functional>
#include <stop_token>
#include <string_view>

#include "http/transport.h"

namespace splitdelivery::kube {

/// Asks the API server again, so that a restart of it, or a moment in which it has too much to do, costs a request some
/// seconds and not its pass.
///
/// Again: after 429, which is answered before anything is done; what was never sent; and after a lost connection or
/// 5xx, since all that we ask is harmless twice: a PUT names the version that it replaces, a POST the object, a JSON
/// patch of ours tests what it changes. After what the server asks for, else 0.25 s, doubled up to 2 s, with jitter.
/// The last answer counts once 20 seconds are over. A watch is never sent again: its reflector knows where to go on.
///
/// The behaviour of client-go's rest/with_retry.go, which tries ten times. Lives on the executor.
class PatientTransport final : public http::Transport {
 public:
  static constexpr std::chrono::milliseconds kFirstPause{250};
  static constexpr std::chrono::seconds kLongestPause{2};
  static constexpr std::chrono::seconds kPatience{20};

  /// What is going to be sent again, and the answer that is not taken for the last.
  using Repeated = std::function<void(std::string_view method, const base::Result<http::Response>& answer)>;

  PatientTransport(base::Executor& executor, http::Transport& next, Repeated repeated = nullptr)
      : executor_(executor), next_(next), repeated_(std::move(repeated)) {}

  base::Task<base::Result<http::Response>> send(http::Request request, std::stop_token stop) override;

  /// From now on the first answer counts: the program is to end.
  void hurry() { hurried_.request_stop(); }

 private:
  [[nodiscard]] base::Duration pauseAfter(const base::Result<http::Response>& answer, base::Duration pause);

  base::Executor& executor_;
  http::Transport& next_;
  const Repeated repeated_;
  std::stop_source hurried_;
};

}  // namespace splitdelivery::kube
