#include "simulators/loopback_connection.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <utility>

namespace splitdelivery::simulators {
namespace {

constexpr int kDrips = 20;
constexpr std::size_t kBlock = std::size_t{64} << 10U;

/// The bytes [offset, offset + length) of the body with its padding.
std::string slice(const Delivery& delivery, std::size_t offset, std::size_t length) {
  const std::string& body = delivery.reply.body;
  std::string bytes = offset < body.size() ? body.substr(offset, length) : std::string();
  bytes.append(length - bytes.size(), ' ');
  return bytes;
}

}  // namespace

LoopbackConnection::LoopbackConnection(boost::asio::ip::tcp::socket socket, const LoopbackServer::Answer& answer)
    : socket_(std::move(socket)), timer_(socket_.get_executor()), answer_(answer) {
  ErrorCode ignored;
  socket_.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
}

void LoopbackConnection::read() {
  socket_.async_read_some(boost::asio::buffer(incoming_), [self = shared_from_this()](ErrorCode error, std::size_t n) {
    if (!error) self->advance(self->reader_.feed({self->incoming_.data(), n}));
  });
}

void LoopbackConnection::advance(RequestReader::State state) {
  switch (state) {
    case RequestReader::State::NeedsMore:
      return read();
    case RequestReader::State::Ready:
      return serve();
    case RequestReader::State::Broken:
      return write(responseHead({.status = 400}, 0, false), [] {});
  }
}

void LoopbackConnection::serve() {
  Request request = reader_.take();
  ErrorCode unknown;
  if (const auto peer = socket_.remote_endpoint(unknown); !unknown) request.client = peer.address().to_string();
  delivery_ = answer_(request);
  switch (delivery_.ending) {
    case Delivery::Ending::Whole:
      return after(delivery_.pause, [self = shared_from_this()] { self->sendWhole(); });
    case Delivery::Ending::Slow:
      return sendChunks(0);
    case Delivery::Ending::Truncated:
      return sendTruncated();
    case Delivery::Ending::Reset:
      return reset();
    case Delivery::Ending::Hang:
      return awaitPeerLeaving();
  }
}

void LoopbackConnection::sendWhole() {
  if (delivery_.padding > 0) return sendChunks(0);
  const Reply& reply = delivery_.reply;
  write(responseHead(reply, reply.body.size(), reader_.keepsAlive()) + reply.body,
        [self = shared_from_this()] { self->finished(); });
}

void LoopbackConnection::sendTruncated() {
  const Reply& reply = delivery_.reply;
  // One byte more is promised than there is, so that an empty body is broken off as well.
  write(responseHead(reply, reply.body.size() + 1, false) + reply.body.substr(0, reply.body.size() / 2), [] {});
}

void LoopbackConnection::sendChunks(std::size_t offset) {
  const std::size_t total = delivery_.reply.body.size() + delivery_.padding;
  const bool slow = delivery_.ending == Delivery::Ending::Slow;
  std::string bytes = offset == 0 ? responseHead(delivery_.reply, std::nullopt, reader_.keepsAlive()) : std::string();
  if (offset >= total) {
    return write(std::move(bytes) + std::string(kLastChunk), [self = shared_from_this()] { self->finished(); });
  }
  const std::size_t length = std::min(total - offset, slow ? total / kDrips + 1 : kBlock);
  bytes += chunk(slice(delivery_, offset, length));
  const auto pause = slow ? delivery_.pause / kDrips : std::chrono::milliseconds(0);
  write(std::move(bytes), [self = shared_from_this(), next = offset + length, pause] {
    self->after(pause, [self, next] { self->sendChunks(next); });
  });
}

void LoopbackConnection::awaitPeerLeaving() {
  socket_.async_read_some(boost::asio::buffer(incoming_), [self = shared_from_this()](ErrorCode error, std::size_t) {
    if (!error) self->awaitPeerLeaving();
  });
}

void LoopbackConnection::reset() {
  ErrorCode ignored;
  // With a linger time of zero, close() sends a RST.
  socket_.set_option(boost::asio::socket_base::linger(true, 0), ignored);
  socket_.close(ignored);
}

void LoopbackConnection::finished() {
  delivery_ = {};
  if (reader_.keepsAlive()) advance(reader_.feed({}));
}

void LoopbackConnection::write(std::string bytes, std::function<void()> then) {
  outgoing_ = std::move(bytes);
  boost::asio::async_write(socket_, boost::asio::buffer(outgoing_),
                           [self = shared_from_this(), then = std::move(then)](ErrorCode error, std::size_t) {
                             if (!error) then();
                           });
}

void LoopbackConnection::after(std::chrono::milliseconds pause, std::function<void()> then) {
  if (pause.count() == 0) return then();
  timer_.expires_after(pause);
  timer_.async_wait([self = shared_from_this(), then = std::move(then)](ErrorCode error) {
    if (!error) then();
  });
}

}  // namespace splitdelivery::simulators
