#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/zoho_hosts.h"
#include "reconcile/parting.h"
#include "reconcile/reconciler.h"
#include "simulators/dns.h"
#include "simulators/virtual_network.h"
#include "support/virtual_executor.h"

namespace splitdelivery::reconcile {

/// Address books in memory, on a disk that can be full.
class MemoryBooks final : public source::BookStore {
 public:
  std::map<api::ObjectKey, api::AddressBook> books{};
  std::optional<int> savesUntilFull{};  ///< 0: the next save fails
  int saves = 0;

  base::Task<base::Result<source::StoredBook>> load(api::ObjectKey key) override {
    const auto found = books.find(key);
    co_return source::StoredBook{.book = found == books.end() ? api::AddressBook{} : found->second};
  }
  base::Task<base::Result<base::Done>> save(api::ObjectKey key, api::AddressBook book) override {
    if (savesUntilFull && (*savesUntilFull)-- <= 0) {
      savesUntilFull = 0;
      co_return base::fail(base::ErrorKind::Retry, "StateNotWritable", "the disk is full");
    }
    ++saves;
    books[key] = std::move(book);
    co_return base::Done{};
  }
  base::Task<std::vector<source::Orphan>> orphans(std::vector<api::ObjectKey>) override {
    co_return std::vector<source::Orphan>{};
  }
};

/// Fails the test when a status breaks the rules of conditions: kstatus, our states table.
void expectLegal(const api::Status& status);

/// Statuses in memory; each that is saved has to be legal.
class MemoryStatuses final : public source::StatusStore {
 public:
  std::map<api::ObjectKey, api::Status> statuses{};
  int saves = 0;

  base::Task<api::Status> load(api::ObjectKey key) override { co_return statuses[key]; }
  base::Task<base::Result<base::Done>> save(api::ObjectKey key, api::Status status) override {
    ++saves;
    expectLegal(status);
    statuses[key] = std::move(status);
    co_return base::Done{};
  }
};

class MemoryFinalizers final : public source::Finalizers {
 public:
  std::vector<api::ObjectKey> released{};
  bool fails = false;

  base::Task<base::Result<base::Done>> release(api::ObjectKey key) override {
    if (fails) co_return base::fail(base::ErrorKind::Retry, "APIServerError", "the API server answered 500");
    released.push_back(key);
    co_return base::Done{};
  }
};

class MemoryAccounts final : public api::AccountStore {
 public:
  std::map<std::string, api::AccountRecord> records{};

  base::Task<api::AccountRecord> load(std::string account) override { co_return records[account]; }
  base::Task<base::Done> save(std::string account, api::AccountRecord record) override {
    records[account] = std::move(record);
    co_return base::Done{};
  }
};

/// What observers are told of resources that were let go.
class Partings final : public Observer {
 public:
  struct Told {
    std::size_t left;
    bool gaveUp;
    bool kept;  ///< some of ours stay, whatever the reason
    friend bool operator==(const Told&, const Told&) = default;
  };
  void parted(const api::SplitDeliveryDomain&, const Parting& parting) override {
    told.push_back({parting.left, parting.gaveUp, !parting.because.empty()});
  }
  std::vector<Told> told{};
};

/// Everything that a pass needs, in one process and in virtual time: Zoho and DirectAdmin simulated
/// behind a network that can fail, state in memory. example.com at Zoho's organisation 60012345 and
/// at DirectAdmin's account "user"; a test fills both.
class Universe {
 public:
  static constexpr const char* kOrganization = "60012345";
  static constexpr const char* kDomain = "example.com";

  explicit Universe(std::uint64_t seed = 1);

  testing::VirtualExecutor executor;
  simulators::World world{};
  simulators::VirtualNetwork network;
  simulators::VirtualDns dns;
  MemoryBooks books{};
  MemoryStatuses statuses{};
  MemoryAccounts records{};
  MemoryFinalizers finalizers{};
  Partings partings{};
  ServerRules rules{};
  Accounts::Secrets secrets{};
  api::SplitDeliveryDomain resource{};
  std::stop_source stop{};
  Observer* observer = nullptr;  ///< of the passes, where a test wants one

  /// One pass in a process of its own: nothing but the three stores lives on between passes.
  PassReport pass(Mode mode = Mode::Sync);
  /// The same, `after` that much time.
  PassReport passAfter(base::Duration pause, Mode mode = Mode::Sync);

  void addUser(const std::string& local, std::vector<std::string> aliases = {});
  void removeUser(const std::string& local);
  void forward(const std::string& local, const std::string& to) { world.da.setForwarder(kDomain, local, to); }
  [[nodiscard]] std::map<std::string, std::string> forwarders() { return world.da.forwarders(kDomain); }
  [[nodiscard]] std::string target(const std::string& local) const { return local + "@" + resource.spec.routingHost; }
  [[nodiscard]] const api::Ledger& ledger() { return books.books[resource.key].ledger; }
  /// Requests that could have changed something at DirectAdmin, whether they did or not.
  [[nodiscard]] std::size_t writesSent() const;
};

[[nodiscard]] const api::Condition& condition(const api::Status& status, std::string_view type);
[[nodiscard]] std::string readyReason(const PassReport& report);
[[nodiscard]] std::string readyMessage(const PassReport& report);

}  // namespace splitdelivery::reconcile
