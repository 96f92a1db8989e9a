#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>

#include "simulators/dns.h"

namespace splitdelivery::simulators {

/// A zone behind real sockets, UDP and TCP on one port of a loopback address, in a thread of its own.
class DnsServer {
 public:
  /// Listens at HOST:PORT; port 0 takes a free one. Throws std::invalid_argument for an address that is not
  /// loopback, another std::runtime_error when the port is taken. `zone` outlives the server.
  explicit DnsServer(DnsZone& zone, const std::string& endpoint = "127.0.0.1:0");
  ~DnsServer();
  DnsServer(const DnsServer&) = delete;
  DnsServer& operator=(const DnsServer&) = delete;

  /// "127.0.0.1:40123", "[::1]:40123"
  [[nodiscard]] std::string endpoint() const;
  /// Answers that went over TCP.
  [[nodiscard]] std::size_t answersOverTcp() const;

 private:
  class Sockets;
  std::unique_ptr<Sockets> sockets_;
  std::thread thread_;
};

}  // namespace splitdelivery::simulators
