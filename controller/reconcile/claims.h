#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "api/resource.h"
#include "base/result.h"
#include "base/task.h"
#include "source/source.h"

namespace splitdelivery::reconcile {

/// Who may work on a domain that several resources name (S15): the one whose ledger already owns
/// forwarders, then the older, then the smaller namespace/name.
///
/// A claim counts until its server denies the domain (or, never listed, it cannot begin); one that has not been
/// tried yet counts, so that two never write. Lives on the executor, over passes.
class Claims {
 public:
  /// All resources that there are: those that went lose their claims, new ones are untried.
  void update(const std::vector<const api::SplitDeliveryDomain*>& resources);

  /// The same, of one resource: it is there, with that domain and age; or it is gone.
  void put(const api::SplitDeliveryDomain& resource);
  void remove(const api::ObjectKey& key);

  /// Reads, for domains that several name, whose ledger owns something; to be awaited after `update`,
  /// before the passes.
  base::Task<base::Done> learnOwners(source::BookStore& books);

  /// Those that share their domain with another, in the order in which they should be tried.
  [[nodiscard]] std::vector<api::ObjectKey> contested() const;

  /// What keeps this resource from working: Stall "DomainClaimed", naming the other; Retry
  /// "DomainClaimed" while the other has not been tried.
  [[nodiscard]] std::optional<base::Error> obstacle(const api::ObjectKey& key) const;

  /// Another replica may have made or given up forwarders since: nobody's ledger is known any more.
  void forgetOwners();

  /// Whether its ledger has entries of that domain. A pass that began before its resource got another
  /// domain speaks of the old one, and is not heard.
  void setOwner(const api::ObjectKey& key, const std::string& domain, bool owns);
  /// A Secret, a server or a person keeps it from being tried. What was listed once goes on to count, and what owns
  /// forwarders was; else it keeps nobody from the domain.
  void cannotBegin(const api::ObjectKey& key, const std::string& domain);
  /// Its credentials have listed the domain on the server, or have not.
  void setListed(const api::ObjectKey& key, const std::string& domain, bool listed);

  /// Held while a pass writes: nobody else begins to write to that domain, whatever the documents say
  /// by then.
  class Writing {
   public:
    Writing(Claims& claims, std::string domain) : claims_(&claims), domain_(std::move(domain)) {}
    Writing(Writing&& other) noexcept
        : claims_(std::exchange(other.claims_, nullptr)), domain_(std::move(other.domain_)) {}
    Writing& operator=(Writing&&) = delete;
    Writing(const Writing&) = delete;
    Writing& operator=(const Writing&) = delete;
    ~Writing() {
      if (claims_ != nullptr) claims_->writing_.erase(domain_);
    }

   private:
    Claims* claims_;
    std::string domain_;
  };

  /// To be asked right before the first write. Error: as `obstacle`, or Retry "DomainClaimed" while
  /// another pass writes to that domain.
  [[nodiscard]] base::Result<Writing> beginWriting(const api::ObjectKey& key, const std::string& domain);

 private:
  enum class Proof { Untried, Listed, NotListed };
  struct Claim {
    std::string domain;
    std::optional<base::WallTime> createdAt;
    std::optional<bool> owns{};  ///< none: not read yet
    Proof proof = Proof::Untried;
  };
  using Named = std::pair<const api::ObjectKey, Claim>;

  void leaveDomain(const Named& claim);
  [[nodiscard]] static bool before(const Named& a, const Named& b);

  std::map<api::ObjectKey, Claim> claims_;
  std::set<std::string> writing_;                                ///< domains
  std::map<std::string, std::vector<api::ObjectKey>> byDomain_;  ///< never empty ones
  std::set<std::string> contested_;                              ///< domains that several name: few of thousands
};

}  // namespace splitdelivery::reconcile
