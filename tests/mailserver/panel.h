#pragma once

#include <array>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fake_transport.h"
#include "mailserver/directadmin/store.h"
#include "memory_records.h"
#include "support/virtual_executor.h"

namespace splitdelivery::testing {

/// A DirectAdmin account in front of a Store, as far as its answers to credentials go.
struct Panel {
  static constexpr auto kAnyTime = base::SteadyTime::max();

  Panel() = default;
  /// Work that is ready at the same moment runs in the order of that seed.
  explicit Panel(std::uint64_t seed) : executor(seed, true) {}

  VirtualExecutor executor{};
  FakeTransport transport{executor, [this](const http::Request& request) { return answer(request); }};
  MemoryRecords records{};
  mailserver::directadmin::Store store{executor, transport, records, account("k3y")};

  static mailserver::directadmin::Account account(std::string key) {
    return {"https://eagle.example:2222", "anna", base::Secret(std::move(key))};
  }

  bool keyIsGood = true;
  std::set<std::string> refusedCommands{};
  FakeTransport::Reply refusal = answered(401, R"({"error":"Not logged in","success":"no"})");
  FakeTransport::Reply written = answered(200, R"({"result":"","success":"Done"})");

  FakeTransport::Reply answer(const http::Request& request) const {
    const std::string command = commandOf(request);
    if (!keyIsGood || refusedCommands.contains(command)) return refusal;
    if (request.method == "POST") return written;
    if (command == "CMD_API_SHOW_DOMAINS") return answered(200, R"(["a.example"])");
    if (command == "CMD_API_POP") return answered(200, R"(["mara"])");
    if (command == "CMD_API_DNS_MX") return answered(200, R"({"internal":"yes"})");
    if (command == "CMD_API_EMAIL_CATCH_ALL") return answered(200, R"({"value":":fail:"})");
    if (command == "CMD_API_DOMAIN_POINTER") return answered(200, R"({"b.example":"alias"})");
    if (command == "CMD_API_SHOW_USER_CONFIG") return answered(200, R"({"nemailf":"100"})");
    if (command == "CMD_API_SHOW_USER_USAGE") return answered(200, R"({"nemailf":"7"})");
    return answered(200, R"({"anna":["anna@zoho.a.example"]})");
  }

  auto domains() { return executor.run(store.domains({})); }
  auto list() { return executor.run(store.list("a.example", {})); }
  /// That many callers at the same moment.
  auto listTogether(std::size_t callers) {
    std::vector<base::Task<base::Result<api::Forwarders>>> tasks;
    tasks.reserve(callers);
    while (tasks.size() < callers) tasks.push_back(store.list("a.example", {}));
    return executor.run(base::all(executor, std::move(tasks)));
  }
  auto mailboxes() { return executor.run(store.mailboxes("a.example", {})); }
  auto localDelivery() { return executor.run(store.localDelivery("a.example", {})); }
  auto catchAll() { return executor.run(store.catchAll("a.example", {})); }
  auto pointers() { return executor.run(store.pointers("a.example", {})); }
  auto setLocalDelivery(bool on) { return executor.run(store.setLocalDelivery("a.example", on, {})); }
  auto limits() { return executor.run(store.limits({})); }
  auto create(api::Forwarder forwarder = {"anna", {"anna@zoho.a.example"}}) {
    return executor.run(store.create("a.example", std::move(forwarder), {}));
  }
  auto replace(api::Forwarder forwarder = {"anna", {"anna@zoho.a.example"}}) {
    return executor.run(store.replace("a.example", std::move(forwarder), kAnyTime, {}));
  }
  auto remove(std::vector<std::string> names = {"anna"}) {
    return executor.run(store.remove("a.example", std::move(names), kAnyTime, {}));
  }
};

/// "Stall BadCredentials", or "ok".
template <class T>
std::string outcome(const base::Result<T>& result) {
  if (result) return "ok";
  static constexpr std::array kKinds{"Retry", "Wait", "Stall", "Refuse", "Unclear", "Stopped"};
  return std::string(kKinds.at(static_cast<std::size_t>(result.error().kind))) + " " + result.error().reason;
}

}  // namespace splitdelivery::testing
