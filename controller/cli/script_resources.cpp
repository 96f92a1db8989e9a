#include "cli/script_resources.h"

#include <utility>

#include "source/folder/new_documents.h"

namespace splitdelivery::cli {

using base::Result;
using base::Task;

Result<ScriptAccounts> scriptAccounts(reconcile::Accounts& accounts, const ScriptSettings& settings) {
  api::SplitDeliveryDomain asking;
  asking.key.ns = settings.zohoSecret.key.ns;
  asking.spec.zoho = settings.zoho;
  asking.spec.directAdmin = settings.directAdmin;
  const auto secrets = scriptSecrets(settings);
  const auto organization = accounts.organization(asking, secrets);
  if (!organization) return base::fail(organization.error());
  const auto mail = accounts.mailAccount(asking, secrets);
  if (!mail) return base::fail(mail.error());
  return ScriptAccounts{*organization, *mail};
}

Task<Result<BothSides>> askBothSides(ScriptAccounts of, std::stop_token stop) {
  const auto listing = co_await of.organization->listing(stop);
  if (!listing) co_return base::fail(listing.error());
  if ((*listing)->domainList.error) co_return base::fail(*(*listing)->domainList.error);
  auto hosted = co_await of.mail->store().domains(std::move(stop));
  if (!hosted) co_return base::fail(hosted.error());
  BothSides sides{.listing = *listing, .hosted = std::move(*hosted)};
  for (const auto& name : sides.hosted) {
    if (sides.listing->domain(name) != nullptr) sides.domains.push_back(name);
  }
  co_return sides;
}

reconcile::Accounts::Secrets scriptSecrets(const ScriptSettings& settings) {
  return {{settings.zohoSecret.key, settings.zohoSecret}, {settings.directAdminSecret.key, settings.directAdminSecret}};
}

api::SplitDeliveryDomain scriptResource(const std::string& domain, const ScriptSettings& settings, api::Policy policy,
                                        std::set<std::string>& taken) {
  api::SplitDeliveryDomain resource;
  resource.key = {settings.zohoSecret.key.ns, source::folder::newName(domain, taken)};
  resource.annotations.emplace(api::annotation::kAdopt, "true");
  resource.spec.domain = domain;
  resource.spec.policy = policy;
  resource.spec.routingHost = "zoho." + domain;
  resource.spec.zoho = settings.zoho;
  resource.spec.directAdmin = settings.directAdmin;
  resource.spec.interval = settings.interval;
  return resource;
}

}  // namespace splitdelivery::cli
