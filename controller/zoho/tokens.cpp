#include "zoho/tokens.h"

#include <algorithm>
#include <utility>

#include "http/percent.h"
#include "zoho/answer.h"
#include "zoho/token_answer.h"

namespace splitdelivery::zoho {
namespace {

using base::ErrorKind;
using base::Result;
using base::Secret;
using base::Task;
using std::chrono::seconds;

constexpr seconds kRenewBefore{60};
// A request that was made first may arrive last, so our window is a little longer than Zoho's.
constexpr seconds kWindow = kMintWindow + seconds{10};
constexpr seconds kLongestLock = std::chrono::hours{24};

// Commas between the scopes: with spaces Zoho answers invalid_scope.
constexpr std::string_view kScopes =
    "ZohoMail.organization.accounts.READ,ZohoMail.organization.groups.READ,ZohoMail.organization.domains.READ";

seconds roundedUp(base::Duration span) {
  return std::max(std::chrono::ceil<seconds>(span), seconds{1});
}

}  // namespace

Tokens::Tokens(base::Executor& executor, http::Transport& transport, api::AccountStore& store, Account account)
    : executor_(executor),
      transport_(transport),
      store_(store),
      account_(std::move(account)),
      key_(account_.digest()),
      flight_(executor) {}

Task<Result<Secret>> Tokens::get(std::stop_token stop) {
  for (;;) {
    auto token = co_await flight_.run([this, stop] { return getAlone(stop); });
    // A stop that was meant for whoever started the flight says nothing to those who joined it.
    const bool strangersStop = !token && token.error().kind == ErrorKind::Stopped && !stop.stop_requested();
    if (!strangersStop) co_return token;
  }
}

void Tokens::forget(const Secret& refused) {
  if (record_.accessToken == refused) record_.accessToken = Secret{};
}

Task<Result<Secret>> Tokens::getAlone(std::stop_token stop) {
  co_await load();
  if (usable()) co_return record_.accessToken;
  if (stop.stop_requested()) {
    co_return base::fail(ErrorKind::Stopped, std::string(http::reason::kStopped), "stopped before a token was made");
  }
  if (const auto wait = mustWait()) co_return base::fail(tokenThrottled(*wait));
  co_return co_await mint(stop);
}

Task<base::Done> Tokens::load() {
  if (loaded_) co_return base::Done{};
  record_ = co_await store_.load(key_);
  loaded_ = true;
  co_return base::Done{};
}

bool Tokens::usable() const {
  return !record_.accessToken.empty() && executor_.wallTime() + kRenewBefore < record_.expiresAt;
}

std::optional<seconds> Tokens::mustWait() {
  const auto now = executor_.wallTime();
  // Times from the future come from a clock that was put back; taken at their word they could lock
  // the account for years.
  for (auto& mint : record_.mints) mint = std::min(mint, now);
  std::erase_if(record_.mints, [&](base::WallTime mint) { return mint + kWindow <= now; });
  if (record_.lockedUntil) {
    record_.lockedUntil = std::min<base::WallTime>(*record_.lockedUntil, now + kLongestLock);
    if (*record_.lockedUntil > now) return roundedUp(*record_.lockedUntil - now);
    record_.lockedUntil.reset();
  }
  if (record_.mints.size() < kMintsPerWindow) return std::nullopt;
  return roundedUp(record_.mints[record_.mints.size() - kMintsPerWindow] + kWindow - now);
}

Task<Result<Secret>> Tokens::mint(std::stop_token stop) {
  record_.accessToken = Secret{};
  record_.mints.push_back(executor_.wallTime());
  co_await store_.save(key_, record_);

  const auto response = co_await transport_.send(request(), std::move(stop));
  if (!response) {
    if (http::neverSent(response.error())) co_await takeBackLastMint();
    co_return base::fail(response.error());
  }
  const auto now = executor_.wallTime();
  const auto minted = readTokenAnswer(*response, account_.accountsUrl, now);
  if (minted) {
    record_.accessToken = minted->token;
    record_.expiresAt = now + minted->lifetime;
    co_await store_.save(key_, record_);
    co_return minted->token;
  }
  if (minted.error().kind == ErrorKind::Wait) {
    record_.lockedUntil = now + minted.error().retryAfter.value_or(kMintWindow);
    co_await store_.save(key_, record_);
  }
  co_return base::fail(minted.error());
}

Task<base::Done> Tokens::takeBackLastMint() {
  record_.retracted = {record_.mints.back()};
  record_.mints.pop_back();
  co_await store_.save(key_, record_);
  record_.retracted.clear();
  co_return base::Done{};
}

http::Request Tokens::request() const {
  const auto field = [](std::string_view name, std::string_view value) {
    return "&" + std::string(name) + "=" + http::percentEncoded(value);
  };
  // In the body, not in the query, where Zoho's documentation has them: URLs end up in logs.
  std::string form =
      "client_id=" + http::percentEncoded(account_.clientId) + field("client_secret", account_.clientSecret.reveal());
  if (account_.refreshToken.empty()) {
    form += field("grant_type", "client_credentials") + field("scope", kScopes) +
            field("soid", "ZohoMail." + account_.organizationId);
  } else {
    form += field("grant_type", "refresh_token") + field("refresh_token", account_.refreshToken.reveal());
  }
  return {.method = "POST",
          .origin = account_.accountsUrl,
          .path = "/oauth/v2/token",
          .headers = {{"Accept", "application/json"}},
          .body = std::move(form),
          .contentType = "application/x-www-form-urlencoded",
          .trustAdvice = std::string(kTrustAdvice)};
}

}  // namespace splitdelivery::zoho
