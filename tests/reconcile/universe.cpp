#include "reconcile/universe.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <set>

namespace splitdelivery::reconcile {

using namespace std::chrono_literals;

Universe::Universe(std::uint64_t seed) : executor(seed), network(executor), dns(executor, world.dns) {
  for (const char* domain : {kDomain, "example.net", "third.example"}) simulators::addMailRecords(world.dns, domain);
  // Other routing hosts, for tests that change it.
  for (const char* host : {"old.example.com", "z.example.com"}) world.dns.setMx(host, {{10, "mx.zoho.com"}});
  world.zoho.addOrganization(
      {.id = kOrganization, .domains = {{.name = kDomain, .primary = true}, {.name = "example.net"}}});
  world.da.addAccount({.user = "user", .keys = {{.key = "key"}}});
  world.da.addDomain("user", kDomain);
  network.serveWorld(world);
  network.setLatency(5ms, 20ms);

  resource.key = {"default", "example-com"};
  resource.generation = 1;
  api::Spec& spec = resource.spec;
  spec.domain = kDomain;
  spec.routingHost = "zoho.example.com";
  spec.policy = api::Policy::Sync;
  const auto hosts = api::zohoHosts("us").value();
  spec.zoho = {.organizationId = kOrganization,
               .dataCenter = "us",
               .accountsUrl = std::string(hosts.accountsUrl),
               .mailUrl = std::string(hosts.mailUrl),
               .credentialsSecret = "zoho"};
  spec.directAdmin = {.server = simulators::VirtualNetwork::kDirectAdmin, .credentialsSecret = "directadmin"};
  const auto secret = [&](const std::string& name, std::map<std::string, std::string> values) {
    api::SecretObject object{.key = {"default", name}, .values = {}};
    for (auto& [key, value] : values) object.values.emplace(key, base::Secret(value));
    secrets.insert_or_assign(object.key, object);
  };
  secret("zoho", {{"clientId", "1000.SIMCLIENT"}, {"clientSecret", "simsecret"}});
  secret("directadmin", {{"username", "user"}, {"loginKey", "key"}});
}

PassReport Universe::pass(Mode mode) {
  Accounts accounts(
      executor, [this](const std::string&) -> http::Transport& { return network; }, records, rules);
  Claims claims;
  Observer& heard = observer != nullptr ? *observer : partings;
  Reconciler reconciler({executor, accounts, books, statuses, heard, claims, dns, &finalizers}, mode);
  PassReport report = executor.run(reconciler.pass(resource, secrets, stop.get_token()));
  expectLegal(report.status);
  // A request that was given up may still be on its way to the server: it ends before the next pass.
  executor.drain();
  return report;
}

PassReport Universe::passAfter(base::Duration pause, Mode mode) {
  executor.advance(pause);
  return pass(mode);
}

void Universe::addUser(const std::string& local, std::vector<std::string> aliases) {
  for (std::string& alias : aliases) alias += std::string("@") + kDomain;
  world.zoho.addUser(kOrganization, {.email = local + "@" + kDomain, .aliases = std::move(aliases)});
}

void Universe::removeUser(const std::string& local) {
  world.zoho.removeUser(kOrganization, local + "@" + kDomain);
}

std::size_t Universe::writesSent() const {
  return world.journal.requests("da", "POST");
}

const api::Condition& condition(const api::Status& status, std::string_view type) {
  static const api::Condition kNone;
  const api::Condition* found = status.conditions.find(type);
  return found == nullptr ? kNone : *found;
}

std::string readyReason(const PassReport& report) {
  return condition(report.status, api::condition::kReady).reason;
}
std::string readyMessage(const PassReport& report) {
  return condition(report.status, api::condition::kReady).message;
}

void expectLegal(const api::Status& status) {
  std::set<std::string> types;
  for (const api::Condition& each : status.conditions.list()) {
    EXPECT_TRUE(types.insert(each.type).second) << each.type << " stands twice";
    EXPECT_FALSE(each.reason.empty()) << each.type;
    EXPECT_TRUE(each.reason.empty() || std::isupper(static_cast<unsigned char>(each.reason.front())) != 0)
        << each.reason;
    EXPECT_TRUE(std::ranges::all_of(each.reason, [](unsigned char c) { return std::isalnum(c) != 0; })) << each.reason;
    EXPECT_LE(each.message.size(), api::kLongestMessage) << each.type;
    EXPECT_FALSE(each.message.empty()) << each.type << " " << each.reason;
    EXPECT_EQ(each.message.find("simsecret"), std::string::npos) << "a secret in a message";
    EXPECT_EQ(each.message.find('<'), std::string::npos) << "a remote body in a message: " << each.message;
  }
  const auto is = [&](std::string_view type, api::ConditionStatus value) {
    const api::Condition* found = status.conditions.find(type);
    return found != nullptr && found->status == value;
  };
  using api::ConditionStatus;
  if (status.conditions.list().empty()) return;
  EXPECT_TRUE(types.contains("Ready"));
  const bool stalled = is(api::condition::kStalled, ConditionStatus::True);
  const bool reconciling = is(api::condition::kReconciling, ConditionStatus::True);
  EXPECT_FALSE(stalled && reconciling) << "either a retry helps or it does not";
  if (stalled) EXPECT_TRUE(is(api::condition::kReady, ConditionStatus::False));
  if (is(api::condition::kReady, ConditionStatus::True)) EXPECT_FALSE(reconciling);
  if (is(api::condition::kDeletionsHeld, ConditionStatus::True)) EXPECT_FALSE(status.plan.id.empty());
  EXPECT_LE(status.plan.sample.size(), 20U);
  EXPECT_LE(status.conflicts.size(), 20U);
  for (const auto& conflict : status.conflicts) EXPECT_LE(conflict.message.size(), api::kLongestMessage);
  EXPECT_LE(status.forwarders.inSync, status.forwarders.desired);
}

}  // namespace splitdelivery::reconcile
