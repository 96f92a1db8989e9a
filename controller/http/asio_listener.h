#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "base/executor.h"
#include "base/result.h"
#include "http/listener.h"

namespace splitdelivery::http {

struct ListenerOptions {
  std::size_t connections = 256;  ///< when all are in use, the one that has been idle for longest makes room
  std::size_t requests = 64;      ///< under way; more are answered with 503
  std::chrono::milliseconds patience{std::chrono::seconds{15}};  ///< for a request to come in, or an answer to go out
  std::chrono::milliseconds drain{std::chrono::seconds{3}};      ///< for requests under way when the listener goes
};

/// The listener over Boost.Asio and Beast, on the pool of the real executor, which must have been made before and must
/// outlive this.
///
/// Why not cpprestsdk's http_listener (2.10.18), tried: it cannot tell the port it got for port 0, never closes a
/// connection that is idle or sends half a request, and takes headers without an end.
///
/// Only GET and HEAD are answered (405), requests of at most 8 KiB (431, 413), at a loopback address those alone whose
/// Host is this machine (421). Opened and destroyed on any thread; off
/// the executor the destructor waits for requests under way, at most `drain`. What the handler uses must live until
/// then; a handler that takes longer is left to end by itself and its answer is dropped.
class AsioListener final : public Listener {
 public:
  /// `hostPort`: "127.0.0.1:8080", "[::1]:8080", ":8080" for every interface; port 0 takes a free one.
  /// Error: Stall "ListenFailed".
  static base::Result<std::unique_ptr<Listener>> open(base::Executor& executor, std::string hostPort, Handler handler,
                                                      ListenerOptions options = {});
  ~AsioListener() override;

  [[nodiscard]] std::string address() const override { return address_; }

 private:
  class Service;
  explicit AsioListener(std::shared_ptr<Service> service, std::string address);

  std::shared_ptr<Service> service_;
  std::string address_;
};

}  // namespace splitdelivery::http
