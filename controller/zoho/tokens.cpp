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

// Commas between the scopes: with spaces Zoho answers invalid_scope.
constexpr std::string_view kScopes =
    "ZohoMail.organization.accounts.READ,ZohoMail.organization.groups.READ,ZohoMail.organization.domains.READ";

seconds roundedUp(base::Duration span) {
  return std::max(std::chrono::ceil<seconds>(span), seconds{1});
}

}  // namespace

Tokens::Tokens(base::Executor& executor, http::Transport& transport, KeptRecord& kept, Account account)
    : executor_(executor), transport_(transport), kept_(kept), account_(std::move(account)), flight_(executor) {}

Task<Result<Secret>> Tokens::get(std::stop_token stop) {
  for (;;) {
    auto token = co_await flight_.run([this, stop] { return getAlone(stop); });
    // A stop that was meant for whoever started the flight says nothing to those who joined it.
    const bool strangersStop = !token && token.error().kind == ErrorKind::Stopped && !stop.stop_requested();
    if (!strangersStop) co_return token;
  }
}

void Tokens::forget(const Secret& refused) {
  auto& record = kept_.record();
  if (record.accessToken == refused) record.accessToken = Secret{};
}

std::size_t Tokens::lately() const {
  const auto& mints = kept_.record().mints;
  const auto since = executor_.wallTime() - kMintWindow;
  return static_cast<std::size_t>(std::ranges::count_if(mints, [&](base::WallTime mint) { return mint > since; }));
}

Task<Result<Secret>> Tokens::getAlone(std::stop_token stop) {
  co_await kept_.load();
  if (usable()) co_return kept_.record().accessToken;
  if (stop.stop_requested()) {
    co_return base::fail(ErrorKind::Stopped, std::string(http::reason::kStopped), "stopped before a token was made");
  }
  if (const auto wait = mustWait()) co_return base::fail(tokenThrottled(*wait));
  co_return co_await mint(stop);
}

bool Tokens::usable() const {
  const auto& record = kept_.record();
  return !record.accessToken.empty() && executor_.wallTime() + kRenewBefore < record.expiresAt;
}

std::optional<seconds> Tokens::mustWait() {
  if (const auto left = kept_.limitLeft()) return left;
  const auto now = executor_.wallTime();
  auto& mints = kept_.record().mints;
  std::erase_if(mints, [&](base::WallTime mint) { return mint + kWindow <= now; });
  if (mints.size() >= kMintsPerWindow) return roundedUp(mints[mints.size() - kMintsPerWindow] + kWindow - now);
  // A clock that was put forward has made them old.
  std::erase_if(mintedAt_, [&](base::SteadyTime mint) { return mint + kWindow <= executor_.now(); });
  if (mintedAt_.size() < kMintsPerWindow) return std::nullopt;
  return roundedUp(mintedAt_.front() + kWindow - executor_.now());
}

Task<Result<Secret>> Tokens::mint(std::stop_token stop) {
  kept_.record().accessToken = Secret{};
  const auto asked = executor_.wallTime();
  kept_.record().mints.push_back(asked);
  ++minted_;
  mintedAt_.push_back(executor_.now());
  co_await kept_.save();

  const auto response = co_await transport_.send(request(), std::move(stop));
  if (!response) {
    if (http::neverSent(response.error())) co_await takeBack(asked);
    co_return base::fail(response.error());
  }
  const auto now = executor_.wallTime();
  const auto minted = readTokenAnswer(*response, account_.accountsUrl, now);
  if (minted) {
    auto& record = kept_.record();
    record.accessToken = minted->token;
    record.expiresAt = now + minted->lifetime;
    co_await kept_.save();
    co_return minted->token;
  }
  if (minted.error().kind == ErrorKind::Wait) {
    co_await kept_.lock(minted.error().retryAfter.value_or(kMintWindow), std::string(reason::kTokenThrottled));
  }
  co_return base::fail(minted.error());
}

Task<base::Done> Tokens::takeBack(base::WallTime asked) {
  auto& record = kept_.record();
  const auto mint = std::ranges::find(record.mints, asked);
  if (mint != record.mints.end()) record.mints.erase(mint);
  record.retracted.push_back(asked);
  --minted_;
  mintedAt_.pop_back();  // one mint is under way at a time
  co_return co_await kept_.save();
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
          .provider = kProvider,
          .endpoint = "token",
          .trustAdvice = std::string(kTrustAdvice)};
}

}  // namespace splitdelivery::zoho
