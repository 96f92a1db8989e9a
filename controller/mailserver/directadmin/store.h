#pragma once

#include <memory>
#include <string>

#include "api/account_record.h"
#include "base/executor.h"
#include "http/transport.h"
#include "mailserver/forwarder_store.h"

namespace splitdelivery::mailserver::directadmin {

struct Account {
  std::string server;    ///< scheme://host:port
  std::string username;  ///< "user", or "admin|user" for an administrator who acts for a user
  base::Secret loginKey;

  /// The user whose domains are meant: the part behind '|'.
  [[nodiscard]] std::string effectiveUser() const;
  [[nodiscard]] std::string digest() const;
};

/// DirectAdmin's legacy API with json=yes, over HTTP Basic.
///
/// Facts: docs.directadmin.com/developer/api and what live servers were seen to answer: business
/// errors come with HTTP 500, refused credentials in four forms (401, an HTML login page, a header,
/// a redirect), Content-Type says nothing. A refused command is checked with one
/// CMD_API_SHOW_DOMAINS: when that is accepted the login key lacks the command
/// ("LoginKeyLacksCommand"), else the account's breaker opens at once ("BadCredentials"). It stays
/// open over restarts: the account's record says until when. Lives on the executor; what it is made
/// of must outlive it, and it everything that it was asked to do.
class Store final : public ForwarderStore {
 public:
  Store(base::Executor& executor, http::Transport& transport, api::AccountStore& records, Account account);
  ~Store() override;

  base::Task<base::Result<std::vector<std::string>>> domains(std::stop_token stop) override;
  base::Task<base::Result<api::Forwarders>> list(std::string domain, std::stop_token stop) override;
  base::Task<base::Result<std::vector<std::string>>> mailboxes(std::string domain, std::stop_token stop) override;
  base::Task<base::Result<Limits>> limits(std::stop_token stop) override;
  base::Task<base::Result<bool>> localDelivery(std::string domain, std::stop_token stop) override;
  base::Task<base::Result<CatchAll>> catchAll(std::string domain, std::stop_token stop) override;
  base::Task<base::Result<std::vector<Pointer>>> pointers(std::string domain, std::stop_token stop) override;
  base::Task<base::Result<base::Done>> setLocalDelivery(std::string domain, bool on, std::stop_token stop) override;
  base::Task<base::Result<base::Done>> create(std::string domain, api::Forwarder forwarder,
                                              std::stop_token stop) override;
  base::Task<base::Result<base::Done>> replace(std::string domain, api::Forwarder forwarder, base::SteadyTime notAfter,
                                               std::stop_token stop) override;
  base::Task<base::Result<base::Done>> remove(std::string domain, std::vector<std::string> names,
                                              base::SteadyTime notAfter, std::stop_token stop) override;
  [[nodiscard]] std::size_t deleteBatch() const override { return 50; }
  void tryAgain() override;
  [[nodiscard]] bool shutOut() const override;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace splitdelivery::mailserver::directadmin
