#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/executor.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/task.h"

namespace splitdelivery::http {

/// One request. Never printed or logged as a whole: body and authorisation may hold secrets.
struct Request {
  std::string method = "GET";
  std::string origin;  ///< "https://eagle.mxlogin.com:2222": scheme, host, port
  std::string path;    ///< "/api/x?start=0", percent-encoded by the caller
  std::vector<std::pair<std::string, std::string>> headers{};
  base::Secret authorization{};  ///< the value of the Authorization header; empty: none
  std::string body{};
  std::string contentType{};
  /// For everything, from connecting to the last byte. Of a request without time left nothing is sent.
  std::chrono::milliseconds deadline{std::chrono::seconds{30}};
  std::size_t bodyLimit = std::size_t{16} << 20U;  ///< bytes of the answer's body
  /// Whom this asks and for what, in fixed words for metrics and recordings: "zoho" and "accounts",
  /// "directadmin" and "CMD_API_POP". Never anything that a person or a domain is known by.
  std::string_view provider{};
  std::string_view endpoint{};
  /// The fix to name when nobody who is trusted here has signed the server's certificate: only the
  /// caller knows where such trust is configured. Empty: a general one.
  std::string trustAdvice{};
  /// For a watch: takes the body of a 200 as it arrives, piece by piece, on the executor. The answer's own
  /// body is then empty and `bodyLimit` bounds nothing. Not called any more once `send` has ended.
  std::function<void(std::string_view)> onBody{};
};

/// One answer, whole. Redirects are answers like any other and are never followed.
struct Response {
  int status = 0;
  std::string body{};
  std::vector<std::pair<std::string, std::string>> headers{};  ///< names in lower case

  /// The first header of that (lower-case) name, or "".
  [[nodiscard]] std::string_view header(std::string_view name) const;
  /// Retry-After in seconds, from its number or date form.
  [[nodiscard]] std::optional<std::chrono::seconds> retryAfter(base::WallTime now) const;
};

/// The port through which everything goes out.
///
/// An error means that there is no whole answer; its kind is Retry or Stopped (Stall where only a
/// person can help: TLS, plain http, an unusable address), and whether the server acted on the
/// request is unknown unless `neverSent` says so. The implementation may itself send a request a second
/// time when a kept-alive connection ends before the answer, a POST too: every write must be harmless twice (S8).
class Transport {
 public:
  Transport() = default;
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;
  virtual ~Transport() = default;

  virtual base::Task<base::Result<Response>> send(Request request, std::stop_token stop) = 0;
};

/// Reasons of transport errors, as they appear in conditions.
namespace reason {
inline constexpr std::string_view kConnectFailed = "ConnectFailed";    ///< nobody listens, or no route: never sent
inline constexpr std::string_view kHostNotFound = "HostNotFound";      ///< the name does not resolve: never sent
inline constexpr std::string_view kTlsFailed = "TLSFailed";            ///< certificate or version: never sent
inline constexpr std::string_view kTimedOut = "TimedOut";              ///< the deadline passed
inline constexpr std::string_view kConnectionLost = "ConnectionLost";  ///< reset, or an answer that broke off
inline constexpr std::string_view kAnswerTooLarge = "AnswerTooLarge";  ///< more than bodyLimit
inline constexpr std::string_view kPlainHttp = "PlainHTTPRefused";     ///< http:// to another machine: never sent
inline constexpr std::string_view kInvalidRequest = "InvalidRequest";  ///< unusable address or header: never sent
inline constexpr std::string_view kStopped = "Stopped";
}  // namespace reason

/// Whether the request of this transport error certainly never left: nothing was asked, so nothing was
/// counted, refused or changed.
[[nodiscard]] inline bool neverSent(const base::Error& error) {
  return error.neverSent || error.reason == reason::kConnectFailed || error.reason == reason::kHostNotFound ||
         error.reason == reason::kTlsFailed || error.reason == reason::kPlainHttp ||
         error.reason == reason::kInvalidRequest;
}

}  // namespace splitdelivery::http
