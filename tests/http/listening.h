#pragma once

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include "base/await.h"
#include "http/asio_listener.h"
#include "http/real_executor.h"

namespace splitdelivery::http {

/// Long enough for a slow machine under a sanitizer, never waited out.
inline constexpr std::chrono::seconds kPatience{20};

/// Somebody who has connected to us.
class Caller {
 public:
  explicit Caller(const std::string& address) {
    const auto colon = address.rfind(':');
    const auto port = static_cast<std::uint16_t>(std::stoi(address.substr(colon + 1)));
    const bool v6 = address.front() == '[';
    sockaddr_storage storage{};
    if (v6) {
      auto& to = reinterpret_cast<sockaddr_in6&>(storage);
      to.sin6_family = AF_INET6;
      to.sin6_port = htons(port);
      to.sin6_addr = in6addr_loopback;
    } else {
      auto& to = reinterpret_cast<sockaddr_in&>(storage);
      to.sin_family = AF_INET;
      to.sin_port = htons(port);
      to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    }
    socket_ = ::socket(storage.ss_family, SOCK_STREAM, 0);
    const timeval patience{kPatience.count(), 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&storage), sizeof storage) == 0;
  }
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;
  Caller(Caller&& other) noexcept
      : socket_(std::exchange(other.socket_, -1)), connected_(other.connected_), pending_(std::move(other.pending_)) {}
  Caller& operator=(Caller&&) = delete;
  ~Caller() {
    if (socket_ >= 0) ::close(socket_);
  }

  [[nodiscard]] bool connected() const { return connected_; }
  bool send(const std::string& bytes) const {
    return ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
  }
  /// All that comes until the other side closes.
  std::string rest() {
    while (receive()) {
    }
    return std::exchange(pending_, {});
  }
  /// One answer whose body is `body`.
  std::string answerEndingWith(const std::string& body) {
    while (!pending_.ends_with("\r\n\r\n" + body) && receive()) {
    }
    return std::exchange(pending_, {});
  }
  [[nodiscard]] bool closedWithin(std::chrono::milliseconds time) const {
    pollfd waiting{socket_, POLLRDHUP, 0};
    return ::poll(&waiting, 1, static_cast<int>(time.count())) > 0;
  }
  void reset() {
    const linger now{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    ::close(std::exchange(socket_, -1));
  }

 private:
  bool receive() {
    char bytes[4096];
    const auto count = ::recv(socket_, bytes, sizeof bytes, 0);
    if (count > 0) pending_.append(bytes, static_cast<std::size_t>(count));
    return count > 0;
  }

  int socket_ = -1;
  bool connected_ = false;
  std::string pending_;
};

inline std::string get(const std::string& path, const std::string& headers = "Connection: close\r\n") {
  return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n";
}

inline base::Task<OutgoingAnswer> echo(IncomingRequest request) {
  co_return OutgoingAnswer{.body = request.method + "|" + request.path + "|" + request.query + "|" + request.accept,
                           .headers = {{"X-Of", "ours"}}};
}

/// The listener under test, on the real executor.
class ListenerTest : public ::testing::Test {
 protected:
  std::string listen(Listener::Handler handler, ListenerOptions options = {},
                     const std::string& hostPort = "127.0.0.1:0") {
    auto opened = AsioListener::open(executor_, hostPort, std::move(handler), options);
    if (!opened) throw std::runtime_error(opened.error().message);
    listener_ = std::move(*opened);
    return listener_->address();
  }
  static std::string ask(const std::string& address, const std::string& request) {
    Caller caller(address);
    caller.send(request);
    return caller.rest();
  }
  /// A handler that answers "late" when the gate opens.
  Listener::Handler gated() {
    return [this](const IncomingRequest&) { return late(executor_, gate_, entered_); };
  }
  void awaitEntered(int count) {
    while (entered_ < count) std::this_thread::yield();
  }
  void openGate() {
    executor_.post([this] {
      for (auto& waiter : gate_) waiter.resolve(true);
      gate_.clear();
    });
  }

  static base::Task<OutgoingAnswer> late(base::Executor& executor, std::vector<base::Deferred<bool>>& gate,
                                         std::atomic<int>& entered) {
    base::Deferred<bool> opened(executor);
    gate.push_back(opened);
    ++entered;
    co_await opened;
    co_return OutgoingAnswer{.body = "late"};
  }

  RealExecutor executor_;
  std::vector<base::Deferred<bool>> gate_;
  std::atomic<int> entered_ = 0;
  std::unique_ptr<Listener> listener_;
};

}  // namespace splitdelivery::http
