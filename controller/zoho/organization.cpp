#include "zoho/organization.h"

#include <functional>
#include <utility>

#include "base/digest.h"
#include "zoho/answer.h"
#include "zoho/calls.h"
#include "zoho/kept_record.h"
#include "zoho/listing.h"
#include "zoho/mail_api.h"
#include "zoho/token_answer.h"
#include "zoho/tokens.h"

namespace splitdelivery::zoho {

using base::ErrorKind;
using base::Result;
using base::Task;
using Shared = std::shared_ptr<const api::Listing>;

std::string Account::digest() const {
  return base::digest({organizationId, accountsUrl, mailUrl, clientId, clientSecret.reveal(), refreshToken.reveal()});
}

struct Organization::Parts {
  Parts(base::Executor& on, http::Transport& transport, api::AccountStore& store, Account whose)
      : executor(on),
        account(std::move(whose)),
        kept(on, store, account.digest()),
        tokens(on, transport, kept, account),
        api(on, transport, account, tokens, kept),
        breaker(on),
        flight(on) {}

  /// The last listing while it may be given again. One with failed parts too: what ails Zoho is not
  /// better after every resource of the organisation has asked.
  [[nodiscard]] Shared shared() const { return last && executor.now() < readAt + kListingShared ? last : nullptr; }

  /// What earlier processes have learned, and what a person has asked for since.
  Task<base::Done> recall() {
    co_await kept.load();
    if (!recalled) {
      recalled = true;
      if (const auto refusal = kept.refusal()) {
        breaker.restore(refusedBefore(refusal->because), refusal->left, refusal->pause);
      }
    }
    if (std::exchange(askedByPerson, false)) breaker.tryAgain();
    co_return base::Done{};
  }

  /// Runs `work` unless we are to stay away, and remembers what it says about that.
  template <class T>
  Task<Result<T>> guarded(std::function<Task<Result<T>>()> work) {
    co_await recall();
    if (const auto left = kept.limitLeft()) co_return base::fail(waitFor(*left));
    if (auto refused = breaker.refusal()) co_return base::fail(std::move(*refused));
    auto result = co_await work();
    if (result) {
      breaker.succeed();
      co_await kept.unlock();
    } else if (result.error().kind == ErrorKind::Stall && !http::neverSent(result.error())) {
      // Zoho has refused us, and asking again changes nothing; a request that never left harms nobody.
      breaker.trip(result.error());
      co_await kept.lock(breaker.pause(), result.error().reason);
    }
    co_return result;
  }

  [[nodiscard]] base::Error waitFor(std::chrono::seconds left) {
    return kept.record().lockedBecause == reason::kThrottled ? throttledFor(left) : tokenThrottled(left);
  }

  Task<Result<Shared>> read(std::stop_token stop) {
    auto listing = co_await guarded<api::Listing>([this, stop] { return readWithToken(stop); });
    if (!listing) co_return base::fail(listing.error());
    last = std::make_shared<const api::Listing>(std::move(*listing));
    readAt = executor.now();
    co_return last;
  }

  /// Without a token nothing can be read, so that is settled before the first part.
  Task<Result<api::Listing>> readWithToken(std::stop_token stop) {
    const auto token = co_await tokens.get(stop);
    if (!token) co_return base::fail(token.error());
    co_return co_await readListing(api, executor.wallTime(), std::move(stop));
  }

  base::Executor& executor;
  const Account account;
  KeptRecord kept;
  Tokens tokens;
  MailApi api;
  http::CircuitBreaker breaker;
  http::SingleFlight<Result<Shared>> flight;
  bool recalled = false;
  bool askedByPerson = false;
  Shared last{};
  base::SteadyTime readAt{};
};

Organization::Organization(base::Executor& executor, http::Transport& transport, api::AccountStore& store,
                           Account account)
    : parts_(std::make_unique<Parts>(executor, transport, store, std::move(account))) {}

Organization::~Organization() = default;

Task<Result<Shared>> Organization::listing(std::stop_token stop) {
  for (;;) {
    if (auto shared = parts_->shared()) co_return shared;
    auto listing = co_await parts_->flight.run([parts = parts_.get(), stop] { return parts->read(stop); });
    // A stop that was meant for whoever started the flight says nothing to those who joined it.
    const bool strangersStop = !listing && listing.error().kind == ErrorKind::Stopped && !stop.stop_requested();
    if (!strangersStop) co_return listing;
  }
}

Task<Result<std::vector<api::Address>>> Organization::firstRows(std::stop_token stop) {
  return parts_->guarded<std::vector<api::Address>>(
      [parts = parts_.get(), stop = std::move(stop)] { return readFirstRows(parts->api, stop); });
}

void Organization::tryAgain() {
  // A whole fleet that is asked for at once must not wait for the minute's calls to come back.
  if (parts_->api.callsLastMinute() * 2 < Calls::kPerMinute) parts_->last.reset();
  parts_->askedByPerson = true;
}

Organization::State Organization::state() const {
  const bool refused = parts_->breaker.open();
  const auto waits = refused ? std::nullopt : parts_->kept.limitLeft();
  return {.shutOut = refused || waits.has_value(),
          .waits = waits,
          .callsLastMinute = parts_->api.callsLastMinute(),
          .mintsLast10Minutes = parts_->tokens.lately(),
          .minted = parts_->tokens.minted()};
}

}  // namespace splitdelivery::zoho
