#pragma once

#include <gmock/gmock.h>

#include <sstream>
#include <string>
#include <vector>

#include "cli/kubectl/command_line.h"
#include "cli/kubectl/commands.h"
#include "plan/describe.h"
#include "simulators/kubernetes.h"
#include "source/book_json.h"
#include "source/cluster/book_object.h"
#include "support/virtual_executor.h"

namespace splitdelivery::cli::kubectl {

using kube::Json;

constexpr const char* kDomainsPath = "/apis/splitdelivery.dev/v1alpha1/namespaces/mail/splitdeliverydomains";
constexpr const char* kBooksPath = "/apis/splitdelivery.dev/v1alpha1/namespaces/mail/addressbooks";
constexpr const char* kHeldId = "0123456789abcdef";

inline std::string domainsPath(const std::string& ns) {
  return "/apis/splitdelivery.dev/v1alpha1/namespaces/" + ns + "/splitdeliverydomains";
}

/// A person at a terminal, in the namespace "mail" of a simulated cluster, in virtual time.
struct ATerminal : ::testing::Test {
  struct Said {
    int code = 0;
    std::string out;
    std::string err;
  };

  Said run(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "kubectl-sdd");
    const CommandLine line = parseCommandLine(static_cast<int>(arguments.size()), arguments.data());
    if (!line.options) return {line.exitCode, "", ""};
    std::ostringstream out;
    std::ostringstream err;
    const Session session{.executor = executor,
                          .client = client,
                          .options = *line.options,
                          .context = "work",
                          .out = out,
                          .err = err,
                          .colour = colour,
                          .stop = stop.get_token()};
    const int code = executor.run(perform(session));
    return {code, out.str(), err.str()};
  }

  static Json resource(const std::string& name, const std::string& domain = "example.com") {
    return {{"apiVersion", "splitdelivery.dev/v1alpha1"},
            {"kind", "SplitDeliveryDomain"},
            {"metadata", {{"name", name}}},
            {"spec",
             {{"domain", domain},
              {"policy", "Sync"},
              {"zoho", {{"organizationId", "1"}, {"dataCenter", "eu"}, {"credentialsSecretRef", {{"name", "zoho"}}}}},
              {"directAdmin",
               {{"server", "https://eagle.example:2222"}, {"credentialsSecretRef", {{"name", "directadmin"}}}}}}}};
  }
  /// One that had its pass: Ready, with what `status` says besides.
  static Json seen(const std::string& name, const std::string& domain = "example.com", const Json& status = {}) {
    Json object = resource(name, domain);
    object["status"] = {
        {"observedGeneration", 1},
        {"firstReceiver", "MailServer"},
        {"forwarders", counts()},
        {"zoho", {{"users", 2}, {"aliases", 1}, {"groups", 0}, {"skipped", 0}, {"incomplete", Json::array()}}},
        {"lastSyncTime", "2025-12-31T23:57:00Z"},
        {"conditions", {condition("Ready", "True", "Synced", "2 addresses are forwarded")}}};
    if (!status.is_null()) object["status"].update(status);
    return object;
  }
  static Json counts() {
    return {{"desired", 2}, {"inSync", 2}, {"managed", 1}, {"found", 1}, {"unmanaged", 0}, {"conflicts", 0}};
  }
  static Json condition(const char* type, const char* status, const char* reason, const std::string& message) {
    return {{"type", type},
            {"status", status},
            {"reason", reason},
            {"message", message},
            {"lastTransitionTime", "2025-12-31T00:00:00Z"},
            {"observedGeneration", 1}};
  }
  /// Status of one that holds bob's deletion as kHeldId.
  static Json held() {
    return {{"plan",
             {{"id", kHeldId},
              {"creates", 0},
              {"updates", 0},
              {"deletes", 1},
              {"held", true},
              {"heldCount", 1},
              {"sample", {"- bob"}}}},
            {"conditions", {condition("Ready", "False", "DeletionsHeld", "1 change waits for approval")}}};
  }
  void putBook(const std::string& name, const api::AddressBook& book) {
    const std::string encoded = source::encodeBook(book);
    const auto slices = source::cluster::slicesOf(name, encoded);
    for (const auto& slice : slices) server.put(kBooksPath, source::cluster::sliceObject({"mail", name}, slice));
    server.put(kBooksPath, source::cluster::headObject({"mail", name}, encoded, slices, {}, ""));
  }
  /// anna is ours and in step, bob's deletion is held, carl has a mailbox.
  [[nodiscard]] api::AddressBook book() const {
    api::AddressBook book;
    book.ledger.identity = api::Identity{"directadmin", "https://eagle.example:2222", "me", "example.com", "1"};
    for (const char* local : {"anna", "bob"}) {
      const api::Destinations to{std::string(local) + "@zoho.example.com"};
      book.ledger.entries.push_back({.local = local, .destinations = to, .kinds = api::Kind::Primary});
      book.directory.forwarders.push_back({.local = local, .destinations = to});
    }
    book.directory.zoho = {{{"anna", "example.com"}, api::Kind::Primary}};
    book.directory.accounts = book.directory.groups = book.directory.domains = api::Completeness::Complete;
    book.directory.verifiedAt = executor.wallTime();
    book.directory.mailboxes = {"carl"};
    book.directory.mailboxesKnown = true;
    book.plan = {"⏸ held - bob@example.com → bob@zoho.example.com",
                 std::string("⏸ 1 change waits for approval: … splitdelivery.dev/approved-plan: \"") + kHeldId + "\"",
                 "= 1 unchanged"};
    return book;
  }
  /// Answers every request of that method whose path holds `part` so.
  void answer(const std::string& method, const std::string& part, int status, const std::string& body = "{}") {
    server.setFault([=](const http::Request& request) -> std::optional<base::Result<http::Response>> {
      if (request.method != method || request.path.find(part) == std::string::npos) return std::nullopt;
      return http::Response{.status = status, .body = body, .headers = {}};
    });
  }
  [[nodiscard]] std::string annotation(const std::string& name, const char* which) const {
    const auto object = server.get(kDomainsPath, name);
    const Json notes = object->at("metadata").value("annotations", Json::object());
    return notes.value(which, "");
  }
  [[nodiscard]] std::size_t writes() const {
    return server.count("PATCH", "/") + server.count("PUT", "/") + server.count("POST", "/") +
           server.count("DELETE", "/");
  }

  testing::VirtualExecutor executor;
  simulators::Kubernetes server{executor};
  kube::Client client{executor, server, {.origin = "https://kube", .ns = "mail"}};
  std::stop_source stop;
  bool colour = false;
};

}  // namespace splitdelivery::cli::kubectl
