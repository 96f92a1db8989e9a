#include "kube/patient_transport.h"

#include <algorithm>
#include <utility>

#include "base/await.h"

namespace splitdelivery::kube {
namespace {

bool isWorthAnother(const base::Result<http::Response>& answer) {
  constexpr int kTooManyRequests = 429;
  constexpr int kFirstServerError = 500;
  if (answer) return answer->status == kTooManyRequests || answer->status >= kFirstServerError;
  const base::Error& error = answer.error();
  return error.kind == base::ErrorKind::Retry &&
         (http::neverSent(error) || error.reason == http::reason::kConnectionLost);
}

}  // namespace

base::Duration PatientTransport::pauseAfter(const base::Result<http::Response>& answer, base::Duration pause) {
  const auto spread = static_cast<std::uint64_t>(pause.count()) / 2 + 1;
  const base::Duration jittered = pause / 2 + base::Duration(static_cast<std::int64_t>(executor_.random() % spread));
  const auto asked = answer ? answer->retryAfter(executor_.wallTime()) : std::nullopt;
  return asked ? *asked + std::min<base::Duration>(jittered, kFirstPause) : jittered;
}

base::Task<base::Result<http::Response>> PatientTransport::send(http::Request request, std::stop_token stop) {
  if (request.onBody) co_return co_await next_.send(std::move(request), std::move(stop));
  std::stop_source ending;
  const auto end = [&ending] { ending.request_stop(); };
  const std::stop_callback stopped(stop, end);
  const std::stop_callback hurried(hurried_.get_token(), end);
  const auto giveUp = executor_.now() + kPatience;
  base::Duration pause = kFirstPause;
  for (;;) {
    auto answer = co_await next_.send(http::Request(request), stop);
    if (!isWorthAnother(answer)) co_return answer;
    const base::Duration wait = pauseAfter(answer, pause);
    pause = std::min<base::Duration>(pause * 2, kLongestPause);
    if (executor_.now() + wait > giveUp) co_return answer;
    if (repeated_) repeated_(request.method, answer);
    if (co_await base::sleepFor(executor_, wait, ending.get_token()) == base::Slept::Stopped) co_return answer;
  }
}

}  // namespace splitdelivery::kube
