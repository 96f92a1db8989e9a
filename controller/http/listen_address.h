#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace splitdelivery::http {

/// Where to listen. Numbers only ("localhost" apart), so that nothing has to be asked of a name server.
struct ListenAddress {
  boost::asio::ip::tcp::endpoint endpoint{};
  bool everyInterface = false;  ///< no host was named: IPv6 and IPv4, or what the machine has of them
};

/// "127.0.0.1:8080", "[::1]:8080", "localhost:8080", ":8080". Nothing when it is none of these.
[[nodiscard]] std::optional<ListenAddress> parseListenAddress(std::string_view hostPort);

/// Whether a Host header names this machine without any name server: a number, or localhost. Where only this machine
/// can connect, any other name is a web page's that has led its own name here to read our answers (DNS rebinding).
[[nodiscard]] bool isLocalHost(std::string_view hostHeader);

/// "127.0.0.1:8080", "[::1]:8080".
[[nodiscard]] std::string formatEndpoint(const boost::asio::ip::tcp::endpoint& endpoint);

}  // namespace splitdelivery::http
