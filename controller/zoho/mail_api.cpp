#include "zoho/mail_api.h"

#include <utility>

#include "http/percent.h"
#include "zoho/answer.h"

namespace splitdelivery::zoho {
namespace {

using base::ErrorKind;
using base::Result;
using base::Task;

// Zoho locks an organisation at 30 requests a minute, for a time that it does not tell.
constexpr http::BudgetLimits kLimits{.parallel = 2, .perWindow = Calls::kPerMinute, .window = std::chrono::seconds{60}};

/// For `http::Request::endpoint`: the words that there are, never an id.
std::string_view endpointOf(std::string_view rest) {
  if (rest.starts_with("groups/")) return "group";
  if (rest.starts_with("groups")) return "groups";
  return rest.starts_with("accounts") ? "accounts" : "domains";
}

}  // namespace

MailApi::MailApi(base::Executor& executor, http::Transport& transport, const Account& account, Tokens& tokens,
                 KeptRecord& kept)
    : executor_(executor),
      transport_(transport),
      tokens_(tokens),
      origin_(account.mailUrl),
      organization_("/api/organization/" + http::percentEncoded(account.organizationId) + "/"),
      kept_(kept),
      calls_(executor, kept),
      budget_(executor, kLimits) {}

Task<Result<Json>> MailApi::get(std::string rest, std::stop_token stop) {
  for (bool again = false;; again = true) {
    // The place comes first: a token fetched before a long wait in line could have expired.
    const auto place = co_await budget_.acquire(stop);
    if (!place) {
      auto error = place.error();
      if (error.kind == ErrorKind::Wait) error.reason = reason::kThrottled;
      co_return base::fail(std::move(error));
    }
    const auto token = co_await tokens_.get(stop);
    if (!token) co_return base::fail(token.error());

    // The last thing before the request: what is written down is good for a moment only.
    const auto leave = co_await calls_.take(stop);
    if (!leave) co_return base::fail(leave.error());

    auto data = co_await ask(rest, *token, stop);
    if (data) co_return data;
    if (data.error().reason == reason::kTokenRefused) {
      tokens_.forget(*token);
      if (!again) continue;
    }
    if (data.error().kind == ErrorKind::Wait) {
      const auto pause = data.error().retryAfter.value_or(kPauseWhenThrottled);
      budget_.pauseFor(pause);
      co_await kept_.lock(pause, std::string(reason::kThrottled));
    }
    co_return data;
  }
}

Task<Result<Json>> MailApi::ask(std::string rest, base::Secret token, std::stop_token stop) {
  http::Request request{.origin = origin_,
                        .path = organization_ + rest,
                        .headers = {{"Accept", "application/json"}},
                        .authorization = base::Secret("Zoho-oauthtoken " + token.reveal()),
                        .provider = kProvider,
                        .endpoint = endpointOf(rest),
                        .trustAdvice = std::string(kTrustAdvice)};
  const auto response = co_await transport_.send(std::move(request), std::move(stop));
  if (!response) co_return base::fail(response.error());
  co_return readAnswer(*response, origin_, executor_.wallTime());
}

}  // namespace splitdelivery::zoho
