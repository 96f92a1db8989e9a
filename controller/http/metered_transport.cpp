#include "http/metered_transport.h"

#include <string>
#include <utility>

namespace splitdelivery::http {

namespace {

std::string hostOf(const std::string& origin) {
  const std::size_t scheme = origin.find("://");
  return scheme == std::string::npos ? origin : origin.substr(scheme + 3);
}

}  // namespace

base::Task<base::Result<Response>> MeteredTransport::send(Request request, std::stop_token stop) {
  if (request.provider.empty() || request.endpoint.empty()) {
    co_return co_await next_.send(std::move(request), std::move(stop));
  }
  const std::string provider(request.provider);
  const std::string endpoint(request.endpoint);
  const std::string method = request.method;
  const std::string host = hostOf(request.origin);
  const bool streamed = static_cast<bool>(request.onBody);
  const base::SteadyTime start = executor_.now();
  bool told = false;
  const auto tell = [&](std::string_view code) {
    if (!std::exchange(told, true)) {
      observer_.answered({provider, endpoint, method, host, code, executor_.now() - start, streamed});
    }
  };
  if (streamed) {
    // Only a 200 has its body dealt out, and not any more once `send` has ended.
    request.onBody = [&tell, next = std::move(request.onBody)](std::string_view bytes) {
      tell("200");
      next(bytes);
    };
  }
  auto answer = co_await next_.send(std::move(request), std::move(stop));
  if (answer || answer.error().kind != base::ErrorKind::Stopped) {
    tell(answer ? std::to_string(answer->status) : answer.error().reason);
  }
  co_return answer;
}

}  // namespace splitdelivery::http
