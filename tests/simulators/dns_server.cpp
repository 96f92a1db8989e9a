#include "simulators/dns_server.h"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <functional>
#include <stdexcept>
#include <vector>

#include "simulators/dns_wire.h"

namespace splitdelivery::simulators {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using asio::ip::udp;
using ErrorCode = boost::system::error_code;

constexpr int kPortTries = 20;

udp::endpoint loopbackEndpoint(const std::string& text) {
  const auto colon = text.rfind(':');
  std::string host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  ErrorCode error;
  const auto address = asio::ip::make_address(host == "localhost" ? "127.0.0.1" : host, error);
  const std::string port = colon == std::string::npos ? "" : text.substr(colon + 1);
  const bool number = !port.empty() && port.size() <= 5 && port.find_first_not_of("0123456789") == std::string::npos;
  if (error || !address.is_loopback() || !number || std::stoul(port) > 65535) {
    throw std::invalid_argument(text +
                                " is no HOST:PORT on a loopback address: the simulators serve this machine only");
  }
  return {address, static_cast<std::uint16_t>(std::stoul(port))};
}

/// What is sent back, one datagram each, and when.
struct Answers {
  std::vector<std::string> messages{};
  std::chrono::milliseconds pause{0};
};

Answers faulty(const DnsZone& zone, const DnsQuestion& question, const DnsReply& reply, bool overTcp) {
  switch (zone.fault(question.name)) {
    case DnsFault::ServFail:
      return {{writeEmpty(question, DnsRcode::ServFail)}};
    case DnsFault::Refused:
      return {{writeEmpty(question, DnsRcode::Refused)}};
    case DnsFault::NotImp:
      return {{writeEmpty(question, DnsRcode::NotImp)}};
    case DnsFault::Silent:
      return {};
    case DnsFault::Garbage:
      return {{"", "no DNS message, whatever one makes of it"}};
    case DnsFault::WrongId: {
      DnsQuestion other = question;
      other.id = static_cast<std::uint16_t>(~question.id);
      return {{writeReply(other, reply)}};
    }
    case DnsFault::Broken:
      return {{writeBroken(question)}};
    case DnsFault::Truncated:
      if (!overTcp) return {{writeEmpty(question, DnsRcode::NoError, true)}};
      return {{writeReply(question, reply)}};
    case DnsFault::Slow:
      return {{writeReply(question, reply)}, zone.slowness()};
    case DnsFault::None:
      return {{writeReply(question, reply)}};
  }
  return {};
}

Answers answer(DnsZone& zone, std::string_view bytes, bool overTcp) {
  const auto question = readQuestion(bytes);
  if (!question) return {};
  zone.count(question->name);
  if (!question->asksFor(DnsType::Mx) && !question->asksFor(DnsType::Txt)) {
    return {{writeEmpty(*question, DnsRcode::NotImp)}};
  }
  const DnsReply reply = zone.reply(question->name, question->asksFor(DnsType::Mx) ? DnsType::Mx : DnsType::Txt);
  Answers answers = faulty(zone, *question, reply, overTcp);
  for (std::string& message : answers.messages) {
    if (!overTcp && message.size() > question->room) message = writeEmpty(*question, DnsRcode::NoError, true);
  }
  return answers;
}

void after(asio::io_context& context, std::chrono::milliseconds pause, std::function<void()> work) {
  if (pause.count() == 0) return work();
  auto timer = std::make_shared<asio::steady_timer>(context, pause);
  timer->async_wait([timer, work = std::move(work)](ErrorCode error) {
    if (!error) work();
  });
}

/// One connection: a length of two bytes before each message (RFC 1035, 4.2.2).
class TcpConnection : public std::enable_shared_from_this<TcpConnection> {
 public:
  TcpConnection(tcp::socket socket, asio::io_context& context, DnsZone& zone, std::atomic<std::size_t>& answered)
      : socket_(std::move(socket)), context_(context), zone_(zone), answered_(answered) {}

  void read() {
    asio::async_read(socket_, asio::buffer(length_), [self = shared_from_this()](ErrorCode error, std::size_t) {
      if (!error) self->readMessage();
    });
  }

 private:
  void readMessage() {
    message_.resize(static_cast<std::size_t>(length_[0] << 8U | length_[1]));
    asio::async_read(socket_, asio::buffer(message_), [self = shared_from_this()](ErrorCode error, std::size_t) {
      if (!error) self->serve();
    });
  }

  void serve() {
    Answers answers = answer(zone_, message_, true);
    outgoing_.clear();
    for (const std::string& message : answers.messages) {
      outgoing_ += static_cast<char>(message.size() >> 8U);
      outgoing_ += static_cast<char>(message.size() & 0xFFU);
      outgoing_ += message;
    }
    after(context_, answers.pause, [self = shared_from_this()] { self->write(); });
  }

  void write() {
    if (!outgoing_.empty()) ++answered_;
    asio::async_write(socket_, asio::buffer(outgoing_), [self = shared_from_this()](ErrorCode error, std::size_t) {
      if (!error) self->read();
    });
  }

  tcp::socket socket_;
  asio::io_context& context_;
  DnsZone& zone_;
  std::atomic<std::size_t>& answered_;
  std::array<unsigned char, 2> length_{};
  std::string message_;
  std::string outgoing_;
};

}  // namespace

class DnsServer::Sockets {
 public:
  Sockets(DnsZone& zone, const udp::endpoint& endpoint) : zone_(zone) {
    bind(endpoint);
    receive();
    accept();
  }

  void run() { context_.run(); }
  void stop() { context_.stop(); }
  [[nodiscard]] udp::endpoint endpoint() const { return udp_.local_endpoint(); }

  std::atomic<std::size_t> answersOverTcp = 0;

 private:
  /// A port that is free for UDP may be taken for TCP: then another one.
  void bind(const udp::endpoint& wanted) {
    for (int tries = wanted.port() == 0 ? kPortTries : 1;; --tries) {
      try {
        udp_ = udp::socket(context_, wanted);
        acceptor_ = tcp::acceptor(context_, {wanted.address(), udp_.local_endpoint().port()});
        return;
      } catch (const boost::system::system_error&) {
        if (tries == 1) throw;
      }
    }
  }

  void receive() {
    udp_.async_receive_from(asio::buffer(incoming_), peer_, [this](ErrorCode error, std::size_t size) {
      if (error == asio::error::operation_aborted) return;
      if (!error) serve({incoming_.data(), size});
      receive();
    });
  }

  void serve(std::string_view message) {
    Answers answers = answer(zone_, message, false);
    after(context_, answers.pause, [this, peer = peer_, messages = std::move(answers.messages)] {
      for (const std::string& bytes : messages) {
        ErrorCode gone;
        udp_.send_to(asio::buffer(bytes), peer, 0, gone);
      }
    });
  }

  void accept() {
    acceptor_.async_accept([this](ErrorCode error, tcp::socket socket) {
      if (!error) std::make_shared<TcpConnection>(std::move(socket), context_, zone_, answersOverTcp)->read();
      if (error != asio::error::operation_aborted) accept();
    });
  }

  DnsZone& zone_;
  asio::io_context context_{1};
  udp::socket udp_{context_};
  tcp::acceptor acceptor_{context_};
  udp::endpoint peer_;
  std::array<char, 4096> incoming_{};
};

DnsServer::DnsServer(DnsZone& zone, const std::string& endpoint)
    : sockets_(std::make_unique<Sockets>(zone, loopbackEndpoint(endpoint))), thread_([this] { sockets_->run(); }) {}

DnsServer::~DnsServer() {
  sockets_->stop();
  thread_.join();
}

std::string DnsServer::endpoint() const {
  const auto endpoint = sockets_->endpoint();
  const std::string host = endpoint.address().to_string();
  return (endpoint.address().is_v6() ? '[' + host + ']' : host) + ':' + std::to_string(endpoint.port());
}

std::size_t DnsServer::answersOverTcp() const {
  return sockets_->answersOverTcp;
}

}  // namespace splitdelivery::simulators
