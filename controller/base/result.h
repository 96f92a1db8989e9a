#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace splitdelivery::base {

/// What to do about an error. The kind carries the policy, so that nobody above the place where an
/// error is born has to read its text.
enum class ErrorKind {
  Retry,    ///< passing trouble (network, 5xx, half an answer): try again with backoff
  Wait,     ///< a limit was reached: try again not before `Error::retryAfter`
  Stall,    ///< no retry helps until a person changes something (credentials, spec, permissions)
  Refuse,   ///< this one operation was refused for good (business error); others may go on
  Unclear,  ///< a write may or may not have taken effect: list again and decide
  Stopped,  ///< we were asked to stop
};

/// An error as a value.
///
/// `reason` is a CamelCase word fit for a condition ("LoginKeyLacksCommand"); `message` is one
/// sentence for a person, names the fix where there is one, and never quotes a remote body or a
/// secret.
struct Error {
  ErrorKind kind = ErrorKind::Retry;
  std::string reason;
  std::string message;
  std::optional<std::chrono::seconds> retryAfter{};
  bool neverSent = false;  ///< of a request: it certainly never left, so nothing was changed

  friend bool operator==(const Error&, const Error&) = default;
};

/// What a Result carries when there is nothing to say but that it went well.
struct Done {
  friend bool operator==(Done, Done) = default;
};

template <class T>
using Result = tl::expected<T, Error>;

/// `return fail(ErrorKind::Stall, "InvalidClient", "…");` from any function that returns a Result.
[[nodiscard]] inline tl::unexpected<Error> fail(ErrorKind kind, std::string reason, std::string message,
                                                std::optional<std::chrono::seconds> retryAfter = std::nullopt) {
  return tl::unexpected<Error>(Error{kind, std::move(reason), std::move(message), retryAfter});
}

[[nodiscard]] inline tl::unexpected<Error> fail(Error error) {
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace splitdelivery::base
