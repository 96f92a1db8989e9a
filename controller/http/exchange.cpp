#include "http/exchange.h"

#include <charconv>
#include <utility>

#include "base/ascii.h"
#include "http/piece_buffer.h"
#include "http/transport_error.h"

namespace splitdelivery::http {

namespace {

namespace statuses {
constexpr int kFirstFinal = 200;
constexpr int kNoContent = 204;
constexpr int kNotModified = 304;
}  // namespace statuses

/// Headers, handshake, records and chunk marks on top of the body; nothing honest needs more.
std::size_t wireAllowance(std::size_t bodyLimit) {
  constexpr std::size_t kHeadersAndHandshake = std::size_t{1} << 20U;
  return 2 * bodyLimit + kHeadersAndHandshake;
}

/// What is streamed is kept by nobody here.
constexpr std::size_t kUnbounded = std::size_t{1} << 50U;

/// The bytes that Content-Length promises. cpprestsdk reads a malformed one as 0 and gives an empty
/// answer; here that is an answer that cannot be trusted.
std::optional<std::size_t> promisedLength(const std::string& text) {
  std::size_t bytes = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), bytes);
  if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size()) return std::nullopt;
  return bytes;
}

}  // namespace

Exchange::Exchange(base::Executor& executor, const Request& request, std::string place, std::shared_ptr<WireWatch> wire)
    : place_(std::move(place)),
      bodyLimit_(request.onBody ? kUnbounded : request.bodyLimit),
      deadline_(request.deadline),
      head_(request.method == "HEAD"),
      trustAdvice_(request.trustAdvice),
      executor_(executor),
      answer_(executor),
      stream_(request.onBody ? std::make_shared<StreamedBody>(request.onBody) : nullptr),
      wire_(std::move(wire)) {}

void Exchange::start(Channel& channel, web::http::http_request request, const pplx::cancellation_token& token) {
  auto self = shared_from_this();
  wire_->begin(wireAllowance(bodyLimit_), [weak = weak_from_this()] {
    if (auto exchange = weak.lock()) {
      exchange->finish(base::fail(transport_error::answerTooLarge(exchange->place_, exchange->bodyLimit_)));
    }
  });
  request.set_response_stream(bodyStream());
  request.set_progress_handler([self](auto direction, auto bytes) { self->onProgress(direction, bytes); });
  channel.client.request(request, token).then([self](const pplx::task<web::http::http_response>& headers) {
    try {
      self->onHeaders(headers.get());
    } catch (...) {
      self->onFailure(std::current_exception());
    }
  });
}

/// What the library writes the body to. Pieces are posted, so they come in order and before the end.
concurrency::streams::ostream Exchange::bodyStream() {
  if (!stream_) return body_.create_ostream();
  const auto buffer = std::make_shared<PieceBuffer>([self = shared_from_this()](std::string piece) {
    const Lock lock(self->mutex_);
    if (self->finished_) return;  // the executor may be gone
    self->executor_.post([body = self->stream_, piece = std::move(piece)] { body->arrived(piece); });
  });
  return {concurrency::streams::streambuf<std::uint8_t>(buffer)};
}

void Exchange::endStream() {
  if (stream_) stream_->end();
}

void Exchange::stop() {
  finish(base::fail(transport_error::stopped(place_)));
}

void Exchange::timeOut() {
  finish(base::fail(transport_error::timedOut(place_, deadline_)));
}

/// The first outcome counts.
void Exchange::finish(Outcome outcome) {
  const Lock lock(mutex_);
  if (std::exchange(finished_, true)) return;
  wire_->end();
  answer_.resolve(std::move(outcome));
}

/// Called by cpprestsdk before it goes on sending, and before it stores what has arrived.
void Exchange::onProgress(web::http::message_direction::direction direction, std::size_t bytes) {
  if (direction == web::http::message_direction::upload) {
    written_ = true;
  } else if (bytes > bodyLimit_) {
    throw transport_error::BodyLimitPassed{};
  }
}

void Exchange::onHeaders(web::http::http_response response) {
  const auto length = response.headers().find("Content-Length");
  if (length != response.headers().end() && bodyExpected(response)) {
    const auto promised = promisedLength(length->second);
    if (promised && *promised > bodyLimit_) {
      return finish(base::fail(transport_error::answerTooLarge(place_, bodyLimit_)));
    }
  }
  if (stream_) {
    const Lock lock(mutex_);
    if (finished_) return;
    executor_.post([body = stream_, status = response.status_code()] { body->statusIs(status); });
  }
  response.content_ready().then(
      [self = shared_from_this(), response](const pplx::task<web::http::http_response>& whole) {
        try {
          whole.get();
          if (self->stream_) return self->onStreamEnd(response);
          self->onBody(response);
        } catch (...) {
          self->onFailure(std::current_exception());
        }
      });
}

void Exchange::onBody(const web::http::http_response& response) {
  const auto& body = body_.collection();
  Response answer{response.status_code(), std::string(body.begin(), body.end()), {}};
  // An interim answer (1xx) is none: the real one would come as the answer to the next request.
  bool whole = answer.status >= statuses::kFirstFinal;
  for (const auto& [name, value] : response.headers()) answer.headers.emplace_back(base::lowered(name), value);
  const std::string_view length = answer.header("content-length");
  if (!length.empty() && bodyExpected(response) && answer.header("transfer-encoding").empty()) {
    whole = whole && promisedLength(std::string(length)) == answer.body.size();
  }
  if (!whole) return finish(base::fail(transport_error::brokenAnswer(place_)));
  if (answer.body.size() > bodyLimit_) {
    return finish(base::fail(transport_error::answerTooLarge(place_, bodyLimit_)));
  }
  finish(std::move(answer));
}

void Exchange::onStreamEnd(const web::http::http_response& response) {
  Response answer{response.status_code(), {}, {}};
  for (const auto& [name, value] : response.headers()) answer.headers.emplace_back(base::lowered(name), value);
  const Lock lock(mutex_);
  if (finished_) return;
  // Behind the last piece.
  executor_.post([self = shared_from_this(), answer = std::move(answer)]() mutable {
    answer.body = self->stream_->takeKept();
    self->finish(std::move(answer));
  });
}

void Exchange::onFailure(const std::exception_ptr& failure) {
  finish(base::fail(transport_error::fromException(failure, {.place = place_,
                                                             .bodyLimit = bodyLimit_,
                                                             .written = written_.load(),
                                                             .verifyError = wire_->verifyError(),
                                                             .trustAdvice = trustAdvice_})));
}

bool Exchange::bodyExpected(const web::http::http_response& response) const {
  const int status = response.status_code();
  return !head_ && status != statuses::kNoContent && status != statuses::kNotModified;
}

}  // namespace splitdelivery::http
