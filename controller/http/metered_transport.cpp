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
  const base::SteadyTime start = executor_.now();
  auto answer = co_await next_.send(std::move(request), std::move(stop));
  const std::string code = answer ? std::to_string(answer->status) : answer.error().reason;
  if (answer || answer.error().kind != base::ErrorKind::Stopped) {
    observer_.answered({provider, endpoint, method, host, code, executor_.now() - start});
  }
  co_return answer;
}

}  // namespace splitdelivery::http
