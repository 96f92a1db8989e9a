#include "mailserver/directadmin/requests.h"

namespace splitdelivery::mailserver::directadmin {
namespace {

constexpr std::chrono::seconds kReadDeadline{30};
/// A graceful stop has 30 s in all and waits for a write that is on its way.
constexpr std::chrono::seconds kWriteDeadline{20};
constexpr std::string_view kTrustAdvice = "put the certificate of who signed it into spec.directAdmin.caBundle";
constexpr std::string_view kProvider = "directadmin";

std::string joined(const api::Destinations& destinations) {
  std::string text;
  for (const std::string& destination : destinations) {
    if (!text.empty()) text += ',';
    text += destination;
  }
  return text;
}

Command accountCommand(std::string_view name, std::string about) {
  return {.name = name, .about = std::move(about)};
}

Command settingOf(std::string_view name, std::string about, const std::string& domain) {
  return {.name = name, .domain = domain, .about = std::move(about), .fields = {{"domain", domain}}, .optional = true};
}

Command forwarderWrite(std::string action, const std::string& domain, const std::string& user,
                       const api::Forwarder& forwarder) {
  return {.name = kForwarders,
          .domain = domain,
          .about = "the forwarder " + forwarder.local + "@" + domain,
          .fields = {{"action", std::move(action)},
                     {"domain", domain},
                     {"user", user},
                     {"email", joined(forwarder.destinations)}},
          .effect = Effect::Write};
}

}  // namespace

Command showDomains() {
  return accountCommand(kShowDomains, "the account's domains");
}

Command showUserConfig() {
  return accountCommand(kShowUserConfig, "the account's limits");
}

Command showUserUsage() {
  return accountCommand(kShowUserUsage, "the account's usage");
}

Command listForwarders(const std::string& domain) {
  return {
      .name = kForwarders, .domain = domain, .about = "the forwarders of " + domain, .fields = {{"domain", domain}}};
}

Command listMailboxes(const std::string& domain) {
  return {.name = kMailboxes,
          .domain = domain,
          .about = "the mailboxes of " + domain,
          .fields = {{"action", "list"}, {"domain", domain}}};
}

Command showMailRouting(const std::string& domain) {
  Command command = settingOf(kMailRouting, "the local delivery of " + domain, domain);
  command.lines = true;
  return command;
}

Command showCatchAll(const std::string& domain) {
  return settingOf(kCatchAll, "the catch-all of " + domain, domain);
}

Command listPointers(const std::string& domain) {
  return settingOf(kPointers, "the pointers of " + domain, domain);
}

Command setInternal(const std::string& domain, bool internal) {
  Command command = showMailRouting(domain);
  command.fields.emplace_back("action", "internal");
  command.fields.emplace_back("internal", internal ? "yes" : "no");
  command.effect = Effect::Write;
  return command;
}

Command createForwarder(const std::string& domain, const api::Forwarder& forwarder) {
  return forwarderWrite("create", domain, forwarder.local, forwarder);
}

Command modifyForwarder(const std::string& domain, const api::Forwarder& forwarder) {
  return forwarderWrite("modify", domain, forwarder.name.empty() ? forwarder.local : forwarder.name, forwarder);
}

Command deleteForwarders(const std::string& domain, const std::vector<std::string>& names) {
  Command command{.name = kForwarders,
                  .domain = domain,
                  .about = std::to_string(names.size()) + " forwarders of " + domain,
                  .fields = {{"action", "delete"}, {"domain", domain}},
                  .effect = Effect::Write};
  for (std::size_t i = 0; i < names.size(); ++i) command.fields.emplace_back("select" + std::to_string(i), names[i]);
  return command;
}

http::Request toRequest(const Command& command, const std::string& server, const base::Secret& authorization) {
  const bool write = command.effect == Effect::Write;
  http::Request request{.origin = server,
                        .path = "/" + std::string(command.name) + "?",
                        .authorization = authorization,
                        .deadline = write ? kWriteDeadline : kReadDeadline,
                        .provider = kProvider,
                        .endpoint = command.name,
                        .trustAdvice = std::string(kTrustAdvice)};
  std::string form = encodeForm(command.fields);
  if (write) {
    request.method = "POST";
    request.path += "json=yes";
    request.body = std::move(form);
    request.contentType = "application/x-www-form-urlencoded";
  } else {
    request.path += form.empty() ? "json=yes" : form + "&json=yes";
  }
  return request;
}

}  // namespace splitdelivery::mailserver::directadmin
