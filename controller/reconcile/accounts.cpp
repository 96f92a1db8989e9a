#include "reconcile/accounts.h"

#include <algorithm>

#include "api/suggest.h"
#include "zoho/calls.h"

namespace splitdelivery::reconcile {
namespace {

using base::ErrorKind;
using base::fail;
using base::Result;

constexpr std::chrono::minutes kDomainsKept{10};
constexpr std::size_t kDomainsNamed = 10;
constexpr std::size_t kUsesBesides = 16;

Result<const api::SecretObject*> findSecret(const Accounts::Secrets& secrets, const api::ObjectKey& key,
                                            std::string_view field) {
  const auto found = secrets.find(key);
  if (found != secrets.end()) return &found->second;
  return fail(
      ErrorKind::Stall, "SecretMissing",
      "Secret " + key.text() + ", named by " + std::string(field) + ", was not found: add it, or correct the name");
}

Result<base::Secret> require(const api::SecretObject& secret, std::string_view key) {
  const auto found = secret.values.find(key);
  if (found != secret.values.end() && !found->second.empty()) return found->second;
  const std::string name(key);
  if (found != secret.values.end()) {
    return fail(ErrorKind::Stall, "SecretKeyMissing",
                "the key " + name + " of Secret " + secret.key.text() + " is empty: give it its value");
  }
  std::vector<std::string_view> keys;
  keys.reserve(secret.values.size());
  for (const auto& [known, value] : secret.values) keys.push_back(known);
  const std::string_view meant = api::nearest(key, keys);
  return fail(ErrorKind::Stall, "SecretKeyMissing",
              "Secret " + secret.key.text() + " has no key " + name +
                  (meant.empty() ? ": add it" : ": it has " + std::string(meant) + ", rename that"));
}

Result<zoho::Account> zohoAccount(const api::SplitDeliveryDomain& resource, const Accounts::Secrets& secrets) {
  const api::ZohoSpec& spec = resource.spec.zoho;
  const auto secret = findSecret(secrets, {resource.key.ns, spec.credentialsSecret}, "spec.zoho.credentialsSecretRef");
  if (!secret) return fail(secret.error());
  const auto clientId = require(**secret, "clientId");
  if (!clientId) return fail(clientId.error());
  const auto clientSecret = require(**secret, "clientSecret");
  if (!clientSecret) return fail(clientSecret.error());
  const auto refreshToken = (*secret)->values.find("refreshToken");
  return zoho::Account{.organizationId = spec.organizationId,
                       .accountsUrl = spec.accountsUrl,
                       .mailUrl = spec.mailUrl,
                       .clientId = clientId->reveal(),
                       .clientSecret = *clientSecret,
                       .refreshToken = refreshToken != (*secret)->values.end() ? refreshToken->second : base::Secret{}};
}

Result<mailserver::directadmin::Account> directAdminAccount(const api::SplitDeliveryDomain& resource,
                                                            const Accounts::Secrets& secrets) {
  const api::DirectAdminSpec& spec = resource.spec.directAdmin;
  const auto secret =
      findSecret(secrets, {resource.key.ns, spec.credentialsSecret}, "spec.directAdmin.credentialsSecretRef");
  if (!secret) return fail(secret.error());
  const auto username = require(**secret, "username");
  if (!username) return fail(username.error());
  const auto loginKey = require(**secret, "loginKey");
  if (!loginKey) return fail(loginKey.error());
  return mailserver::directadmin::Account{.server = spec.server, .username = username->reveal(), .loginKey = *loginKey};
}

/// "https://mail.zoho.com" → "mail.zoho.com".
std::string hostOf(const std::string& url) {
  const auto scheme = url.find("://");
  return scheme == std::string::npos ? url : url.substr(scheme + 3);
}

std::string listed(const std::vector<std::string>& domains) {
  std::string text;
  for (std::size_t i = 0; i < std::min(domains.size(), kDomainsNamed); ++i) text += (i > 0 ? ", " : "") + domains[i];
  if (domains.size() > kDomainsNamed) text += ", and " + std::to_string(domains.size() - kDomainsNamed) + " more";
  return text;
}

}  // namespace

base::Task<Result<base::Done>> MailAccount::refreshDomains(std::stop_token stop) {
  auto answer = co_await store_->domains(std::move(stop));
  if (!answer) co_return fail(std::move(answer).error());
  domains_ = std::move(*answer);
  listedAt_ = executor_.now();
  co_return base::Done{};
}

base::Task<Result<base::Done>> MailAccount::requireDomain(std::string domain, std::stop_token stop) {
  const bool fresh = listedAt_ && executor_.now() - *listedAt_ < kDomainsKept;
  if (fresh && std::ranges::binary_search(domains_, domain)) co_return base::Done{};
  for (;;) {
    auto refreshed = co_await refreshing_.run([this, stop] { return refreshDomains(stop); });
    if (refreshed) break;
    // A stop that was meant for whoever started the flight says nothing to those who joined it.
    const bool strangersStop = refreshed.error().kind == ErrorKind::Stopped && !stop.stop_requested();
    if (!strangersStop) co_return fail(std::move(refreshed).error());
  }
  if (std::ranges::binary_search(domains_, domain)) co_return base::Done{};
  co_return fail(ErrorKind::Stall, "DomainNotOnServer",
                 domains_.empty() ? "the mail server's account has no domain at all: add " + domain +
                                        " there, or use the credentials of the account that has it"
                                  : domain + " is not among the domains of the mail server's account (" +
                                        listed(domains_) + "): add it there, or correct spec.domain");
}

Accounts::Accounts(base::Executor& executor, Transports transports, api::AccountStore& records, ServerRules rules)
    : executor_(executor), transports_(std::move(transports)), records_(records), rules_(std::move(rules)) {}

template <class T>
void Accounts::use(Named<T>*& used, Named<T>* now) {
  if (used != nullptr) --used->users;
  used = now;
  if (used != nullptr) ++used->users;
}

Result<zoho::Organization*> Accounts::organization(const api::SplitDeliveryDomain& resource, const Secrets& secrets) {
  auto& used = useOf(resource.key).organization;
  use<zoho::Organization>(used, nullptr);
  auto account = zohoAccount(resource, secrets);
  if (!account) return fail(std::move(account).error());
  const auto& secret = secrets.at({resource.key.ns, resource.spec.zoho.credentialsSecret});
  if (auto refused = rules_.refusal(resource.spec.zoho, secret)) return fail(*std::move(refused));
  auto& slot = organizations_[account->digest()];
  if (!slot.account) {
    slot.name = hostOf(account->mailUrl) + "/" + account->organizationId;
    slot.account = std::make_unique<zoho::Organization>(executor_, transports_(""), records_, std::move(*account));
  }
  use(used, &slot);
  return slot.account.get();
}

Result<MailAccount*> Accounts::mailAccount(const api::SplitDeliveryDomain& resource, const Secrets& secrets) {
  auto& used = useOf(resource.key).mail;
  use<MailAccount>(used, nullptr);
  auto account = directAdminAccount(resource, secrets);
  if (!account) return fail(std::move(account).error());
  const auto& secret = secrets.at({resource.key.ns, resource.spec.directAdmin.credentialsSecret});
  if (auto refused = rules_.refusal(resource.spec.directAdmin, secret)) return fail(*std::move(refused));
  const std::string& caBundle = resource.spec.directAdmin.caBundle;
  auto& slot = mailAccounts_[account->digest() + caBundle];
  if (!slot.account) {
    slot.name = hostOf(account->server) + "/" + account->effectiveUser();
    slot.account =
        std::make_unique<MailAccount>(executor_, std::make_unique<mailserver::directadmin::Store>(
                                                     executor_, transports_(caBundle), records_, std::move(*account)));
  }
  use(used, &slot);
  return slot.account.get();
}

std::vector<Accounts::State> Accounts::states() {
  forgetTheGone();
  std::map<std::pair<std::string_view, std::string_view>, State> states;
  const auto put = [&states](const char* provider, const std::string& name, bool shutOut, double budgetUsed,
                             std::optional<base::WallTime> waitsUntil = std::nullopt) {
    State& state = states[{provider, name}];
    state.provider = provider;
    state.name = name;
    // A refusal counts before a wait: only a person ends it.
    if (shutOut) state.waitsUntil = state.shutOut && !state.waitsUntil ? std::nullopt : waitsUntil;
    state.shutOut = state.shutOut || shutOut;
    state.budgetUsed = std::max(state.budgetUsed, budgetUsed);
  };
  for (const auto& [digest, organization] : organizations_) {
    if (organization.users == 0) continue;
    const auto state = organization.account->state();
    std::optional<base::WallTime> until;
    if (state.waits) until = executor_.wallTime() + *state.waits;
    put("zoho", organization.name, state.shutOut, static_cast<double>(state.callsLastMinute) / zoho::Calls::kPerMinute,
        until);
  }
  for (const auto& [digest, server] : mailAccounts_) {
    if (server.users > 0) put("directadmin", server.name, server.account->store().shutOut(), 0);
  }
  // A counter never falls: those that are no longer used count on.
  for (const auto& [digest, organization] : organizations_) {
    const auto known = states.find({"zoho", organization.name});
    if (known == states.end()) continue;
    known->second.minted = known->second.minted.value_or(0) + organization.account->state().minted;
  }
  std::vector<State> all;
  all.reserve(states.size());
  for (auto& [name, state] : states) all.push_back(std::move(state));
  return all;
}

void Accounts::resourcesAre(std::function<bool(const api::ObjectKey&)> exists) {
  exists_ = std::move(exists);
  forgetTheGone();
}

Accounts::Use& Accounts::useOf(const api::ObjectKey& key) {
  if (uses_.size() >= forgetAt_ && !uses_.contains(key)) forgetTheGone();
  return uses_[key];
}

void Accounts::forgetTheGone() {
  for (auto entry = uses_.begin(); exists_ && entry != uses_.end();) {
    auto& [key, used] = *entry;
    if (exists_(key)) {
      ++entry;
      continue;
    }
    use<zoho::Organization>(used.organization, nullptr);
    use<MailAccount>(used.mail, nullptr);
    entry = uses_.erase(entry);
  }
  forgetAt_ = 2 * uses_.size() + kUsesBesides;
}

Result<api::Identity> Accounts::identity(const api::SplitDeliveryDomain& resource, const Secrets& secrets) {
  const auto account = directAdminAccount(resource, secrets);
  if (!account) return fail(account.error());
  return api::Identity{.provider = "directadmin",
                       .host = account->server,
                       .user = account->effectiveUser(),
                       .domain = resource.spec.domain,
                       .organization = resource.spec.zoho.organizationId};
}

}  // namespace splitdelivery::reconcile
