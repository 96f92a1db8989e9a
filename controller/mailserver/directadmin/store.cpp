#include "mailserver/directadmin/store.h"

#include <algorithm>
#include <utility>

#include "base/digest.h"
#include "http/breaker.h"
#include "mailserver/directadmin/ascii.h"
#include "mailserver/directadmin/forwarders.h"
#include "mailserver/directadmin/limits.h"
#include "mailserver/directadmin/names.h"
#include "mailserver/directadmin/session.h"

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
  Parts(base::Executor& executor, http::Transport& transport, Account account)
      : session(executor, transport, std::move(account)), optionalCommands(executor) {}

  Session session;
  /// Keys seldom cover the commands behind `limits`: who is refused those in each pass looks like
  /// somebody who guesses passwords.
  http::CircuitBreaker optionalCommands;
};

Store::Store(base::Executor& executor, http::Transport& transport, Account account)
    : parts_(std::make_unique<Parts>(executor, transport, std::move(account))) {}

Store::~Store() = default;

Task<Result<std::vector<std::string>>> Store::domains(std::stop_token stop) {
  const Command command = showDomains();
  const auto answer = co_await parts_->session.perform(command, std::move(stop));
  if (!answer) co_return fail(answer.error());
  auto domains = parseDomains(*answer);
  if (!domains) co_return fail(unexpectedAnswer(command, parts_->session.server()));
  co_return std::move(*domains);
}

Task<Result<api::Forwarders>> Store::list(std::string domain, std::stop_token stop) {
  const Command command = listForwarders(domain);
  const auto answer = co_await parts_->session.perform(command, std::move(stop));
  if (!answer) co_return fail(answer.error());
  auto forwarders = parseForwarders(*answer, domain);
  if (!forwarders) co_return fail(unexpectedAnswer(command, parts_->session.server()));
  co_return std::move(*forwarders);
}

Task<Result<std::vector<std::string>>> Store::mailboxes(std::string domain, std::stop_token stop) {
  const Command command = listMailboxes(domain);
  const auto answer = co_await parts_->session.perform(command, std::move(stop));
  if (!answer) co_return fail(answer.error());
  auto names = parseMailboxes(*answer, domain);
  if (!names) co_return fail(unexpectedAnswer(command, parts_->session.server()));
  co_return std::move(*names);
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

}  // namespace splitdelivery::mailserver::directadmin
