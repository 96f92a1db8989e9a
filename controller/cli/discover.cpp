#include "cli/discover.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "source/folder/new_documents.h"
#include "source/folder/yaml_writer.h"

namespace splitdelivery::cli {
namespace {

namespace folder = source::folder;
using Resource = api::SplitDeliveryDomain;

constexpr std::string_view kPolicyAdvice =
    "The policy is Observe, which changes nothing: look at what `splitdelivery plan` says of it, then make it Sync.";

/// The routing host that stands to `domain` as the other resource's stands to its own.
std::string routingHostFor(const std::string& domain, const api::Spec& like) {
  const std::string behind = "." + like.domain;
  if (!like.routingHost.ends_with(behind)) return "zoho." + domain;
  return like.routingHost.substr(0, like.routingHost.size() - behind.size()) + "." + domain;
}

Resource resourceFor(const std::string& domain, const Resource& like, std::set<std::string>& taken) {
  Resource resource;
  resource.key = {like.key.ns, folder::newName(domain, taken)};
  resource.spec.domain = domain;
  resource.spec.policy = api::Policy::Observe;
  resource.spec.routingHost = routingHostFor(domain, like.spec);
  resource.spec.zoho = like.spec.zoho;
  resource.spec.directAdmin = like.spec.directAdmin;
  resource.spec.interval = like.spec.interval;
  return resource;
}

}  // namespace

DiscoverResult describeUncovered(const reconcile::Uncovered& uncovered, const std::vector<Resource>& resources) {
  std::map<std::string, std::set<std::string>> taken;
  for (const auto& resource : resources) taken[resource.key.ns].insert(resource.key.name);
  DiscoverResult result{.yaml = {}, .report = {}, .complete = uncovered.unasked.empty()};
  std::string elsewhere;
  for (const auto& found : uncovered.domains) {
    const auto like = std::ranges::find(resources, found.like, &Resource::key);
    if (like == resources.end()) continue;
    if (!found.atZoho) {
      elsewhere += folder::yamlComment("- " + found.domain + " (as " + found.like.text() + ")");
      continue;
    }
    result.yaml += "---\n";
    result.yaml += folder::yamlComment(found.domain + ": hosted by the account of " + found.like.text() +
                                       ", and Zoho's organisation has it. " + std::string(kPolicyAdvice));
    result.yaml +=
        folder::writeYaml(folder::newResourceDocument(resourceFor(found.domain, *like, taken[like->key.ns])));
  }
  if (!elsewhere.empty()) {
    result.yaml += folder::yamlComment("Hosted, but in no organisation at Zoho that is in use here:") + elsewhere;
  }
  if (uncovered.domains.empty() && result.complete) {
    result.yaml = folder::yamlComment("Every hosted domain has its resource.");
  }
  for (const auto& account : uncovered.unasked) {
    result.report += account.of.text() + ": " + account.error.message + "\n";
  }
  if (!result.complete) result.report += "domains of these accounts may be missing\n";
  return result;
}

base::Task<DiscoverResult> discover(reconcile::Accounts& accounts, source::Snapshot snapshot, std::stop_token stop) {
  const auto resources = snapshot.resources;
  const auto uncovered = co_await reconcile::findUncovered(accounts, std::move(snapshot), std::move(stop));
  co_return describeUncovered(uncovered, resources);
}

}  // namespace splitdelivery::cli
