#pragma once

#include <cpprest/containerstream.h>
#include <cpprest/http_msg.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/await.h"
#include "http/channel.h"
#include "http/streamed_body.h"
#include "http/thread_annotations.h"
#include "http/transport.h"

namespace splitdelivery::http {

/// One request under way in cpprestsdk: turns what its threads report into one Result.
///
/// Shared by the waiting coroutine and by cpprestsdk's continuations, which may come long after the
/// coroutine has gone on (a name look-up cannot be cancelled). All functions but `start` may be
/// called from any thread; once a result has been given, nothing touches the executor any more.
class Exchange : public std::enable_shared_from_this<Exchange> {
 public:
  using Outcome = base::Result<Response>;

  Exchange(base::Executor& executor, const Request& request, std::string place, std::shared_ptr<WireWatch> wire);

  /// Hands the request to cpprestsdk. The channel's watch is ours until a result is there.
  void start(Channel& channel, web::http::http_request request, const pplx::cancellation_token& token);

  /// Ends the wait with that error, unless there is a result already. What cpprestsdk does is for
  /// the caller to cancel.
  void stop();
  void timeOut();
  /// The body goes to nobody any more. On the executor.
  void endStream();

  /// Awaited once, by the coroutine that started it.
  [[nodiscard]] base::Deferred<Outcome> answer() const { return answer_; }

 private:
  void finish(Outcome outcome) EXCLUDES(mutex_);
  void onProgress(web::http::message_direction::direction direction, std::size_t bytes);
  void onHeaders(web::http::http_response response);
  void onBody(const web::http::http_response& response);
  void onStreamEnd(const web::http::http_response& response);
  [[nodiscard]] concurrency::streams::ostream bodyStream();
  void onFailure(const std::exception_ptr& failure);
  [[nodiscard]] bool bodyExpected(const web::http::http_response& response) const;

  const std::string place_;
  const std::size_t bodyLimit_;
  const std::chrono::milliseconds deadline_;
  const bool head_;  ///< a HEAD request: the answer has no body, whatever its headers say
  const std::string trustAdvice_;
  base::Executor& executor_;
  base::Deferred<Outcome> answer_;
  const std::shared_ptr<StreamedBody> stream_;  ///< of a request that wants its answer streamed
  concurrency::streams::container_buffer<std::vector<std::uint8_t>> body_;
  std::atomic<bool> written_ = false;
  const std::shared_ptr<WireWatch> wire_;  ///< the channel's

  Mutex mutex_;
  bool finished_ GUARDED_BY(mutex_) = false;
};

}  // namespace splitdelivery::http
