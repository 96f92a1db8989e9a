#include "mailserver/directadmin/answer.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "mailserver/directadmin/ascii.h"
#include "mailserver/directadmin/complaint.h"

namespace splitdelivery::mailserver::directadmin {
namespace {

using base::Error;
using base::ErrorKind;
using nlohmann::json;

constexpr std::chrono::seconds kThrottledPause{60};
constexpr std::chrono::seconds kLongestPause = std::chrono::hours{1};
constexpr std::string_view kHttp = "http://";
constexpr std::string_view kHttps = "https://";

/// "host:port" without its port; "" for anything that is no URL of that scheme.
std::string_view authorityOf(std::string_view url, std::string_view scheme) {
  if (!url.starts_with(scheme)) return {};
  url.remove_prefix(scheme.size());
  return url.substr(0, url.find_first_of("/?#"));
}

std::string_view hostOf(std::string_view authority) {
  const std::size_t colon = authority.rfind(':');
  return colon == std::string_view::npos || contains(authority.substr(colon), "]") ? authority
                                                                                   : authority.substr(0, colon);
}

/// The https URL that a server which was asked over http wants to be asked at.
std::optional<std::string> httpsTwin(const http::Response& response, std::string_view server) {
  const std::string_view ours = authorityOf(server, kHttp);
  if (ours.empty()) return std::nullopt;
  const std::string location = lowered(response.header("location"));
  const std::string_view theirs = authorityOf(location, kHttps);
  if (response.status / 100 == 3 && !theirs.empty() && hostOf(theirs) == lowered(hostOf(ours))) {
    const std::string_view port = theirs.substr(hostOf(theirs).size());
    const bool number = port.size() <= 6 && port.find_first_not_of(":0123456789") == std::string_view::npos;
    if (number) return std::string(kHttps) + std::string(theirs);
  }
  const std::string wanted = lowered(response.header("x-use-https"));
  if (wanted.empty() || wanted == "no" || wanted == "0") return std::nullopt;
  return std::string(kHttps) + std::string(ours);
}

/// How long the server asks us to stay away; a slip in its configuration must not stop us for a day.
std::optional<std::chrono::seconds> pauseIn(const http::Response& response, base::WallTime now) {
  const auto pause = response.retryAfter(now);
  return pause ? std::optional(std::min(*pause, kLongestPause)) : std::nullopt;
}

/// What the head of the answer settles, whatever its body.
std::optional<Reading> fromHead(const http::Response& response, const Command& command, const std::string& server,
                                base::WallTime now) {
  if (const auto twin = httpsTwin(response, server)) {
    return Error{ErrorKind::Stall, "UseHTTPS",
                 server + " answers over https only: write " + *twin + " in spec.directAdmin.server"};
  }
  const std::string mark = lowered(response.header("x-directadmin"));
  const bool blacklisted = contains(mark, "blacklisted");
  const bool refused = response.status / 100 == 3 || response.status == 401 || response.status == 403;
  if (refused || blacklisted || contains(mark, "unauthorized")) return Refusal{blacklisted};
  if (response.status == 429) {
    const auto pause = pauseIn(response, now).value_or(kThrottledPause);
    return Error{ErrorKind::Wait, "Throttled",
                 server + " limits requests and asked for a pause before " + std::string(command.name) +
                     ": look for other programs that use the same account",
                 pause};
  }
  return std::nullopt;
}

/// No readable body: what the status says.
Error fromStatus(const http::Response& response, const Command& command, const std::string& server,
                 base::WallTime now) {
  const bool write = command.effect == Effect::Write;
  const int status = response.status;
  const std::string code = std::to_string(status);
  const std::string name(command.name);
  if (status >= 500) {
    return {write ? ErrorKind::Unclear : ErrorKind::Retry, "ServerError",
            server + " failed with HTTP status " + code + " on " + name + " for " + command.about +
                "; if this lasts, look at DirectAdmin's own error log",
            pauseIn(response, now)};
  }
  if (status == 404) {
    return {
        ErrorKind::Stall, "UnexpectedAnswer",
        server + " does not know " + name + ": check that the URL leads to DirectAdmin, whose port is usually 2222"};
  }
  if (status >= 400 && write) {
    return {ErrorKind::Refuse, "RefusedByServer",
            server + " refused " + name + " for " + command.about + " with HTTP status " + code +
                ": try the same by hand in its panel to see why"};
  }
  return unexpectedAnswer(command, server);
}

bool isEmptyList(const FormFields& fields) {
  return fields.size() == 1 && fields.front().first == "list[]" && trimmed(fields.front().second).empty();
}

struct Unreadable {};
using Body = std::variant<Unreadable, Answer, Refusal>;

Body readBody(const http::Response& response, const Command& command) {
  const std::string_view text = trimmed(response.body);
  if (text.empty() || text == R"("")" || text == "null") return Answer{};
  if (text.front() == '{' || text.front() == '[') {
    json parsed = json::parse(text.begin(), text.end(), nullptr, false);
    if (parsed.is_discarded()) return Unreadable{};
    return Answer{std::move(parsed)};
  }
  const std::string words = lowered(text);
  if (saysRefused(words)) return Refusal{};
  if (words.starts_with("<!doctype html") || words.starts_with("<html")) {
    // The login page of a server that hosts under its own name. An error page of a proxy in front is none.
    return response.status < 400 ? Body(Refusal{}) : Body(Unreadable{});
  }
  if (auto fields = command.lines ? parseFormLines(text) : parseForm(text))
    return isEmptyList(*fields) ? Answer{} : Answer{std::move(*fields)};
  return Unreadable{};
}

std::optional<Complaint> complaintOf(const Answer& answer) {
  if (const auto* body = std::get_if<json>(&answer.body)) return complaintIn(*body);
  if (const auto* fields = std::get_if<FormFields>(&answer.body)) return complaintIn(*fields);
  return std::nullopt;
}

}  // namespace

Reading interpret(const http::Response& response, const Command& command, const std::string& server,
                  base::WallTime now) {
  if (auto settled = fromHead(response, command, server, now)) return std::move(*settled);
  Body body = readBody(response, command);
  if (std::holds_alternative<Refusal>(body)) return Refusal{};
  auto* answer = std::get_if<Answer>(&body);
  if (answer == nullptr) return fromStatus(response, command, server, now);
  if (const auto complaint = complaintOf(*answer)) {
    if (saysRefused(complaint->words)) return Refusal{};
    return explain(*complaint, command, server);
  }
  // A 500 without a complaint is trouble, even when its body would pass for an empty list.
  if (response.status / 100 != 2) return fromStatus(response, command, server, now);
  return std::move(*answer);
}

Error unexpectedAnswer(const Command& command, const std::string& server) {
  return {command.effect == Effect::Write ? ErrorKind::Unclear : ErrorKind::Retry, "UnexpectedAnswer",
          server + " answered " + std::string(command.name) +
              " with something that DirectAdmin does not say: check that the URL " +
              "leads to DirectAdmin (its port is usually 2222) and not to a proxy in front of it"};
}

bool confirms(const Answer& answer) {
  // Complaints never become an Answer, so a `success` that is there does not say no.
  if (const auto* body = std::get_if<json>(&answer.body)) {
    if (!body->is_object()) return false;
    const auto error = body->find("error");
    return body->contains("success") || (error != body->end() && (*error == "0" || *error == 0));
  }
  const auto* fields = std::get_if<FormFields>(&answer.body);
  const std::string* error = fields == nullptr ? nullptr : findField(*fields, "error");
  return error != nullptr && trimmed(*error) == "0";
}

}  // namespace splitdelivery::mailserver::directadmin
