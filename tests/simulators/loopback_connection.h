#pragma once

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <string>

#include "simulators/http_wire.h"
#include "simulators/loopback_server.h"

namespace splitdelivery::simulators {

/// One connection of a LoopbackServer: reads a request, has it answered, makes the delivery real,
/// reads the next. It owns itself through what the server's io_context holds.
class LoopbackConnection : public std::enable_shared_from_this<LoopbackConnection> {
 public:
  /// `answer` belongs to the listener that took the connection in and outlives it.
  LoopbackConnection(boost::asio::ip::tcp::socket socket, const LoopbackServer::Answer& answer);

  void start() { read(); }

 private:
  using ErrorCode = boost::system::error_code;

  void read();
  void advance(RequestReader::State state);
  void serve();
  void sendWhole();
  void sendTruncated();
  /// One chunk after the other, for bodies that are slow or endless.
  void sendChunks(std::size_t offset);
  void awaitPeerLeaving();
  void reset();
  void finished();
  void write(std::string bytes, std::function<void()> then);
  void after(std::chrono::milliseconds pause, std::function<void()> then);

  boost::asio::ip::tcp::socket socket_;
  boost::asio::steady_timer timer_;
  const LoopbackServer::Answer& answer_;
  RequestReader reader_;
  std::array<char, 16384> incoming_{};
  std::string outgoing_;
  Delivery delivery_;
};

}  // namespace splitdelivery::simulators
