#include "cli/import_env.h"

#include <set>
#include <utility>

#include "cli/import_env_report.h"
#include "source/folder/new_documents.h"
#include "source/folder/yaml_writer.h"

namespace splitdelivery::cli {
namespace {

namespace folder = source::folder;
using base::Result;
using base::Task;

constexpr std::string_view kHead =
    "Made by `splitdelivery import-env`. It holds credentials: keep it to yourself (chmod 600).";
constexpr std::string_view kStopTheScript =
    "Stop the script for good before the policy becomes Sync: it deletes each forwarder to an @zoho. address that it "
    "does not know of, also those that are made from now on.";
constexpr std::string_view kWhyObserve =
    "The policy is Observe, so nothing is changed: with adopt, forwarders that are right already become the "
    "operator's own and may be deleted one day, as the script would have done, and that should be looked at first. Run "
    "`splitdelivery plan`; when it shows what you want, make it CreateOnly or Sync.";

api::SplitDeliveryDomain resourceFor(const std::string& domain, const ScriptSettings& settings,
                                     std::set<std::string>& taken) {
  api::SplitDeliveryDomain resource;
  resource.key = {settings.zohoSecret.key.ns, folder::newName(domain, taken)};
  resource.annotations.emplace(api::annotation::kAdopt, "true");
  resource.spec.domain = domain;
  resource.spec.policy = api::Policy::Observe;
  resource.spec.routingHost = "zoho." + domain;
  resource.spec.zoho = settings.zoho;
  resource.spec.directAdmin = settings.directAdmin;
  resource.spec.interval = settings.interval;
  return resource;
}

std::string document(const api::Value& value) {
  return "---\n" + folder::writeYaml(value);
}

std::string yamlOf(const ScriptSettings& settings, const ImportFindings& findings) {
  std::string yaml = folder::yamlComment(kHead);
  yaml += document(folder::newSecretDocument(settings.zohoSecret));
  yaml += document(folder::newSecretDocument(settings.directAdminSecret));
  if (!findings.domains.empty()) {
    yaml += folder::yamlComment("") + folder::yamlComment(kStopTheScript) + folder::yamlComment(kWhyObserve);
  }
  std::set<std::string> taken;
  for (const auto& domain : findings.domains) {
    const auto* atZoho = findings.listing->domain(domain.name);
    yaml += "---\n";
    if (atZoho != nullptr && atZoho->alias == true) {
      yaml += folder::yamlComment(domain.name + " is an alias domain at Zoho" +
                                  (atZoho->aliasOf.empty() ? "" : " of " + atZoho->aliasOf) +
                                  ", which lists no addresses of its own for it.");
    }
    yaml += folder::writeYaml(folder::newResourceDocument(resourceFor(domain.name, settings, taken)));
  }
  return yaml;
}

Task<ImportedDomain> gatherDomain(mailserver::ForwarderStore& store, std::string name, std::stop_token stop) {
  ImportedDomain domain{.name = name};
  auto forwarders = co_await store.list(name, stop);
  if (forwarders) domain.forwarders = std::move(*forwarders);
  if (!forwarders) domain.error = std::move(forwarders).error();
  auto mailboxes = co_await store.mailboxes(std::move(name), std::move(stop));
  if (mailboxes) domain.mailboxes = std::move(*mailboxes);
  if (!mailboxes && !domain.error) domain.error = std::move(mailboxes).error();
  co_return domain;
}

}  // namespace

ImportResult describeImport(const ScriptSettings& settings, const ImportFindings& findings) {
  return {.yaml = yamlOf(settings, findings), .report = importReport(settings, findings)};
}

Task<Result<ImportFindings>> gatherImport(reconcile::Accounts& accounts, ScriptSettings settings,
                                          std::stop_token stop) {
  api::SplitDeliveryDomain asking;
  asking.key.ns = settings.zohoSecret.key.ns;
  asking.spec.zoho = settings.zoho;
  asking.spec.directAdmin = settings.directAdmin;
  const reconcile::Accounts::Secrets secrets{{settings.zohoSecret.key, settings.zohoSecret},
                                             {settings.directAdminSecret.key, settings.directAdminSecret}};
  const auto organization = accounts.organization(asking, secrets);
  if (!organization) co_return base::fail(organization.error());
  const auto account = accounts.mailAccount(asking, secrets);
  if (!account) co_return base::fail(account.error());

  const auto listing = co_await (*organization)->listing(stop);
  if (!listing) co_return base::fail(listing.error());
  if ((*listing)->domainList.error) co_return base::fail(*(*listing)->domainList.error);
  ImportFindings findings{.listing = *listing};
  if (auto seen = co_await (*organization)->firstRows(stop)) findings.seenByScript = std::move(*seen);

  auto& store = (*account)->store();
  auto hosted = co_await store.domains(stop);
  if (!hosted) co_return base::fail(hosted.error());
  findings.hosted = std::move(*hosted);
  for (const auto& name : findings.hosted) {
    if (findings.listing->domain(name) == nullptr) continue;
    findings.domains.push_back(co_await gatherDomain(store, name, stop));
  }
  co_return findings;
}

Task<Result<ImportResult>> importEnv(reconcile::Accounts& accounts, ScriptSettings settings, std::stop_token stop) {
  const auto findings = co_await gatherImport(accounts, settings, std::move(stop));
  if (!findings) co_return base::fail(findings.error());
  co_return describeImport(settings, *findings);
}

}  // namespace splitdelivery::cli
