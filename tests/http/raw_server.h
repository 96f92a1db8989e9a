#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <chrono>
#include <csignal>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace splitdelivery::http {

/// One accepted connection of a RawServer. Its script owns it; only `cut` is called from elsewhere.
class Peer {
 public:
  Peer(int socket, SSL_CTX* tls) : socket_(socket), tls_(tls == nullptr ? nullptr : SSL_new(tls), &SSL_free) {}
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  ~Peer() { close(); }

  bool handshake() { return !tls_ || (SSL_set_fd(tls_.get(), socket_) == 1 && SSL_accept(tls_.get()) == 1); }

  /// The next request, head and body (by its Content-Length); "" when the client has gone.
  std::string readRequest() {
    while (pending_.find("\r\n\r\n") == std::string::npos) {
      if (!readMore()) return {};
    }
    const std::size_t size = pending_.find("\r\n\r\n") + 4 + bodySize();
    while (pending_.size() < size) {
      if (!readMore()) return {};
    }
    std::string request = pending_.substr(0, size);
    pending_.erase(0, size);
    return request;
  }

  /// False when the client no longer takes it.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto sent = tls_ ? SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size()))
                             : ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  /// Ends the connection with a RST instead of a proper close.
  void reset() {
    const linger now{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close();
  }

  /// Ends a TLS connection as it should be ended; leaving the script just drops it.
  void sayGoodbye() { SSL_shutdown(tls_.get()); }

  /// Waits until there is something to read.
  void awaitBytes() const {
    pollfd waiting{socket_, POLLIN, 0};
    ::poll(&waiting, 1, -1);
  }

  /// Waits until the client closes the connection.
  void awaitClose() {
    while (readMore()) pending_.clear();
  }

  /// True as soon as the client closes, false when it has not within `time`.
  [[nodiscard]] bool closedWithin(std::chrono::milliseconds time) const {
    pollfd waiting{socket_, POLLRDHUP, 0};
    return ::poll(&waiting, 1, static_cast<int>(time.count())) > 0;
  }

  void cut() {
    const std::lock_guard lock(mutex_);
    if (socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
  }

  void close() {
    const std::lock_guard lock(mutex_);
    if (socket_ >= 0) ::close(std::exchange(socket_, -1));
  }

 private:
  bool readMore() {
    std::array<char, 16384> buffer{};
    const auto got = tls_ ? SSL_read(tls_.get(), buffer.data(), static_cast<int>(buffer.size()))
                          : ::recv(socket_, buffer.data(), buffer.size(), 0);
    if (got <= 0) return false;
    pending_.append(buffer.data(), static_cast<std::size_t>(got));
    return true;
  }

  [[nodiscard]] std::size_t bodySize() const {
    constexpr std::string_view kName = "Content-Length:";  // cpprestsdk writes no space
    const auto at = pending_.find(kName);
    std::size_t size = 0;
    if (at != std::string::npos) {
      std::from_chars(pending_.data() + at + kName.size(), pending_.data() + pending_.size(), size);
    }
    return size;
  }

  std::mutex mutex_;  ///< between the script's end and `cut`
  int socket_;
  std::unique_ptr<SSL, decltype(&SSL_free)> tls_;
  std::string pending_;
};

/// A server on loopback that does to each connection exactly what its script says, right or wrong.
///
/// Scripts run on a thread for each connection and end when the client or the server goes.
class RawServer {
 public:
  using Script = std::function<void(Peer&)>;

  /// `tls`: borrowed; none for plain http.
  explicit RawServer(Script script, SSL_CTX* tls = nullptr) : script_(std::move(script)), tls_(tls) {
    std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, generic, size) != 0 || ::listen(listener_, 128) != 0 ||
        ::getsockname(listener_, generic, &size) != 0) {
      throw std::runtime_error("no loopback socket to listen on");
    }
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept(); });
  }
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;
  ~RawServer() {
    stopListening();
    {
      const std::lock_guard lock(mutex_);
      for (const auto& peer : peers_) peer->cut();
    }
    for (auto& thread : threads_) thread.join();
  }

  /// From now on nobody is let in; who is in stays.
  void stopListening() {
    if (!acceptor_.joinable()) return;
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    ::close(listener_);
  }

  [[nodiscard]] std::string origin(const std::string& host = "127.0.0.1") const {
    return (tls_ == nullptr ? "http://" : "https://") + host + ":" + std::to_string(port_);
  }
  [[nodiscard]] std::size_t connections() {
    const std::lock_guard lock(mutex_);
    return peers_.size();
  }

 private:
  void accept() {
    for (;;) {
      const int socket = ::accept(listener_, nullptr, nullptr);
      if (socket < 0) return;
      const std::lock_guard lock(mutex_);
      auto peer = std::make_shared<Peer>(socket, tls_);
      peers_.push_back(peer);
      threads_.emplace_back([this, peer] {
        if (peer->handshake()) script_(*peer);
        peer->close();
      });
    }
  }

  Script script_;
  SSL_CTX* tls_;
  int listener_ = -1;
  unsigned port_ = 0;
  std::mutex mutex_;
  std::vector<std::shared_ptr<Peer>> peers_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace splitdelivery::http
