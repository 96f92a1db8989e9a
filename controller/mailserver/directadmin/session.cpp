#include "mailserver/directadmin/session.h"

#include <algorithm>
#include <utility>

#include "mailserver/directadmin/basic_auth.h"
#include "mailserver/directadmin/names.h"

namespace splitdelivery::mailserver::directadmin {
namespace {

using base::Done;
using base::Error;
using base::ErrorKind;
using base::fail;
using base::Result;
using base::Task;

constexpr std::string_view kAddressBanned = "AddressBanned";

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
  const std::string name(command.name);
  return {ErrorKind::Stall, "LoginKeyLacksCommand",
          "the login key for " + server + " does not cover " + name + ": add " + name +
              " to the key's allowed commands in DirectAdmin (Login Keys)"};
}

Error credentialsRefused(const std::string& server) {
  return {ErrorKind::Stall, "BadCredentials",
          server +
              " refuses the credentials: check the user name and the login key in the Secret, and that the key has "
              "not expired, allows this machine's address and covers CMD_API_SHOW_DOMAINS; check too that the URL "
              "and its port (usually 2222) are DirectAdmin's"};
}

Error addressBanned(const std::string& server) {
  return {ErrorKind::Stall, std::string(kAddressBanned),
          server +
              " has banned this machine's address after failed logins: correct the login key in the Secret, then "
              "have the address taken off the server's blacklist"};
}

Error stoppedBefore(const Command& command) {
  return {ErrorKind::Stopped, std::string(http::reason::kStopped), "stopped before asking for " + command.about};
}

Error listingTooOld(const Command& command) {
  return {ErrorKind::Retry, "ListingTooOld",
          "the listing behind a change of " + command.about + " got too old while waiting; it is listed again"};
}

}  // namespace

Session::Session(base::Executor& executor, http::Transport& transport, api::AccountStore& records, Account account)
    : executor_(executor),
      transport_(transport),
      account_(std::move(account)),
      authorization_(basicAuthorization(account_.username, account_.loginKey)),
      budget_(executor, {.parallel = 2}),
      breaker_(executor),
      lockOut_(executor, records, account_.digest()),
      recalls_(executor),
      checks_(executor) {}

Task<Result<Answer>> Session::perform(Command command, std::stop_token stop, base::SteadyTime notAfter) {
  if (!recalled_) co_await recalls_.run([this] { return recall(); });
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

Task<Done> Session::recall() {
  if (recalled_) co_return Done{};
  const auto lock = co_await lockOut_.load();
  recalled_ = true;
  if (!lock) co_return Done{};
  if (lock->because.empty()) {
    // Over or not: a pause that the server asked for calls for no probe.
    budget_.pauseFor(std::max(lock->left, std::chrono::seconds{0}));
    co_return Done{};
  }
  blacklisted_ = lock->because == kAddressBanned;
  breaker_.restore(blacklisted_ ? addressBanned(account_.server) : credentialsRefused(account_.server), lock->left,
                   lock->all);
  if (askedAgain_) breaker_.tryAgain();
  co_return Done{};
}

void Session::tryAgain() {
  askedAgain_ = !recalled_;
  breaker_.tryAgain();
  for (auto& [command, lacking] : lacking_) {
    lacking.until = std::min(lacking.until, lacking.since + http::CircuitBreaker::kShortestPause);
  }
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
    const auto pause = error->retryAfter.value_or(std::chrono::seconds{60});
    budget_.pauseFor(pause);
    // An open breaker has its own lock, which has just been written.
    if (!breaker_.open()) co_await lockOut_.keep({.left = pause, .all = pause});
  }
  co_return reading;
}

Task<Error> Session::explainRefusal(Command command, Refusal refusal, std::stop_token stop) {
  blacklisted_ = blacklisted_ || refusal.blacklisted;
  // Somebody's check, or a request that was under way beside this one, has already answered it.
  if (auto why = breaker_.why()) co_return std::move(*why);
  if (command.name == kShowDomains) co_return co_await refuseAccount();
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
  // Written ahead: whatever becomes of this probe, the next one, in whatever process, is a pause away.
  if (breaker_.open()) co_await keepLock();
  Reading reading = co_await exchange(showDomains(), std::move(stop));
  checking_ = false;
  co_return co_await judge(std::move(reading));
}

Task<Session::Verdict> Session::judge(Reading reading) {
  if (const auto* refusal = std::get_if<Refusal>(&reading)) {
    blacklisted_ = blacklisted_ || refusal->blacklisted;
    co_return co_await refuseAccount();
  }
  const auto* answer = std::get_if<Answer>(&reading);
  if (answer != nullptr && parseDomains(*answer)) {
    blacklisted_ = false;
    breaker_.succeed();
    co_await lockOut_.lift();
    co_return std::nullopt;
  }
  // No verdict: an open breaker lets its next probe through after another pause.
  co_return answer != nullptr ? unexpectedAnswer(showDomains(), account_.server) : std::get<Error>(std::move(reading));
}

Task<Error> Session::refuseAccount() {
  breaker_.trip(blacklisted_ ? addressBanned(account_.server) : credentialsRefused(account_.server));
  Error error = *breaker_.why();
  co_await keepLock();
  co_return error;
}

Task<Done> Session::keepLock() {
  const auto why = breaker_.why();
  co_return co_await lockOut_.keep({.because = why->reason, .left = *why->retryAfter, .all = breaker_.pause()});
}

Error Session::lackCommand(const Command& command) {
  const auto now = executor_.now();
  lacking_[{command.name, command.effect}] = {now, now + (command.optional ? kOptionalLackingHeld : kLackingHeld)};
  return lacksCommand(command, account_.server);
}

bool Session::isKnownToLack(const Command& command) const {
  const auto known = lacking_.find({command.name, command.effect});
  return known != lacking_.end() && executor_.now() < known->second.until;
}

}  // namespace splitdelivery::mailserver::directadmin
