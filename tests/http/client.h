#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "http/blocking_run.h"
#include "http/cpprest_transport.h"
#include "http/raw_server.h"

namespace splitdelivery::http {

/// The transport under test on the real executor; `send` blocks the test until the result is there.
class Client {
 public:
  explicit Client(TransportOptions options = {}) : transport_(std::in_place, executor_, std::move(options)) {}

  base::Result<Response> send(Request request, std::stop_token stop = {}) {
    return runBlocking(executor_, transport_->send(std::move(request), std::move(stop)));
  }
  base::Result<Response> get(const std::string& origin, std::string path = "/") {
    return send({.origin = origin, .path = std::move(path), .deadline = kPatience});
  }

  RealExecutor& executor() { return executor_; }
  CpprestTransport& transport() { return *transport_; }
  void destroyTransport() { transport_.reset(); }

  /// For what should succeed: long enough for a slow machine under a sanitizer, never waited out.
  static constexpr std::chrono::seconds kPatience{20};
  /// For what should time out.
  static constexpr std::chrono::milliseconds kShort{150};

 private:
  RealExecutor executor_;
  std::optional<CpprestTransport> transport_;
};

/// What the scripts of a server have seen, from their threads.
class Seen {
 public:
  void add(std::string what) {
    const std::lock_guard lock(mutex_);
    all_.push_back(std::move(what));
  }
  std::vector<std::string> all() {
    const std::lock_guard lock(mutex_);
    return all_;
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> all_;
};

/// "ok", or the reason of the error.
inline std::string verdict(const base::Result<Response>& result) {
  return result ? "ok" : result.error().reason;
}

inline std::string okAnswer(const std::string& body = "ok") {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// Answers every request with `answer`.
inline RawServer::Script answering(std::string answer) {
  return [answer = std::move(answer)](Peer& peer) {
    while (!peer.readRequest().empty() && peer.send(answer)) {
    }
  };
}

/// Answers one request with `answer` and closes the connection.
inline RawServer::Script answeringOnce(std::string answer) {
  return [answer = std::move(answer)](Peer& peer) {
    peer.readRequest();
    peer.send(answer);
  };
}

}  // namespace splitdelivery::http
