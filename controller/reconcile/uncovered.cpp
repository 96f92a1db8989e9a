#include "reconcile/uncovered.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace splitdelivery::reconcile {
namespace {

using base::Task;
using Resource = api::SplitDeliveryDomain;

/// A mail server account and the resources that use it, of which there is one at least.
struct Use {
  MailAccount* account;
  std::vector<const Resource*> resources;
};

/// What one account hosts and nobody covers, and where Zoho stands on it.
class Search {
 public:
  Search(Accounts& accounts, source::Snapshot snapshot) : accounts_(accounts), snapshot_(std::move(snapshot)) {}

  Task<Uncovered> run(std::stop_token stop) {
    for (const auto& resource : snapshot_.resources) covered_.insert(resource.spec.domain);
    const std::vector<Use> uses = usesOf();
    for (const Use& use : uses) {
      const auto hosted = co_await use.account->store().domains(stop);
      if (!hosted) {
        note(*use.resources.front(), hosted.error());
        for (const Resource* resource : use.resources) result_.unlisted.insert(resource->key);
        continue;
      }
      for (const std::string& domain : *hosted) {
        if (!covered_.contains(domain)) co_await place(domain, use, stop);
      }
    }
    for (auto& [name, domain] : found_) result_.domains.push_back(std::move(domain));
    co_return std::move(result_);
  }

 private:
  /// In the order of the resources.
  std::vector<Use> usesOf() {
    std::vector<Use> uses;
    for (const auto& resource : snapshot_.resources) {
      const auto account = accounts_.mailAccount(resource, snapshot_.secrets);
      if (!account) {
        note(resource, account.error());
        result_.unlisted.insert(resource.key);
        continue;
      }
      const auto known = std::ranges::find(uses, *account, &Use::account);
      if (known != uses.end()) {
        known->resources.push_back(&resource);
      } else {
        uses.push_back({*account, {&resource}});
      }
    }
    return uses;
  }

  /// The first resource of the account whose organisation has the domain. Where one could not be asked
  /// and no other has it, nothing is said of the domain.
  Task<base::Done> place(std::string domain, Use use, std::stop_token stop) {
    bool allAsked = true;
    for (const Resource* resource : use.resources) {
      const auto organization = accounts_.organization(*resource, snapshot_.secrets);
      if (!organization) {
        allAsked = false;
        note(*resource, organization.error());
        continue;
      }
      const auto listing = co_await (*organization)->listing(stop);
      if (listing && (*listing)->domain(domain) != nullptr) {
        found_.insert_or_assign(domain, UncoveredDomain{domain, resource->key, true});
        co_return base::Done{};
      }
      const auto error = listing ? (*listing)->domainList.error : std::optional(listing.error());
      if (!error) continue;
      allAsked = false;
      note(*resource, *error);
    }
    if (allAsked) {
      found_.try_emplace(domain, UncoveredDomain{domain, use.resources.front()->key, false});
    } else {
      result_.undecided.insert(domain);
    }
    co_return base::Done{};
  }

  /// Each trouble once: an account has many resources, and an organisation many domains.
  void note(const Resource& of, const base::Error& error) {
    const bool known = std::ranges::any_of(result_.unasked, [&](const UnaskedAccount& account) {
      return account.error.reason == error.reason && account.error.message == error.message;
    });
    if (!known) result_.unasked.push_back({of.key, error});
  }

  Accounts& accounts_;
  const source::Snapshot snapshot_;
  std::set<std::string> covered_;
  std::map<std::string, UncoveredDomain> found_;
  Uncovered result_;
};

}  // namespace

Task<Uncovered> findUncovered(Accounts& accounts, source::Snapshot snapshot, std::stop_token stop) {
  Search search(accounts, std::move(snapshot));
  co_return co_await search.run(std::move(stop));
}

}  // namespace splitdelivery::reconcile
