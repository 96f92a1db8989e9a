#include "mailserver/directadmin/store.h"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "base/digest.h"
#include "http/breaker.h"
#include "mailserver/directadmin/ascii.h"
#include "mailserver/directadmin/forwarders.h"
#include "mailserver/directadmin/limits.h"
#include "mailserver/directadmin/names.h"
#include "mailserver/directadmin/session.h"
#include "mailserver/directadmin/settings.h"

namespace splitdelivery::mailserver::directadmin {
namespace {

using base::Done;
using base::Error;
using base::ErrorKind;
using base::fail;
using base::Result;
using base::Task;

/// The second line of defence behind plan/: what Exim would read as something else never leaves.
bool isWritable(const api::Forwarder& forwarder) {
  const auto plain = [](const std::string& destination) {
    return isOneWord(destination) && !contains(destination, ",");
  };
  return api::isForwardable(forwarder.local) && !forwarder.destinations.empty() &&
         std::all_of(forwarder.destinations.begin(), forwarder.destinations.end(), plain);
}

tl::unexpected<Error> notWritable(const std::string& domain) {
  return fail({.kind = ErrorKind::Refuse,
               .reason = "InvalidForwarder",
               .message = "a forwarder of " + domain +
                          " has a name or a destination that an alias file cannot hold: rename the address at Zoho "
                          "or exclude it",
               .neverSent = true});
}

Task<Result<Done>> write(Session& session, Command command, std::stop_token stop,
                         base::SteadyTime notAfter = base::SteadyTime::max()) {
  const auto answer = co_await session.perform(command, std::move(stop), notAfter);
  if (!answer) co_return fail(answer.error());
  if (!confirms(*answer)) co_return fail(unexpectedAnswer(command, session.server()));
  co_return Done{};
}

/// What `parse` makes of the answer; where that is nothing, the answer is no such thing.
template <class Parse>
auto read(Session& session, Command command, Parse parse, std::stop_token stop)
    -> Task<Result<typename std::invoke_result_t<Parse, const Answer&>::value_type>> {
  const auto answer = co_await session.perform(command, std::move(stop));
  if (!answer) co_return fail(answer.error());
  auto value = parse(*answer);
  if (!value) co_return fail(unexpectedAnswer(command, session.server()));
  co_return std::move(*value);
}

Task<Result<std::optional<std::uint32_t>>> forwarderCount(Session& session, Command command, std::stop_token stop) {
  const auto answer = co_await session.perform(std::move(command), std::move(stop));
  if (!answer) co_return fail(answer.error());
  co_return parseForwarderCount(*answer);
}

Task<Result<Limits>> readLimits(Session& session, std::stop_token stop) {
  const auto allowed = co_await forwarderCount(session, showUserConfig(), stop);
  if (!allowed) co_return fail(allowed.error());
  if (!allowed->has_value()) co_return Limits{};
  const auto used = co_await forwarderCount(session, showUserUsage(), stop);
  if (!used) co_return fail(used.error());
  co_return Limits{*allowed, *used};
}

}  // namespace

std::string Account::effectiveUser() const {
  const std::size_t bar = username.rfind('|');
  return bar == std::string::npos ? username : username.substr(bar + 1);
}

std::string Account::digest() const {
  return base::digest({"directadmin", server, username, loginKey.reveal()});
}

struct Store::Parts {
  Parts(base::Executor& executor, http::Transport& transport, api::AccountStore& records, Account account)
      : session(executor, transport, records, std::move(account)), optionalCommands(executor) {}

  Session session;
  /// Keys seldom cover the commands behind `limits`: who is refused those in each pass looks like
  /// somebody who guesses passwords.
  http::CircuitBreaker optionalCommands;
};

Store::Store(base::Executor& executor, http::Transport& transport, api::AccountStore& records, Account account)
    : parts_(std::make_unique<Parts>(executor, transport, records, std::move(account))) {}

Store::~Store() = default;

Task<Result<std::vector<std::string>>> Store::domains(std::stop_token stop) {
  return read(parts_->session, showDomains(), parseDomains, std::move(stop));
}

Task<Result<api::Forwarders>> Store::list(std::string domain, std::stop_token stop) {
  const auto parse = [domain](const Answer& answer) { return parseForwarders(answer, domain); };
  return read(parts_->session, listForwarders(domain), parse, std::move(stop));
}

Task<Result<std::vector<std::string>>> Store::mailboxes(std::string domain, std::stop_token stop) {
  const auto parse = [domain](const Answer& answer) { return parseMailboxes(answer, domain); };
  return read(parts_->session, listMailboxes(domain), parse, std::move(stop));
}

Task<Result<bool>> Store::localDelivery(std::string domain, std::stop_token stop) {
  return read(parts_->session, showMailRouting(domain), parseInternal, std::move(stop));
}

Task<Result<CatchAll>> Store::catchAll(std::string domain, std::stop_token stop) {
  return read(parts_->session, showCatchAll(domain), parseCatchAll, std::move(stop));
}

Task<Result<std::vector<Pointer>>> Store::pointers(std::string domain, std::stop_token stop) {
  return read(parts_->session, listPointers(domain), parsePointers, std::move(stop));
}

Task<Result<Done>> Store::setLocalDelivery(std::string domain, bool on, std::stop_token stop) {
  return write(parts_->session, setInternal(domain, on), std::move(stop));
}

Task<Result<Limits>> Store::limits(std::stop_token stop) {
  http::CircuitBreaker& gate = parts_->optionalCommands;
  const bool wasOpen = gate.open();
  if (auto shut = gate.refusal()) {
    shut->neverSent = true;
    co_return fail(std::move(*shut));
  }
  auto limits = co_await readLimits(parts_->session, std::move(stop));
  if (limits) {
    gate.succeed();
  } else if (wasOpen || limits.error().reason == "LoginKeyLacksCommand") {
    gate.trip(limits.error());
  }
  co_return limits;
}

Task<Result<Done>> Store::create(std::string domain, api::Forwarder forwarder, std::stop_token stop) {
  if (!isWritable(forwarder)) co_return notWritable(domain);
  co_return co_await write(parts_->session, createForwarder(domain, forwarder), std::move(stop));
}

Task<Result<Done>> Store::replace(std::string domain, api::Forwarder forwarder, base::SteadyTime notAfter,
                                  std::stop_token stop) {
  if (!isWritable(forwarder)) co_return notWritable(domain);
  co_return co_await write(parts_->session, modifyForwarder(domain, forwarder), std::move(stop), notAfter);
}

Task<Result<Done>> Store::remove(std::string domain, std::vector<std::string> names, base::SteadyTime notAfter,
                                 std::stop_token stop) {
  if (names.empty()) co_return Done{};
  if (names.size() > deleteBatch() || std::ranges::any_of(names, &std::string::empty)) {
    co_return fail({.kind = ErrorKind::Refuse,
                    .reason = "InvalidForwarder",
                    .message = "a deletion of " + std::to_string(names.size()) + " forwarders of " + domain +
                               " has an empty name or more than " + std::to_string(deleteBatch()) + " of them",
                    .neverSent = true});
  }
  co_return co_await write(parts_->session, deleteForwarders(domain, names), std::move(stop), notAfter);
}

void Store::tryAgain() {
  parts_->session.tryAgain();
  parts_->optionalCommands.tryAgain();
}

bool Store::shutOut() const {
  return parts_->session.shutOut();
}

}  // namespace splitdelivery::mailserver::directadmin
