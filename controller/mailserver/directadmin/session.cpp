#include "mailserver/directadmin/session.h"

#include <utility>

#include "mailserver/directadmin/basic_auth.h"
#include "mailserver/directadmin/names.h"

namespace splitdelivery::mailserver::directadmin {
namespace {

using base::Error;
using base::ErrorKind;
using base::fail;
using base::Result;
using base::Task;

/// No whole answer came. A write may have been carried out all the same, also when we stopped waiting.
Error withoutAnswer(Error error, const Command& command) {
  error.neverSent = error.neverSent || http::neverSent(error);
  if (command.effect == Effect::Write && !error.neverSent) error.kind = ErrorKind::Unclear;
  return error;
}

Error unsent(Error error) {
  error.neverSent = true;
  return error;
}

Error lacksCommand(const Command& command, const std::string& server) {
  return {ErrorKind::Stall, "LoginKeyLacksCommand",
          "the login key for " + server + " does not cover " + command.name + ": add " + command.name +
              " to the key's allowed commands in DirectAdmin (Login Keys)"};
}

Error stoppedBefore(const Command& command) {
  return {ErrorKind::Stopped, std::string(http::reason::kStopped), "stopped before asking for " + command.about};
}

Error listingTooOld(const Command& command) {
  return {ErrorKind::Retry, "ListingTooOld",
          "the listing behind a change of " + command.about + " got too old while waiting; it is listed again"};
}

}  // namespace

Session::Session(base::Executor& executor, http::Transport& transport, Account account)
    : executor_(executor),
      transport_(transport),
      account_(std::move(account)),
      authorization_(basicAuthorization(account_.username, account_.loginKey)),
      budget_(executor, {.parallel = 2}),
      breaker_(executor),
      checks_(executor) {}

Task<Result<Answer>> Session::perform(Command command, std::stop_token stop, base::SteadyTime notAfter) {
  // Held over the check of a refusal too: the check goes out in the refused request's place.
  const auto place = co_await budget_.acquire(stop);
  if (!place) co_return fail(unsent(place.error()));
  if (auto shut = co_await enter(stop)) co_return fail(unsent(std::move(*shut)));
  if (isKnownToLack(command)) co_return fail(unsent(lacksCommand(command, account_.server)));
  // Both waits above may have been long.
  if (stop.stop_requested()) co_return fail(unsent(stoppedBefore(command)));
  if (executor_.now() > notAfter) co_return fail(unsent(listingTooOld(command)));

  Reading reading = co_await exchange(command, stop);
  if (auto* answer = std::get_if<Answer>(&reading)) co_return std::move(*answer);
  if (auto* error = std::get_if<Error>(&reading)) co_return fail(std::move(*error));
  co_return fail(co_await explainRefusal(std::move(command), std::get<Refusal>(reading), stop));
}

Task<Session::Verdict> Session::enter(std::stop_token stop) {
  while (checking_) co_await check(stop);
  const bool wasOpen = breaker_.open();
  if (auto shut = breaker_.refusal()) co_return shut;
  if (!wasOpen) co_return std::nullopt;
  co_return co_await check(stop);
}

Task<Reading> Session::exchange(Command command, std::stop_token stop) {
  // A write that is cut off may have been carried out.
  if (command.effect == Effect::Write) stop = {};
  const auto response = co_await transport_.send(toRequest(command, account_.server, authorization_), std::move(stop));
  if (!response) co_return withoutAnswer(response.error(), command);
  Reading reading = interpret(*response, command, account_.server, executor_.wallTime());
  if (const auto* error = std::get_if<Error>(&reading); error != nullptr && error->kind == ErrorKind::Wait) {
    budget_.pauseFor(error->retryAfter.value_or(std::chrono::seconds{60}));
  }
  co_return reading;
}

Task<Error> Session::explainRefusal(Command command, Refusal refusal, std::stop_token stop) {
  blacklisted_ = blacklisted_ || refusal.blacklisted;
  // Somebody's check, or a request that was under way beside this one, has already answered it.
  if (breaker_.open() && lastShutOut_) co_return *lastShutOut_;
  if (command.name == kShowDomains) co_return shutOut();
  Verdict verdict = co_await check(stop);
  if (!verdict) co_return lackCommand(command);
  if (verdict->kind == ErrorKind::Stopped && !stop.stop_requested()) {
    // The check was shared, and whoever had started it was stopped.
    verdict->kind = ErrorKind::Retry;
  }
  verdict->neverSent = false;  // the check may have stayed here, the command did not
  co_return std::move(*verdict);
}

Task<Session::Verdict> Session::check(std::stop_token stop) {
  co_return co_await checks_.run([this, stop] { return showDomainsOnce(stop); });
}

Task<Session::Verdict> Session::showDomainsOnce(std::stop_token stop) {
  checking_ = true;
  Reading reading = co_await exchange(showDomains(), std::move(stop));
  checking_ = false;
  co_return judge(std::move(reading));
}

Session::Verdict Session::judge(Reading reading) {
  if (const auto* refusal = std::get_if<Refusal>(&reading)) {
    blacklisted_ = blacklisted_ || refusal->blacklisted;
    return shutOut();
  }
  const auto* answer = std::get_if<Answer>(&reading);
  if (answer != nullptr && parseDomains(*answer)) {
    blacklisted_ = false;
    breaker_.succeed();
    return std::nullopt;
  }
  // No verdict: an open breaker lets its next probe through after another pause.
  return answer != nullptr ? unexpectedAnswer(showDomains(), account_.server) : std::get<Error>(std::move(reading));
}

Error Session::shutOut() {
  Error error{ErrorKind::Stall, "BadCredentials",
              account_.server +
                  " refuses the credentials: check the user name and the login key in the Secret, and that the key has "
                  "not expired, allows this machine's address and covers CMD_API_SHOW_DOMAINS; check too that the URL "
                  "and its port (usually 2222) are DirectAdmin's"};
  if (blacklisted_) {
    error = {ErrorKind::Stall, "AddressBanned",
             account_.server +
                 " has banned this machine's address after failed logins: correct the login key in the Secret, then "
                 "have the address taken off the server's blacklist"};
  }
  lastShutOut_ = error;
  breaker_.trip(error);
  return error;
}

Error Session::lackCommand(const Command& command) {
  lackingUntil_[{command.name, command.effect}] = executor_.now() + kLackingHeld;
  return lacksCommand(command, account_.server);
}

bool Session::isKnownToLack(const Command& command) const {
  const auto known = lackingUntil_.find({command.name, command.effect});
  return known != lackingUntil_.end() && executor_.now() < known->second;
}

}  // namespace splitdelivery::mailserver::directadmin
