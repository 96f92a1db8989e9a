#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <variant>

#include "base/result.h"
#include "http/transport.h"
#include "mailserver/directadmin/form.h"
#include "mailserver/directadmin/requests.h"

namespace splitdelivery::mailserver::directadmin {

/// A readable answer that is no error. monostate: a good status and nothing said, which is how a list
/// with nothing in it looks: no body (seen), `""`, `null` or a single empty `list[]=` (guesses).
struct Answer {
  std::variant<std::monostate, nlohmann::json, FormFields> body{};
};

/// The server did not let the command in. It does not say whether the credentials are wrong or only
/// lack this command: see Session.
struct Refusal {
  bool blacklisted = false;  ///< it says that our address is banned
};

using Reading = std::variant<Answer, Refusal, base::Error>;

/// What an answer means, by its status, two headers and its body. Content-Type says nothing here.
///
/// In this order:
///   http where the server wants https                        Stall    UseHTTPS
///   3xx, 401, 403, X-DirectAdmin: unauthorized/blacklisted    Refusal
///   429                                                       Wait     Throttled
///   an HTML page below 400, a login page with any status      Refusal
///   `error` in the body, with any status (500 is usual)       see complaint.h
///   anything else that is not 2xx, or is not readable         Retry (a write: Unclear), Stall for a 404
///
/// Facts: docs.directadmin.com/developer/api; answers of live servers quoted by client authors.
[[nodiscard]] Reading interpret(const http::Response& response, const Command& command, const std::string& server,
                                base::WallTime now);

/// An answer that is readable and yet not what the command gives: Retry, or Unclear for a write.
[[nodiscard]] base::Error unexpectedAnswer(const Command& command, const std::string& server);

/// Whether a write was carried out, by its own account: `success`, or `error=0`.
[[nodiscard]] bool confirms(const Answer& answer);

}  // namespace splitdelivery::mailserver::directadmin
