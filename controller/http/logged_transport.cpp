#include "http/logged_transport.h"

#include "base/log.h"

namespace splitdelivery::http {

base::Task<base::Result<Response>> LoggedTransport::send(Request request, std::stop_token stop) {
  if (!base::logs(base::LogLevel::Debug)) co_return co_await next_.send(std::move(request), std::move(stop));
  const std::string what = request.method + " " + request.origin + request.path;
  const auto start = executor_.now();
  auto answer = co_await next_.send(std::move(request), std::move(stop));
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(executor_.now() - start).count();
  const std::string outcome = answer ? std::to_string(answer->status) : answer.error().reason;
  base::log(base::LogLevel::Debug, what, {{"outcome", outcome}, {"ms", std::to_string(took)}});
  co_return answer;
}

}  // namespace splitdelivery::http
