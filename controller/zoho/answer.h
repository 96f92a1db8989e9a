#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"
#include "http/transport.h"
#include "zoho/fields.h"

namespace splitdelivery::zoho {

/// Reasons that the callers of `readAnswer` and of the token endpoint act on.
namespace reason {
inline constexpr std::string_view kUnexpectedAnswer = "UnexpectedAnswer";
inline constexpr std::string_view kUnexpectedRedirect = "UnexpectedRedirect";
inline constexpr std::string_view kServerError = "ServerError";
inline constexpr std::string_view kThrottled = "Throttled";
inline constexpr std::string_view kTokenThrottled = "TokenThrottled";
inline constexpr std::string_view kTokenRefused = "TokenRefused";
inline constexpr std::string_view kInvalidClient = "InvalidClient";
inline constexpr std::string_view kInvalidScope = "InvalidScope";
inline constexpr std::string_view kInvalidOrganization = "InvalidOrganization";
inline constexpr std::string_view kInvalidRefreshToken = "InvalidRefreshToken";
inline constexpr std::string_view kUnknownPath = "UnknownPath";
inline constexpr std::string_view kAccessDenied = "AccessDenied";
inline constexpr std::string_view kMalformedRows = "MalformedRows";
inline constexpr std::string_view kRepeatedRows = "RepeatedRows";
inline constexpr std::string_view kEndlessListing = "EndlessListing";
inline constexpr std::string_view kListingMoved = "ListingMoved";
inline constexpr std::string_view kListingStagnant = "ListingStagnant";
inline constexpr std::string_view kEmptyOrganization = "EmptyOrganization";
inline constexpr std::string_view kEmptyDomainList = "EmptyDomainList";
}  // namespace reason

/// For `http::Request::provider`.
inline constexpr std::string_view kProvider = "zoho";

/// For `http::Request::trustAdvice`: Zoho's certificates are of known authorities.
inline constexpr std::string_view kTrustAdvice = "check the system's CA certificates, or the proxy in between";

/// How long we stay away when Zoho locks us out without saying for how long ("undisclosed").
inline constexpr std::chrono::seconds kPauseWhenThrottled{300};

/// The answer's JSON, none when the body is no whole JSON document.
[[nodiscard]] std::optional<Json> parseBody(std::string_view body);

/// What `data` holds in an answer of the Mail API, or the error that the answer stands for.
///
/// Success is HTTP 2xx, `{"status":{"code":<400},"data":…}` and no errorCode in `data`. With HTTP 200
/// and code 200, `data` may be null or missing, and is null here: a list may end that way. Errors come
/// as `{"status":{"code":404,…},"data":{"errorCode":…}}` or as an array `[2,{"errorCode":…}]`, and
/// not always with the HTTP status that fits (zoho.com/mail/help/api/response-codes.html).
///   Wait   Throttled, with retryAfter
///   Stall  TokenRefused (the caller mints once and tries again), InvalidScope, InvalidOrganization,
///          UnknownPath, AccessDenied, UnexpectedRedirect
///   Retry  UnexpectedAnswer (HTML, half a document, another shape), ServerError
/// Messages name `origin` (ours), never what came from there, but for an errorCode of A-Z and _.
[[nodiscard]] base::Result<Json> readAnswer(const http::Response& response, std::string_view origin,
                                            base::WallTime now);

/// Stall: the host sends us elsewhere, which is never followed.
[[nodiscard]] base::Error redirected(std::string_view origin);
/// Retry: no answer that we understand.
[[nodiscard]] base::Error unexpected(std::string_view origin);
/// Retry: HTTP 5xx, with the pause that was asked for.
[[nodiscard]] base::Error serverError(int status, std::optional<std::chrono::seconds> pause, std::string_view origin);

/// Wait: Zoho has locked this organisation's API for that long.
[[nodiscard]] base::Error throttledFor(std::chrono::seconds pause);
/// Stall: what an earlier process was refused with, of which it has kept the reason alone.
[[nodiscard]] base::Error refusedBefore(std::string because);

/// What the answer's Retry-After asks for, brought within a second and a day.
[[nodiscard]] std::optional<std::chrono::seconds> pauseOf(const http::Response& response, base::WallTime now);

}  // namespace splitdelivery::zoho
