#include "cli/from_env.h"

#include <algorithm>
#include <utility>

#include "cli/script_resources.h"

namespace splitdelivery::cli {

using base::Done;
using base::Result;
using base::Task;

Task<Result<source::Snapshot>> EnvResources::look(std::stop_token stop) {
  const auto script = scriptAccounts(accounts_, from_.settings);
  if (!script) co_return base::fail(script.error());
  auto sides = co_await askBothSides(*script, std::move(stop));
  if (!sides) co_return base::fail(sides.error());
  co_await add(std::move(sides->domains));
  if (byDomain_.empty()) {
    co_return base::fail(base::ErrorKind::Stall, "NoSharedDomain",
                         "none of the mail server's domains is in Zoho's organisation " +
                             from_.settings.zoho.organizationId +
                             ": add the domain on the side that lacks it, or correct ORGANIZATION_ID or USER_ID");
  }
  source::Snapshot snapshot{.resources = {}, .secrets = scriptSecrets(from_.settings), .errors = {}};
  for (const auto& [domain, resource] : byDomain_) snapshot.resources.push_back(resource);
  std::ranges::sort(snapshot.resources, {}, &api::SplitDeliveryDomain::key);
  co_return snapshot;
}

Task<Done> EnvResources::add(std::vector<std::string> domains) {
  std::erase_if(domains, [this](const std::string& domain) { return byDomain_.contains(domain); });
  if (domains.empty()) co_return Done{};
  const std::string prefix = from_.settings.zohoSecret.key.ns + "/";
  std::map<std::string, std::string> bookOf;  // name → the domain that its book is about
  for (auto& book : co_await books_.orphans({})) {
    if (book.name.starts_with(prefix)) bookOf.emplace(book.name.substr(prefix.size()), std::move(book.domain));
  }
  for (const auto& domain : domains) {
    auto taken = taken_;
    for (const auto& [name, about] : bookOf) {
      if (about != domain) taken.insert(name);
    }
    auto resource = scriptResource(domain, from_.settings, from_.policy, taken);
    if (!from_.approvedPlan.empty()) {
      resource.annotations.emplace(api::annotation::kApprovedPlan, from_.approvedPlan);
    }
    taken_.insert(resource.key.name);
    byDomain_.emplace(domain, std::move(resource));
  }
  co_return Done{};
}

}  // namespace splitdelivery::cli
