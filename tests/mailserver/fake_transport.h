#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/await.h"
#include "http/transport.h"

namespace splitdelivery::testing {

inline http::Response answered(int status, std::string body,
                               std::vector<std::pair<std::string, std::string>> headers = {}) {
  return {.status = status, .body = std::move(body), .headers = std::move(headers)};
}

/// The name of the command that a request calls: "CMD_API_POP".
inline std::string commandOf(const http::Request& request) {
  return request.path.substr(1, request.path.find('?') - 1);
}

/// A server made of one function, on the virtual executor: every answer takes `latency`, those to the
/// command `slowCommand` ten times that. It remembers what it was asked, and how many requests were under way at once.
class FakeTransport final : public http::Transport {
 public:
  using Reply = base::Result<http::Response>;
  using Server = std::function<Reply(const http::Request&)>;

  FakeTransport(base::Executor& executor, Server server) : executor_(executor), server_(std::move(server)) {}

  base::Task<Reply> send(http::Request request, std::stop_token stop) override {
    requests.push_back(request);
    most = std::max(most, ++underWay_);
    const auto slept =
        co_await base::sleepFor(executor_, commandOf(request) == slowCommand ? 10 * latency : latency, std::move(stop));
    --underWay_;
    if (slept == base::Slept::Stopped) {
      co_return base::fail(base::ErrorKind::Stopped, std::string(http::reason::kStopped), "stopped");
    }
    co_return server_(request);
  }

  void become(Server server) { server_ = std::move(server); }

  [[nodiscard]] std::vector<std::string> commands() const {
    std::vector<std::string> names;
    for (const auto& request : requests) names.push_back(commandOf(request));
    return names;
  }

  std::vector<http::Request> requests;
  std::size_t most = 0;
  base::Duration latency = std::chrono::milliseconds{10};
  std::string slowCommand{};

 private:
  base::Executor& executor_;
  Server server_;
  std::size_t underWay_ = 0;
};

/// A transport's error: no whole answer.
inline FakeTransport::Reply noAnswer(std::string_view reason, base::ErrorKind kind = base::ErrorKind::Retry) {
  return base::fail(kind, std::string(reason), "no answer");
}

}  // namespace splitdelivery::testing
