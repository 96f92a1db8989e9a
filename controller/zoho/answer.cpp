#include "zoho/answer.h"

#include <algorithm>
#include <array>
#include <string>

namespace splitdelivery::zoho {
namespace {

using base::ErrorKind;

// Throttle codes of Zoho's products. Which of them Mail uses is not documented.
constexpr std::array<std::string_view, 3> kThrottleCodes{"URL_ROLLING_THROTTLES_LIMIT_EXCEEDED",
                                                         "URL_FIXED_THROTTLES_LIMIT_EXCEEDED", "TOO_MANY_REQUESTS"};

base::Error error(ErrorKind kind, std::string_view reason, std::string message,
                  std::optional<std::chrono::seconds> retryAfter = std::nullopt) {
  return {kind, std::string(reason), std::move(message), retryAfter};
}

std::string_view firstText(const Json& object, std::initializer_list<const char*> keys) {
  for (const char* key : keys) {
    if (const auto text = textOf(object, key); !text.empty()) return text;
  }
  return {};
}

std::string_view codeIn(const Json& object) {
  if (const auto code = firstText(object, {"errorCode", "error", "errorData"}); !code.empty()) return code;
  for (const char* key : {"error", "errorData"}) {
    if (const Json* inner = member(object, key)) {
      if (const auto code = firstText(*inner, {"errorCode", "code", "title"}); !code.empty()) return code;
    }
  }
  return {};
}

/// The code of an error in any of its shapes, a view into `body`; empty when there is none.
std::string_view errorCode(const Json& body) {
  if (body.is_array()) {
    for (const Json& part : body) {
      if (const auto code = codeIn(part); !code.empty()) return code;
    }
    return {};
  }
  if (const Json* data = member(body, "data")) {
    if (const auto code = codeIn(*data); !code.empty()) return code;
  }
  return codeIn(body);
}

/// Only a code may be shown: anything else is remote text.
bool mayBeNamed(std::string_view code) {
  const auto plain = [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; };
  return !code.empty() && code.size() <= 64 && std::ranges::all_of(code, plain);
}

/// The worse of HTTP's status and the one in the body: errors come with HTTP 200, too.
int statusOf(const http::Response& response, const Json& body) {
  const auto worse = [&](std::optional<std::uint64_t> code) {
    return code && *code >= 400 && *code < 600 ? std::max(response.status, static_cast<int>(*code)) : response.status;
  };
  if (!body.is_array()) {
    const Json* status = member(body, "status");
    return worse(status != nullptr ? numberOf(*status, "code") : std::nullopt);
  }
  for (const Json& part : body) {
    if (const auto code = numberOf(part, "status")) return worse(code);
  }
  return response.status;
}

bool succeeded(int status, const Json& body) {
  if (status < 200 || status >= 300) return false;
  const Json* envelope = member(body, "status");
  if (envelope == nullptr) return false;
  const auto code = numberOf(*envelope, "code");
  const Json* data = member(body, "data");
  if (data == nullptr) return status == 200 && code == 200 && errorCode(body).empty();
  return code && textOf(*data, "errorCode").empty();
}

bool throttled(int status, std::string_view body) {
  if (status == 429) return true;
  return std::ranges::any_of(kThrottleCodes,
                             [&](std::string_view code) { return body.find(code) != std::string_view::npos; });
}

base::Error refused(int httpStatus, std::string_view code, std::string_view origin) {
  const std::string host(origin);
  const std::string named = mayBeNamed(code) ? " (" + std::string(code) + ")" : std::string{};
  const std::string status = "HTTP " + std::to_string(httpStatus);
  if (httpStatus == 401 || httpStatus == 403) {
    return error(ErrorKind::Stall, reason::kAccessDenied,
                 host + " refuses access with " + status + named +
                     ": check that the API client belongs to an administrator of this organisation");
  }
  return error(ErrorKind::Retry, reason::kUnexpectedAnswer,
               host + " refuses the request with " + status + named + ": it will be tried again");
}

base::Error byCode(int httpStatus, std::string_view code, std::string_view origin) {
  const std::string host(origin);
  if (code == "INVALID_OAUTHTOKEN") {
    return error(ErrorKind::Stall, reason::kTokenRefused,
                 host +
                     " refuses a token that was just made: accountsURL and mailURL must belong to the same data "
                     "centre, the one where the organisation was opened");
  }
  if (code == "INVALID_OAUTHSCOPE") {
    return error(ErrorKind::Stall, reason::kInvalidScope,
                 "the Zoho API client may not read this: it needs the scopes ZohoMail.organization.accounts.READ, "
                 "ZohoMail.organization.groups.READ and ZohoMail.organization.domains.READ, and its owner must be an "
                 "administrator; a refresh token made with fewer scopes must be made again");
  }
  if (code == "URL_RULE_NOT_CONFIGURED") {
    return error(ErrorKind::Stall, reason::kUnknownPath,
                 host + " does not know Zoho Mail's API: check the data centre, or mailURL");
  }
  if (code == "PATTERN_NOT_MATCHED") {
    return error(ErrorKind::Stall, reason::kInvalidOrganization,
                 "Zoho does not accept the organizationId: it is the number under Organization, Profile in Zoho's "
                 "mail admin console");
  }
  if (code == "OPERATION_NOT_PERMITTED") {
    return error(ErrorKind::Stall, reason::kAccessDenied,
                 "Zoho forbids this to the owner of the API client (OPERATION_NOT_PERMITTED): make the client as an "
                 "administrator of this organisation");
  }
  return refused(httpStatus, code, origin);
}

}  // namespace

std::optional<Json> parseBody(std::string_view body) {
  Json json = Json::parse(body.begin(), body.end(), nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) return std::nullopt;
  return json;
}

std::optional<std::chrono::seconds> pauseOf(const http::Response& response, base::WallTime now) {
  const auto asked = response.retryAfter(now);
  if (!asked) return std::nullopt;
  return std::clamp<std::chrono::seconds>(*asked, std::chrono::seconds{1}, std::chrono::hours{24});
}

base::Error redirected(std::string_view origin) {
  return error(ErrorKind::Stall, reason::kUnexpectedRedirect,
               std::string(origin) +
                   " redirects elsewhere, which is never followed: check the data centre, or the "
                   "accountsURL and mailURL that were given");
}

base::Error unexpected(std::string_view origin) {
  return error(ErrorKind::Retry, reason::kUnexpectedAnswer,
               std::string(origin) +
                   " answered with something that is not Zoho's API, or with half an answer: check "
                   "that this is the right host for the data centre and that no proxy stands "
                   "between");
}

base::Error serverError(int status, std::optional<std::chrono::seconds> pause, std::string_view origin) {
  return error(ErrorKind::Retry, reason::kServerError,
               std::string(origin) + " has trouble of its own (HTTP " + std::to_string(status) +
                   "): look at Zoho's status page if this lasts",
               pause);
}

base::Error throttledFor(std::chrono::seconds pause) {
  return error(ErrorKind::Wait, reason::kThrottled,
               "Zoho locks this organisation's API for a while after too many requests: other programs that use the "
               "same API share its 30 requests a minute",
               pause);
}

base::Error refusedBefore(std::string because) {
  std::string message = "Zoho has refused this account before (" + because +
                        ") and is asked again only after a pause: correct the credentials, the organizationId or the "
                        "data centre, which is tried at once";
  return {ErrorKind::Stall, std::move(because), std::move(message)};
}

base::Result<Json> readAnswer(const http::Response& response, std::string_view origin, base::WallTime now) {
  if (response.status >= 300 && response.status < 400) return base::fail(redirected(origin));
  auto body = parseBody(response.body);
  const int status = body ? statusOf(response, *body) : response.status;
  if (body && succeeded(status, *body)) return std::move((*body)["data"]);

  if (throttled(status, response.body)) {
    return base::fail(throttledFor(pauseOf(response, now).value_or(kPauseWhenThrottled)));
  }
  if (status >= 500) return base::fail(serverError(status, pauseOf(response, now), origin));
  if (!body) return base::fail(unexpected(origin));
  const std::string_view code = errorCode(*body);
  if (code.empty() && status < 400) return base::fail(unexpected(origin));
  return base::fail(byCode(status, code, origin));
}

}  // namespace splitdelivery::zoho
