#include "serve/server.h"

#include <string_view>

#include "http/query.h"

namespace splitdelivery::serve {

namespace {

constexpr std::string_view kIndex =
    "splitdelivery\n"
    "\n"
    "/metrics  figures for Prometheus\n"
    "/healthz  whether this process works; ?verbose names every check\n"
    "/readyz   whether it is ready to work; ?verbose names every check\n";

/// Whether "verbose" is among the parameters, with a value or without, as Kubernetes' own health pages have it.
bool asksForAll(std::string_view query) {
  return http::queryValue(query, "verbose").has_value();
}

base::Task<http::OutgoingAnswer> answerOf(const Server* server, http::IncomingRequest request) {
  co_return server->answer(request);
}

}  // namespace

http::OutgoingAnswer Server::answer(const http::IncomingRequest& request) const {
  if (request.path == "/metrics") {
    return {.contentType = "text/plain; version=0.0.4; charset=utf-8", .body = metrics_()};
  }
  if (request.path == "/healthz") return judge(live_, asksForAll(request.query));
  if (request.path == "/readyz") return judge(ready_, asksForAll(request.query));
  if (request.path == "/") return page_ ? page_(request.query) : http::OutgoingAnswer{.body = std::string(kIndex)};
  return {.status = 404, .body = "not found; / lists what there is\n"};
}

std::vector<std::string> Server::troubles() const {
  std::vector<std::string> all;
  for (const auto* checks : {&live_, &ready_}) {
    for (const auto& [name, check] : *checks) {
      if (auto wrong = check()) all.push_back(name + ": " + *wrong);
    }
  }
  return all;
}

http::OutgoingAnswer Server::judge(const Checks& checks, bool verbose) {
  http::OutgoingAnswer answer{.headers = {{"Cache-Control", "no-store"}}};
  for (const auto& [name, check] : checks) {
    const auto wrong = check();
    if (wrong) answer.status = 503;
    if (verbose) answer.body += wrong ? "[-] " : "[+] ";
    if (wrong) {
      answer.body += name + ": " + *wrong + "\n";
    } else if (verbose) {
      answer.body += name + ": ok\n";
    }
  }
  if (answer.status == 200) answer.body += "ok\n";
  return answer;
}

http::Listener::Handler Server::handler() const {
  return [this](http::IncomingRequest request) { return answerOf(this, std::move(request)); };
}

}  // namespace splitdelivery::serve
