#include "http/inbound_connection.h"

#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <utility>

#include "http/listen_address.h"

namespace splitdelivery::http {

namespace beast = boost::beast;

namespace {

constexpr std::uint32_t kHeaderLimit = 8U << 10U;
constexpr std::uint64_t kBodyLimit = 8U << 10U;

/// The answer to what could not be read as a request; nothing when there is nobody to answer, or nothing that he would
/// understand.
std::optional<OutgoingAnswer> refusalOf(const boost::system::error_code& error) {
  using beast::http::error;
  if (error == error::end_of_stream || error == error::partial_message) return std::nullopt;
  if (error == error::header_limit || error == error::buffer_overflow) {
    return OutgoingAnswer{.status = 431, .body = "the headers are too large\n"};
  }
  if (error == error::body_limit) return OutgoingAnswer{.status = 413, .body = "the body is too large\n"};
  if (error.category() != beast::http::make_error_code(error::end_of_stream).category()) return std::nullopt;
  return OutgoingAnswer{.status = 400, .body = "this is not an HTTP request\n"};
}

}  // namespace

InboundConnection::InboundConnection(boost::asio::ip::tcp::socket socket, std::chrono::milliseconds patience,
                                     bool forThisMachine, Hooks hooks)
    : stream_(std::move(socket)),
      buffer_(kHeaderLimit + kBodyLimit),
      patience_(patience),
      forThisMachine_(forThisMachine),
      hooks_(std::move(hooks)),
      idleSince_(std::chrono::steady_clock::now()) {}

void InboundConnection::read() {
  state_ = State::Reading;
  parser_.emplace();
  parser_->header_limit(kHeaderLimit);
  parser_->body_limit(kBodyLimit);
  stream_.expires_after(patience_);
  beast::http::async_read(
      stream_, buffer_, *parser_,
      [self = shared_from_this()](const boost::system::error_code& error, std::size_t) { self->onRead(error); });
}

void InboundConnection::onRead(const boost::system::error_code& error) {
  if (state_ == State::Ended) return;
  if (error) return refuse(error);
  state_ = State::Answering;
  dispatch();
}

void InboundConnection::refuse(const boost::system::error_code& error) {
  auto answer = refusalOf(error);
  if (!answer) return end();
  state_ = State::Answering;
  write(std::move(*answer), false);
}

void InboundConnection::dispatch() {
  const auto& message = parser_->get();
  const std::string_view target{message.target().data(), message.target().size()};
  const std::size_t question = std::min(target.find('?'), target.size());
  const auto accept = message[beast::http::field::accept];
  IncomingRequest request{.method = std::string(message.method_string()),
                          .path = std::string(target.substr(0, question)),
                          .query = std::string(target.substr(std::min(question + 1, target.size()))),
                          .accept = std::string(accept)};
  const bool keepOpen = message.keep_alive();
  if (request.method != "GET" && request.method != "HEAD") {
    return write({.status = 405, .body = "only GET and HEAD\n", .headers = {{"Allow", "GET, HEAD"}}}, keepOpen);
  }
  const auto named = message.find(beast::http::field::host);
  const std::string_view host =
      named == message.end() ? "" : std::string_view(named->value().data(), named->value().size());
  if (forThisMachine_ && !host.empty() && !isLocalHost(host)) {
    return write(
        {.status = 421, .body = "ask for 127.0.0.1, [::1] or localhost: this port is for this machine alone\n"},
        keepOpen);
  }
  hooks_.ask(std::move(request), [weak = weak_from_this(), keepOpen](OutgoingAnswer answer) {
    const auto self = weak.lock();
    if (self && self->state_ == State::Answering) self->write(std::move(answer), keepOpen);
  });
}

void InboundConnection::write(OutgoingAnswer answer, bool keepOpen) {
  keepOpen = keepOpen && !last_;
  const auto& asked = parser_->get();
  Message& message = outgoing_.emplace();
  message.result(static_cast<unsigned>(answer.status));
  message.version(asked.version() == 10 ? 10 : 11);
  for (const auto& [name, value] : answer.headers) message.set(name, value);
  message.set(beast::http::field::content_type, answer.contentType);
  message.set("X-Content-Type-Options", "nosniff");
  message.keep_alive(keepOpen);
  message.content_length(answer.body.size());
  if (asked.method() != beast::http::verb::head) message.body() = std::move(answer.body);
  stream_.expires_after(patience_);
  beast::http::async_write(stream_, *outgoing_,
                           [self = shared_from_this(), keepOpen](const boost::system::error_code& error, std::size_t) {
                             self->onWritten(error, keepOpen);
                           });
}

void InboundConnection::onWritten(const boost::system::error_code& error, bool keepOpen) {
  if (state_ == State::Ended) return;
  if (error || !keepOpen || last_) return end();
  idleSince_ = std::chrono::steady_clock::now();
  read();
}

void InboundConnection::finish() {
  last_ = true;
  if (idle()) end();
}

void InboundConnection::drop() {
  if (state_ != State::Ended) end();
}

void InboundConnection::end() {
  state_ = State::Ended;
  boost::system::error_code ignored;
  stream_.socket().shutdown(boost::asio::ip::tcp::socket::shutdown_both, ignored);
  stream_.close();
  hooks_.ended();
}

}  // namespace splitdelivery::http
