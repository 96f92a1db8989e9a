#include "cli/from_env.h"

#include <algorithm>
#include <tuple>
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
  if (!booksAreRead_) co_await readBooks();
  for (const auto& domain : sides->domains) add(domain);
  if (byDomain_.empty()) {
    co_return base::fail(base::ErrorKind::Stall, "NoSharedDomain",
                         "none of the mail server's domains is in Zoho's organisation " +
                             from_.settings.zoho.organizationId +
                             ": add the domain on the side that lacks it, or correct ORGANIZATION_ID or USER_ID");
  }
  source::Snapshot snapshot{.resources = {}, .secrets = {}, .errors = {}};
  for (const auto& [domain, resource] : byDomain_) {
    snapshot.resources.push_back(resource);
    for (api::SecretObject secret : {from_.settings.zohoSecret, from_.settings.directAdminSecret}) {
      secret.key.ns = resource.key.ns;
      snapshot.secrets.emplace(secret.key, secret);
    }
  }
  std::ranges::sort(snapshot.resources, {}, &api::SplitDeliveryDomain::key);
  co_return snapshot;
}

Task<Done> EnvResources::readBooks() {
  books_ = co_await bookList_.list();
  booksAreRead_ = true;
  std::erase_if(books_, [](const auto& book) { return !book.identity; });
  for (const auto& book : books_) {
    if (book.key.ns == from_.settings.zohoSecret.key.ns) taken_.insert(book.key.name);
  }
  for (const auto& book : books_) {
    if (book.managed > 0 && *book.identity == identityOf(book.identity->domain)) add(book.identity->domain);
  }
  co_return Done{};
}

void EnvResources::add(const std::string& domain) {
  if (byDomain_.contains(domain)) return;
  const source::NamedBook* book = bookOf(domain);
  std::set<std::string> unused;  // a name that is the book's is taken already
  auto resource = scriptResource(domain, from_.settings, from_.policy, book != nullptr ? unused : taken_);
  resource.fromEnvironment = true;
  if (book != nullptr) resource.key = book->key;
  // As a list even if it is one: it may be another domain's.
  if (!from_.approvedPlans.empty()) {
    resource.annotations.emplace(api::annotation::kApprovedPlan, from_.approvedPlans + ",");
  }
  byDomain_.emplace(domain, std::move(resource));
}

api::Identity EnvResources::identityOf(const std::string& domain) const {
  api::SplitDeliveryDomain resource;
  resource.key.ns = from_.settings.zohoSecret.key.ns;
  resource.spec.domain = domain;
  resource.spec.zoho = from_.settings.zoho;
  resource.spec.directAdmin = from_.settings.directAdmin;
  return reconcile::Accounts::identity(resource, scriptSecrets(from_.settings)).value_or(api::Identity{});
}

/// Of several the one of these very accounts, and of those the one that owns most.
const source::NamedBook* EnvResources::bookOf(const std::string& domain) const {
  const api::Identity ours = identityOf(domain);
  const auto rank = [&ours](const source::NamedBook& book) {
    return std::tuple(*book.identity == ours, api::isSameAccount(*book.identity, ours), book.managed);
  };
  const source::NamedBook* best = nullptr;
  for (const auto& book : books_) {
    if (book.identity->domain == domain && (best == nullptr || rank(book) > rank(*best))) best = &book;
  }
  return best;
}

}  // namespace splitdelivery::cli
