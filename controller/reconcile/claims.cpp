#include "reconcile/claims.h"

#include <algorithm>
#include <tuple>

#include "base/log.h"

namespace splitdelivery::reconcile {

using base::ErrorKind;

void Claims::update(const std::vector<const api::SplitDeliveryDomain*>& resources) {
  std::set<api::ObjectKey> gone;
  for (const auto& [key, claim] : claims_) gone.insert(key);
  for (const auto* resource : resources) gone.erase(resource->key);
  for (const auto& key : gone) remove(key);
  for (const auto* resource : resources) put(*resource);
}

void Claims::put(const api::SplitDeliveryDomain& resource) {
  const std::string& domain = resource.spec.domain;
  const auto known = claims_.find(resource.key);
  if (known != claims_.end() && known->second.domain == domain) {
    known->second.createdAt = resource.createdAt;
    return;
  }
  if (known != claims_.end()) leaveDomain(*known);
  claims_.insert_or_assign(resource.key, Claim{.domain = domain, .createdAt = resource.createdAt});
  auto& rivals = byDomain_[domain];
  rivals.push_back(resource.key);
  if (rivals.size() > 1) contested_.insert(domain);
}

void Claims::remove(const api::ObjectKey& key) {
  const auto known = claims_.find(key);
  if (known == claims_.end()) return;
  leaveDomain(*known);
  claims_.erase(known);
}

void Claims::leaveDomain(const Named& claim) {
  const auto sharing = byDomain_.find(claim.second.domain);
  std::erase(sharing->second, claim.first);
  if (sharing->second.size() < 2) contested_.erase(claim.second.domain);
  if (sharing->second.empty()) byDomain_.erase(sharing);
}

base::Task<base::Done> Claims::learnOwners(source::BookStore& books) {
  for (const api::ObjectKey& key : contested()) {
    const auto claim = claims_.find(key);
    if (claim == claims_.end() || claim->second.owns) continue;
    const auto stored = co_await books.load(key);
    // What cannot be read may own: a pass of its own will tell, until then nobody works.
    if (!stored) continue;
    if (!stored->setAside.empty()) {
      base::log(base::LogLevel::Warn, "the address book was damaged and is set aside: its forwarders count as found",
                {{"resource", key.text()}, {"book", stored->setAside}});
    }
    const api::Ledger& ledger = stored->book.ledger;
    setOwner(key, claim->second.domain,
             !ledger.entries.empty() && ledger.identity && ledger.identity->domain == claim->second.domain);
  }
  co_return base::Done{};
}

std::vector<api::ObjectKey> Claims::contested() const {
  std::vector<api::ObjectKey> keys;
  for (const std::string& domain : contested_) {
    std::vector<api::ObjectKey> ordered = byDomain_.at(domain);
    std::ranges::sort(ordered,
                      [&](const auto& a, const auto& b) { return before(*claims_.find(a), *claims_.find(b)); });
    keys.insert(keys.end(), ordered.begin(), ordered.end());
  }
  return keys;
}

bool Claims::before(const Named& a, const Named& b) {
  const auto rank = [](const Named& named) {
    const Claim& claim = named.second;
    // Without a time of creation (files rarely have one) a resource is younger than any that has one.
    return std::tuple(!claim.owns.value_or(false), !claim.createdAt, claim.createdAt.value_or(base::WallTime{}),
                      named.first);
  };
  return rank(a) < rank(b);
}

std::optional<base::Error> Claims::obstacle(const api::ObjectKey& key) const {
  const auto own = claims_.find(key);
  if (own == claims_.end()) return std::nullopt;
  const auto rivals = byDomain_.find(own->second.domain);
  for (const api::ObjectKey& rival : rivals->second) {
    const auto other = claims_.find(rival);
    const bool known = other->second.owns.has_value() && own->second.owns.has_value();
    if (rival == key || other->second.proof == Proof::NotListed || (known && !before(*other, *own))) continue;
    if (!known || other->second.proof == Proof::Untried) {
      return base::Error{
          ErrorKind::Retry, "DomainClaimed",
          own->second.domain + " is claimed by " + rival.text() +
              " too, which comes first and could not be tried yet: its status says why; nothing is done until then"};
    }
    return base::Error{ErrorKind::Stall, "DomainClaimed",
                       own->second.domain + " is kept by " + rival.text() +
                           ": remove one of the two resources, or correct its spec.domain"};
  }
  return std::nullopt;
}

void Claims::forgetOwners() {
  for (auto& [key, claim] : claims_) claim.owns.reset();
}

void Claims::setOwner(const api::ObjectKey& key, const std::string& domain, bool owns) {
  const auto own = claims_.find(key);
  if (own != claims_.end() && own->second.domain == domain) own->second.owns = owns;
}

void Claims::setListed(const api::ObjectKey& key, const std::string& domain, bool listed) {
  const auto own = claims_.find(key);
  if (own == claims_.end() || own->second.domain != domain) return;
  own->second.proof = listed ? Proof::Listed : Proof::NotListed;
}

void Claims::cannotBegin(const api::ObjectKey& key, const std::string& domain) {
  const auto own = claims_.find(key);
  if (own == claims_.end() || own->second.domain != domain) return;
  Claim& claim = own->second;
  if (claim.proof == Proof::Untried && claim.owns) claim.proof = *claim.owns ? Proof::Listed : Proof::NotListed;
}

base::Result<Claims::Writing> Claims::beginWriting(const api::ObjectKey& key, const std::string& domain) {
  if (auto claimed = obstacle(key)) return base::fail(*std::move(claimed));
  if (!writing_.insert(domain).second) {
    return base::fail(ErrorKind::Retry, "DomainClaimed",
                      "another resource's pass is writing to " + domain + " just now: this one waits");
  }
  setOwner(key, domain, true);
  return Writing(*this, domain);
}

}  // namespace splitdelivery::reconcile
