#pragma once

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "plan/plan.h"

namespace splitdelivery::plan {

/// A small world to plan in: example.com, routed to zoho.example.com. Everything is complete and
/// empty until a test says otherwise.
struct World {
  api::Spec spec = defaultSpec();
  bool adopt = false;
  bool domainListed = true;
  bool routingReady = true;
  std::string approvedPlan{};
  api::Identity identity{"directadmin", "https://mail.example:2222", "user", "example.com", "60012345"};
  api::Ledger ledger{};
  std::vector<api::ZohoAddress> zoho{};
  api::Completeness accounts = api::Completeness::Complete;
  api::Completeness groups = api::Completeness::Complete;
  api::Completeness domains = api::Completeness::Complete;
  api::Forwarders present{};
  std::optional<std::vector<std::string>> mailboxes = std::vector<std::string>{};
  base::WallTime now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};

  static api::Spec defaultSpec() {
    api::Spec spec;
    spec.domain = "example.com";
    spec.routingHost = "zoho.example.com";
    spec.policy = api::Policy::Sync;
    spec.maxDeletions = {.amount = 100, .percent = true};
    return spec;
  }

  [[nodiscard]] api::Destinations target(const std::string& local) const { return {local + "@" + spec.routingHost}; }

  World& lists(const std::string& local, api::Kinds kinds = api::Kind::Primary, bool blocked = false) {
    zoho.push_back({{local, spec.domain}, kinds, blocked});
    std::ranges::sort(zoho, {}, [](const auto& entry) { return entry.address.local; });
    return *this;
  }
  World& forwards(const std::string& local, api::Destinations to) {
    present.push_back({.local = local, .destinations = std::move(to)});
    std::ranges::sort(present, {}, &api::Forwarder::local);
    return *this;
  }
  World& forwards(const std::string& local) { return forwards(local, target(local)); }
  World& records(const std::string& local, api::Kinds kinds = api::Kind::Primary) {
    return records({.local = local, .destinations = target(local), .kinds = kinds});
  }
  World& records(api::LedgerEntry entry) {
    ledger.identity = identity;
    ledger.entries.push_back(std::move(entry));
    std::ranges::sort(ledger.entries, {}, &api::LedgerEntry::local);
    return *this;
  }
  /// Ours, and standing as recorded.
  World& manages(const std::string& local, api::Kinds kinds = api::Kind::Primary) {
    return records(local, kinds).forwards(local);
  }
  World& hasMailbox(const std::string& local) {
    mailboxes->push_back(local);
    std::ranges::sort(*mailboxes);
    return *this;
  }
  World& forgets(const std::string& local) {
    std::erase_if(zoho, [&](const auto& entry) { return entry.address.local == local; });
    return *this;
  }

  [[nodiscard]] Plan plan() const {
    return makePlan({.spec = spec,
                     .adopt = adopt,
                     .approvedPlan = approvedPlan,
                     .identity = identity,
                     .ledger = ledger,
                     .zoho = zoho,
                     .accounts = accounts,
                     .groups = groups,
                     .domains = domains,
                     .routingReady = routingReady,
                     .domainListed = domainListed,
                     .present = present,
                     .mailboxes = mailboxes ? &*mailboxes : nullptr,
                     .now = now});
  }

  /// Lets everything that the plan does take effect, as a perfect server would, and keeps the ledger
  /// as a pass would have stored it.
  void carryOut(const Plan& plan) {
    ledger = plan.ledger;
    for (const Operation& operation : plan.creates) {
      std::erase_if(ledger.entries, [&](const auto& entry) { return entry.local == operation.local; });
      records({.local = operation.local,
               .state = api::LedgerEntry::State::Creating,
               .destinations = operation.wanted,
               .kinds = operation.kinds});
      forwards(operation.local, operation.wanted);
    }
    for (const Operation& operation : plan.updates) {
      std::erase_if(present, [&](const auto& forwarder) { return forwarder.local == operation.local; });
      forwards(operation.local, operation.wanted);
      auto entry = std::ranges::find(ledger.entries, operation.local, &api::LedgerEntry::local);
      entry->state = api::LedgerEntry::State::Updating;
      entry->previous = operation.present;
      entry->destinations = operation.wanted;
    }
    for (const Operation& operation : plan.deletes) {
      std::erase_if(present, [&](const auto& forwarder) { return forwarder.local == operation.local; });
    }
  }
};

/// A domain with `count` users u0, u1, …, all managed and in sync, ten of them if not said.
inline World inSync(int count = 10) {
  World world;
  for (int i = 0; i < count; ++i) world.lists("u" + std::to_string(i)).manages("u" + std::to_string(i));
  return world;
}

inline World without(World world, int leavers) {
  for (int i = 0; i < leavers; ++i) world.forgets("u" + std::to_string(i));
  return world;
}

[[nodiscard]] inline std::vector<std::string> locals(const std::vector<Operation>& operations) {
  std::vector<std::string> names;
  for (const Operation& operation : operations) names.push_back(operation.local);
  return names;
}

}  // namespace splitdelivery::plan
