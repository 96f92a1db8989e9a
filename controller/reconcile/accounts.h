#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "api/account_record.h"
#include "api/address_book.h"
#include "api/resource.h"
#include "base/executor.h"
#include "base/semaphore.h"
#include "http/single_flight.h"
#include "http/transport.h"
#include "mailserver/directadmin/store.h"
#include "reconcile/server_rules.h"
#include "zoho/organization.h"

namespace splitdelivery::reconcile {

/// A mail server's account, and what is slow to change about it.
class MailAccount {
 public:
  /// How many passes work with one account at a time. Its budget of requests is shared: more of them
  /// would only grow old together, and time out.
  static constexpr std::size_t kPasses = 8;

  MailAccount(base::Executor& executor, std::unique_ptr<mailserver::ForwarderStore> store)
      : executor_(executor), store_(std::move(store)), refreshing_(executor), places_(executor, kPasses) {}

  [[nodiscard]] mailserver::ForwarderStore& store() { return *store_; }

  /// Waits for one of kPasses places, first come, first served. Who holds one waits for nobody but this
  /// server: a pass that still waits for Zoho must not keep others from it. Nothing when a stop was asked for first.
  base::Task<std::optional<base::Semaphore::Permit>> enter(std::stop_token stop) {
    return places_.acquire(std::move(stop));
  }

  /// The account's domains, canonical and sorted, as `requireDomain` has seen them last.
  [[nodiscard]] const std::vector<std::string>& domains() const { return domains_; }

  /// The account's domains, asked for at most every ten minutes, or again when one is missing.
  /// Error: Stall "DomainNotOnServer", naming the domains that are there.
  base::Task<base::Result<base::Done>> requireDomain(std::string domain, std::stop_token stop);

 private:
  base::Task<base::Result<base::Done>> refreshDomains(std::stop_token stop);

  base::Executor& executor_;
  std::unique_ptr<mailserver::ForwarderStore> store_;
  http::SingleFlight<base::Result<base::Done>> refreshing_;
  base::Semaphore places_;
  std::vector<std::string> domains_;
  std::optional<base::SteadyTime> listedAt_;
};

/// Every account in use, shared by the resources that have the same hosts and credentials, so that
/// they share its token, listing, budget and breaker (S9), and by no others.
class Accounts {
 public:
  /// Gives the transport that trusts `caBundle` (PEM or empty) besides the system; it outlives this.
  using Transports = std::function<http::Transport&(const std::string& caBundle)>;
  using Secrets = std::map<api::ObjectKey, api::SecretObject>;

  Accounts(base::Executor& executor, Transports transports, api::AccountStore& records, ServerRules rules = {});

  /// The resource uses this one from now on. Errors: Stall "SecretMissing", "SecretKeyMissing", "ServerNotAllowed"; it
  /// uses none then.
  [[nodiscard]] base::Result<zoho::Organization*> organization(const api::SplitDeliveryDomain& resource,
                                                               const Secrets& secrets);
  [[nodiscard]] base::Result<MailAccount*> mailAccount(const api::SplitDeliveryDomain& resource,
                                                       const Secrets& secrets);

  /// An account as metrics show it: all credentials for one name together, for that is all that people see of them.
  struct State {
    std::string provider{};                      ///< "zoho", "directadmin"
    std::string name{};                          ///< host, and organisation or user: "mail.zoho.com/60012345"
    bool shutOut = false;                        ///< nothing is asked of one of them at present (S9)
    std::optional<base::WallTime> waitsUntil{};  ///< it told us to; none where it is shut out: it refused us
    double budgetUsed = 0;  ///< share of the requests of the last minute, of the fullest; 0: not counted
    std::optional<std::uint64_t> minted{};  ///< Zoho: tokens asked for since the program started
  };
  /// The accounts that resources use, each name once. Those that have left no resource are not told of, but stay as
  /// objects: a pass may still hold them, and they know what they were refused when somebody comes back to them.
  [[nodiscard]] std::vector<State> states();

  /// From now on whatever `exists` does not know uses nothing. It is asked when states are, and often enough besides
  /// that what is remembered of resources that went does not grow.
  void resourcesAre(std::function<bool(const api::ObjectKey&)> exists);

  /// Resources that anything is remembered of.
  [[nodiscard]] std::size_t remembered() const { return uses_.size(); }

  /// Whose forwarders this resource's ledger speaks of (S16). Errors as above.
  [[nodiscard]] static base::Result<api::Identity> identity(const api::SplitDeliveryDomain& resource,
                                                            const Secrets& secrets);

 private:
  base::Executor& executor_;
  Transports transports_;
  api::AccountStore& records_;
  ServerRules rules_;
  template <class T>
  struct Named {
    std::string name;
    std::unique_ptr<T> account;
    std::size_t users = 0;  ///< resources
  };
  /// What one resource uses; nullptr: none.
  struct Use {
    Named<zoho::Organization>* organization = nullptr;
    Named<MailAccount>* mail = nullptr;
  };
  template <class T>
  static void use(Named<T>*& used, Named<T>* now);
  Use& useOf(const api::ObjectKey& key);
  void forgetTheGone();

  std::map<std::string, Named<zoho::Organization>> organizations_;
  std::map<std::string, Named<MailAccount>> mailAccounts_;
  std::map<api::ObjectKey, Use> uses_;
  std::function<bool(const api::ObjectKey&)> exists_;
  std::size_t forgetAt_ = 0;  ///< so many uses are looked through for those that went
};

}  // namespace splitdelivery::reconcile
