#include "api/address.h"
#include "api/parse_parts.h"
#include "api/url.h"
#include "api/zoho_hosts.h"

namespace splitdelivery::api {
namespace {

// What DirectAdmin listens on; https without a port would reach the web server beside it.
constexpr std::uint16_t kDirectAdminPort = 2222;
constexpr std::size_t kLongestOrganizationId = 20;
constexpr std::size_t kLongestBundle = std::size_t{1} << 20U;

std::string parseCredentials(const Fields& system, std::string_view keys) {
  if (!system.has("credentialsSecretRef")) {
    system.error("credentialsSecretRef", "is required: the name of a Secret with the keys " + std::string(keys));
    return {};
  }
  // Asked for by name, so that the answer can say why there is no such field (S19).
  const Fields reference = system.map("credentialsSecretRef", {"name", "namespace"});
  if (reference.has("namespace")) {
    reference.error("namespace", "cannot be given: the Secret is read from the resource's own namespace");
  }
  if (!reference.isMap()) return {};
  auto name = reference.requiredText("name", "the name of a Secret with the keys " + std::string(keys));
  if (!name) return {};
  if (!isSubdomainName(*name)) reference.error("name", "must be lower-case letters, digits, hyphens and dots");
  return std::move(*name);
}

std::string parseOrganization(const Fields& zoho) {
  auto text = zoho.requiredText("organizationId",
                                "the number shown in Zoho's admin console under Organization, Profile, in quotes");
  if (!text) return {};
  if (text->size() > kLongestOrganizationId || text->find_first_not_of("0123456789") != std::string::npos) {
    zoho.error("organizationId", "must be digits alone, such as \"60012345\"");
  }
  return std::move(*text);
}

/// Where Zoho keeps the organisation, and so which hosts know its credentials.
std::optional<ZohoHosts> parseDataCenter(const Fields& zoho) {
  std::string words;
  std::vector<std::string_view> known;
  for (const auto& hosts : allZohoHosts()) {
    words += (words.empty() ? "" : " ") + std::string(hosts.dataCenter);
    known.push_back(hosts.dataCenter);
  }
  const auto word = zoho.requiredText("dataCenter", "one of " + words +
                                                        "; the ending of the host you read Zoho Mail at tells which: "
                                                        "mail.zoho.com is us, mail.zoho.eu is eu");
  if (!word) return std::nullopt;
  const auto hosts = zohoHosts(*word);
  if (!hosts) zoho.error("dataCenter", "must be one of " + words + didYouMean(*word, known));
  return hosts;
}

std::string parseOverride(const Fields& zoho, std::string_view name, std::string_view usual) {
  const auto text = zoho.text(name);
  if (!text) return std::string(usual);
  const auto url = parseServerUrl(*text);
  if (!url) {
    zoho.error(name, url.error().message);
    return {};
  }
  return url->text();
}

std::string parseServer(const Fields& directAdmin) {
  const auto text =
      directAdmin.requiredText("server", "the server's DirectAdmin URL, such as https://eagle.mxlogin.com:2222");
  if (!text) return {};
  const auto url = parseServerUrl(*text);
  if (!url) {
    directAdmin.error("server", url.error().message);
    return {};
  }
  return url->textWithPort(kDirectAdminPort);
}

std::string parseBundle(const Fields& directAdmin) {
  auto text = directAdmin.text("caBundle");
  if (!text || text->empty()) return {};
  if (text->find("-----BEGIN CERTIFICATE-----") == std::string::npos ||
      text->find("-----END CERTIFICATE-----") == std::string::npos) {
    directAdmin.error("caBundle", "must be PEM: the text from BEGIN CERTIFICATE to END CERTIFICATE, not encoded again");
  }
  if (text->size() > kLongestBundle) directAdmin.error("caBundle", "must have at most 1 MiB");
  return std::move(*text);
}

}  // namespace

ZohoSpec parseZoho(const Fields& spec) {
  if (!spec.has("zoho")) {
    spec.error("zoho", "is required: organizationId, dataCenter and credentialsSecretRef");
    return {};
  }
  const Fields fields =
      spec.map("zoho", {"organizationId", "dataCenter", "accountsURL", "mailURL", "credentialsSecretRef"});
  if (!fields.isMap()) return {};
  ZohoSpec zoho;
  zoho.organizationId = parseOrganization(fields);
  const auto hosts = parseDataCenter(fields).value_or(ZohoHosts{});
  zoho.dataCenter = hosts.dataCenter;
  zoho.accountsUrl = parseOverride(fields, "accountsURL", hosts.accountsUrl);
  zoho.mailUrl = parseOverride(fields, "mailURL", hosts.mailUrl);
  zoho.credentialsSecret = parseCredentials(fields, "clientId and clientSecret");
  return zoho;
}

DirectAdminSpec parseMailServer(const Fields& spec) {
  if (spec.has("mxroute")) {
    spec.error(
        "mxroute",
        "is not supported by this version yet: use directAdmin instead, with the server's DirectAdmin URL, such as "
        "https://eagle.mxlogin.com:2222, and a login key");
  }
  if (!spec.has("directAdmin")) {
    if (!spec.has("mxroute")) spec.error("directAdmin", "is required: server and credentialsSecretRef");
    return {};
  }
  const Fields fields = spec.map("directAdmin", {"server", "credentialsSecretRef", "caBundle", "localDelivery"});
  if (!fields.isMap()) return {};
  DirectAdminSpec directAdmin;
  directAdmin.server = parseServer(fields);
  directAdmin.credentialsSecret = parseCredentials(fields, "username and loginKey");
  directAdmin.caBundle = parseBundle(fields);
  directAdmin.localDelivery = fields.choice<LocalDelivery>("localDelivery").value_or(LocalDelivery::Check);
  return directAdmin;
}

}  // namespace splitdelivery::api
