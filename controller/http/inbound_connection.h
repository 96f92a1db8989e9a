#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include "http/listener.h"

namespace splitdelivery::http {

/// One connection that somebody has opened to us: reads a request, has it answered, sends the answer, reads the next.
///
/// A request has to be here, and an answer gone, within `patience`, however slowly its bytes drip. Lives on the pool's
/// thread and owns itself through what the pool holds; `ended` is called once, when it is over.
class InboundConnection : public std::enable_shared_from_this<InboundConnection> {
 public:
  using Reply = std::function<void(OutgoingAnswer)>;
  struct Hooks {
    /// Answers through `Reply`, on the pool's thread, now or later.
    std::function<void(IncomingRequest, Reply)> ask{};
    std::function<void()> ended{};
  };

  /// `forThisMachine`: only this machine can connect, so only its own names are answered (421).
  InboundConnection(boost::asio::ip::tcp::socket socket, std::chrono::milliseconds patience, bool forThisMachine,
                    Hooks hooks);

  void start() { read(); }
  /// Between requests, or in the middle of one that is not whole yet.
  [[nodiscard]] bool idle() const { return state_ == State::Reading; }
  [[nodiscard]] std::chrono::steady_clock::time_point idleSince() const { return idleSince_; }
  /// Ends when the answer under way has been sent, at once when there is none.
  void finish();
  void drop();

 private:
  enum class State { Reading, Answering, Ended };
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
  using Message = boost::beast::http::response<boost::beast::http::string_body>;

  void read();
  void onRead(const boost::system::error_code& error);
  void refuse(const boost::system::error_code& error);
  void dispatch();
  void write(OutgoingAnswer answer, bool keepOpen);
  void onWritten(const boost::system::error_code& error, bool keepOpen);
  void end();

  boost::beast::tcp_stream stream_;
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  std::optional<Message> outgoing_;
  std::chrono::milliseconds patience_;
  bool forThisMachine_;
  Hooks hooks_;
  State state_ = State::Reading;
  std::chrono::steady_clock::time_point idleSince_{};
  bool last_ = false;
};

}  // namespace splitdelivery::http
