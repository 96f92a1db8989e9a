#include "http/fenced_transport.h"

#include <algorithm>
#include <utility>

namespace splitdelivery::http {

base::Task<base::Result<Response>> FencedTransport::send(Request request, std::stop_token stop) {
  const bool writes = request.method == "POST" && request.provider == "directadmin";
  if (writes) {
    const auto until = fence_();
    const auto left = until ? std::chrono::duration_cast<std::chrono::milliseconds>(*until - executor_.now())
                            : std::chrono::milliseconds{0};
    if (left <= std::chrono::milliseconds{0}) {
      base::Error error{base::ErrorKind::Stopped, "LeadershipLost",
                        "another replica may be leading now: nothing more is written by this one"};
      error.neverSent = true;
      co_return base::fail(std::move(error));
    }
    request.deadline = std::min(request.deadline, left);
  }
  co_return co_await next_.send(std::move(request), std::move(stop));
}

}  // namespace splitdelivery::http
