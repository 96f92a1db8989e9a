#include "mailserver/directadmin/requests.h"

namespace splitdelivery::mailserver::directadmin {
namespace {

constexpr std::chrono::seconds kDeadline{30};
constexpr std::string_view kTrustAdvice = "put the certificate of who signed it into spec.directAdmin.caBundle";
constexpr std::string_view kForwarders = "CMD_API_EMAIL_FORWARDERS";

std::string joined(const api::Destinations& destinations) {
  std::string text;
  for (const std::string& destination : destinations) {
    if (!text.empty()) text += ',';
    text += destination;
  }
  return text;
}

Command accountCommand(std::string_view name, std::string about) {
  return {.name = std::string(name), .about = std::move(about)};
}

Command forwarderWrite(std::string action, const std::string& domain, const std::string& user,
                       const api::Forwarder& forwarder) {
  return {.name = std::string(kForwarders),
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
  return accountCommand("CMD_API_SHOW_USER_CONFIG", "the account's limits");
}

Command showUserUsage() {
  return accountCommand("CMD_API_SHOW_USER_USAGE", "the account's usage");
}

Command listForwarders(const std::string& domain) {
  return {.name = std::string(kForwarders),
          .domain = domain,
          .about = "the forwarders of " + domain,
          .fields = {{"domain", domain}}};
}

Command listMailboxes(const std::string& domain) {
  return {.name = "CMD_API_POP",
          .domain = domain,
          .about = "the mailboxes of " + domain,
          .fields = {{"action", "list"}, {"domain", domain}}};
}

Command createForwarder(const std::string& domain, const api::Forwarder& forwarder) {
  return forwarderWrite("create", domain, forwarder.local, forwarder);
}

Command modifyForwarder(const std::string& domain, const api::Forwarder& forwarder) {
  return forwarderWrite("modify", domain, forwarder.name.empty() ? forwarder.local : forwarder.name, forwarder);
}

Command deleteForwarders(const std::string& domain, const std::vector<std::string>& names) {
  Command command{.name = std::string(kForwarders),
                  .domain = domain,
                  .about = std::to_string(names.size()) + " forwarders of " + domain,
                  .fields = {{"action", "delete"}, {"domain", domain}},
                  .effect = Effect::Write};
  for (std::size_t i = 0; i < names.size(); ++i) command.fields.emplace_back("select" + std::to_string(i), names[i]);
  return command;
}

http::Request toRequest(const Command& command, const std::string& server, const base::Secret& authorization) {
  http::Request request{.origin = server,
                        .path = "/" + command.name + "?",
                        .authorization = authorization,
                        .deadline = kDeadline,
                        .trustAdvice = std::string(kTrustAdvice)};
  std::string form = encodeForm(command.fields);
  if (command.effect == Effect::Write) {
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
