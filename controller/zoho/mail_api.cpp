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
constexpr http::BudgetLimits kLimits{.parallel = 2, .perWindow = 25, .window = std::chrono::seconds{60}};

}  // namespace

MailApi::MailApi(base::Executor& executor, http::Transport& transport, const Account& account, Tokens& tokens)
    : executor_(executor),
      transport_(transport),
      tokens_(tokens),
      origin_(account.mailUrl),
      organization_("/api/organization/" + http::percentEncoded(account.organizationId) + "/"),
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

    auto data = co_await ask(rest, *token, stop);
    if (data) co_return data;
    if (data.error().reason == reason::kTokenRefused) {
      tokens_.forget(*token);
      if (!again) continue;
    }
    if (data.error().kind == ErrorKind::Wait) {
      budget_.pauseFor(data.error().retryAfter.value_or(kPauseWhenThrottled));
    }
    co_return data;
  }
}

Task<Result<Json>> MailApi::ask(std::string rest, base::Secret token, std::stop_token stop) {
  http::Request request{.origin = origin_,
                        .path = organization_ + rest,
                        .headers = {{"Accept", "application/json"}},
                        .authorization = base::Secret("Zoho-oauthtoken " + token.reveal()),
                        .trustAdvice = std::string(kTrustAdvice)};
  const auto response = co_await transport_.send(std::move(request), std::move(stop));
  if (!response) co_return base::fail(response.error());
  co_return readAnswer(*response, origin_, executor_.wallTime());
}

}  // namespace splitdelivery::zoho
