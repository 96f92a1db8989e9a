#include "zoho/organization.h"

#include <utility>

#include "base/digest.h"
#include "zoho/answer.h"
#include "zoho/listing.h"
#include "zoho/mail_api.h"
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
        tokens(on, transport, store, account),
        api(on, transport, account, tokens),
        breaker(on),
        flight(on) {}

  /// The last listing while it may be given again. One with failed parts too: what ails Zoho is not
  /// better after every resource of the organisation has asked.
  [[nodiscard]] Shared shared() const { return last && executor.now() < readAt + kListingShared ? last : nullptr; }

  Task<Result<Shared>> read(std::stop_token stop) {
    if (auto refused = breaker.refusal()) co_return base::fail(std::move(*refused));
    auto listing = co_await readWithToken(std::move(stop));
    if (!listing) {
      // Zoho has refused us, and asking again changes nothing; a request that never left harms nobody.
      if (listing.error().kind == ErrorKind::Stall && !http::neverSent(listing.error())) breaker.trip(listing.error());
      co_return base::fail(listing.error());
    }
    breaker.succeed();
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
  Tokens tokens;
  MailApi api;
  http::CircuitBreaker breaker;
  http::SingleFlight<Result<Shared>> flight;
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

}  // namespace splitdelivery::zoho
