#include "simulators/loopback_server.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <charconv>
#include <csignal>
#include <future>
#include <list>
#include <stdexcept>
#include <utility>

#include "simulators/loopback_connection.h"

namespace splitdelivery::simulators {
namespace {

using boost::asio::ip::tcp;

tcp::endpoint loopbackEndpoint(const std::string& text) {
  const auto colon = text.rfind(':');
  if (colon == std::string::npos) throw std::invalid_argument(text + " is not HOST:PORT");
  std::string host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host == "localhost") host = "127.0.0.1";

  std::uint16_t port = 0;
  const char* const last = text.data() + text.size();
  const auto [end, wrong] = std::from_chars(text.data() + colon + 1, last, port);
  if (wrong != std::errc() || end != last) throw std::invalid_argument(text + " has no port");

  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(host, error);
  if (error || !address.is_loopback()) {
    throw std::invalid_argument(host + " is no loopback address: the simulators serve this machine only");
  }
  return {address, port};
}

}  // namespace

struct LoopbackServer::Sockets {
  struct Listener {
    tcp::acceptor acceptor;
    Answer answer;
  };

  void accept(Listener& listener) {
    listener.acceptor.async_accept([this, &listener](boost::system::error_code error, tcp::socket socket) {
      if (!error) std::make_shared<LoopbackConnection>(std::move(socket), listener.answer)->start();
      if (error != boost::asio::error::operation_aborted) accept(listener);
    });
  }

  boost::asio::io_context context{1};
  std::list<Listener> listeners;
  boost::asio::signal_set signals{context};
};

LoopbackServer::LoopbackServer() : sockets_(std::make_unique<Sockets>()) {}
LoopbackServer::~LoopbackServer() = default;

std::uint16_t LoopbackServer::listen(const std::string& endpoint, Answer answer) {
  tcp::acceptor acceptor(sockets_->context, loopbackEndpoint(endpoint));
  auto& listener = sockets_->listeners.emplace_back(Sockets::Listener{std::move(acceptor), std::move(answer)});
  sockets_->accept(listener);
  return listener.acceptor.local_endpoint().port();
}

std::uint16_t LoopbackServer::listen(const std::string& endpoint, Service& service) {
  return listen(endpoint, [&service](const Request& request) {
    return service.receive(request, std::chrono::system_clock::now());
  });
}

void LoopbackServer::run() {
  sockets_->context.run();
}

void LoopbackServer::stopOnSignals() {
  sockets_->signals.add(SIGINT);
  sockets_->signals.add(SIGTERM);
  sockets_->signals.async_wait([this](boost::system::error_code error, int) {
    if (!error) stop();
  });
}

void LoopbackServer::stop() {
  sockets_->context.stop();
}

void LoopbackServer::perform(const std::function<void()>& work) {
  std::promise<void> done;
  boost::asio::post(sockets_->context, [&] {
    work();
    done.set_value();
  });
  done.get_future().wait();
}

}  // namespace splitdelivery::simulators
