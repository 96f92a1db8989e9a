#include "cli/import_env.h"

#include <set>
#include <utility>

#include "cli/import_env_report.h"
#include "cli/script_resources.h"
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
    yaml += folder::writeYaml(
        folder::newResourceDocument(scriptResource(domain.name, settings, api::Policy::Observe, taken)));
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
  const auto script = scriptAccounts(accounts, settings);
  if (!script) co_return base::fail(script.error());
  auto sides = co_await askBothSides(*script, stop);
  if (!sides) co_return base::fail(sides.error());
  ImportFindings findings{.listing = std::move(sides->listing), .hosted = std::move(sides->hosted)};
  if (auto seen = co_await script->organization->firstRows(stop)) findings.seenByScript = std::move(*seen);
  for (auto& name : sides->domains) {
    findings.domains.push_back(co_await gatherDomain(script->mail->store(), std::move(name), stop));
  }
  co_return findings;
}

Task<Result<ImportResult>> importEnv(reconcile::Accounts& accounts, ScriptSettings settings, std::stop_token stop) {
  const auto findings = co_await gatherImport(accounts, settings, std::move(stop));
  if (!findings) co_return base::fail(findings.error());
  co_return describeImport(settings, *findings);
}

}  // namespace splitdelivery::cli
