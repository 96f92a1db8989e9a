#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "simulators/service.h"

namespace splitdelivery::simulators {

/// Simulators behind real sockets: HTTP/1.1 with keep-alive on loopback addresses, faults and all (a
/// reset is a TCP RST, a hang an open connection that stays silent).
///
/// Everything, answers included, happens in the one thread that calls run(); only stop() and
/// perform() may be called from others.
class LoopbackServer {
 public:
  using Answer = std::function<Delivery(const Request&)>;

  LoopbackServer();
  ~LoopbackServer();
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  /// Listens at HOST:PORT; port 0 takes a free one. Gives the port. Throws std::invalid_argument for
  /// an address that is not loopback, another std::runtime_error when the port is taken.
  std::uint16_t listen(const std::string& endpoint, Answer answer);
  /// The same in front of a service, with the time of day.
  std::uint16_t listen(const std::string& endpoint, Service& service);

  /// Serves until stop(), or until SIGINT or SIGTERM once `stopOnSignals` was called.
  void run();
  void stopOnSignals();
  void stop();
  /// Does `work` in the serving thread and waits for it: how a test changes the world meanwhile.
  void perform(const std::function<void()>& work);

 private:
  struct Sockets;
  std::unique_ptr<Sockets> sockets_;
};

}  // namespace splitdelivery::simulators
