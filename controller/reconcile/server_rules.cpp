#include "reconcile/server_rules.h"

#include "api/zoho_hosts.h"

namespace splitdelivery::reconcile {
namespace {

base::Error notAllowed(std::string message) {
  return {base::ErrorKind::Stall, "ServerNotAllowed", std::move(message)};
}

std::optional<base::Error> refusedBySecret(const api::SecretObject& secret, const std::string& server) {
  if (secret.servers.empty() || api::matchesAny(secret.servers, server)) return std::nullopt;
  return notAllowed("the annotation splitdelivery.dev/servers of Secret " + secret.key.text() + " does not name " +
                    server + ": add it there, or use another Secret");
}

base::Error notNamed(const std::string& server) {
  return notAllowed(server +
                    " may not be used by this controller: whoever runs it has to allow the host with --allow-server");
}

}  // namespace

std::optional<base::Error> ServerRules::refusal(const api::ZohoSpec& spec, const api::SecretObject& secret) const {
  const auto hosts = api::zohoHosts(spec.dataCenter);
  for (const auto& [server, usual] : {std::pair(&spec.accountsUrl, hosts ? hosts->accountsUrl : ""),
                                      std::pair(&spec.mailUrl, hosts ? hosts->mailUrl : "")}) {
    const bool named = *server == usual || (allowed.empty() && !strict) || api::matchesAny(allowed, *server);
    if (!named) return notNamed(*server);
    if (auto refused = refusedBySecret(secret, *server)) return refused;
  }
  return std::nullopt;
}

std::optional<base::Error> ServerRules::refusal(const api::DirectAdminSpec& spec,
                                                const api::SecretObject& secret) const {
  const bool needsPermission = !allowed.empty() || (strict && !spec.caBundle.empty());
  if (needsPermission && !api::matchesAny(allowed, spec.server)) {
    if (!allowed.empty()) return notNamed(spec.server);
    return notAllowed(
        "spec.directAdmin.caBundle may be used for allowed hosts alone: whoever runs the controller has to "
        "allow " +
        spec.server + " with --allow-server");
  }
  return refusedBySecret(secret, spec.server);
}

}  // namespace splitdelivery::reconcile
