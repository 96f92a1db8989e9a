#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "api/resource.h"
#include "base/result.h"
#include "base/task.h"
#include "source/source.h"

namespace splitdelivery::reconcile {

/// Who may work on a domain that several resources name (S15): the one whose ledger already owns
/// forwarders, then the older, then the smaller namespace/name.
///
/// A claim counts only while its credentials list the domain on the mail server; one that has not been
/// tried yet counts, so that two never write. Lives on the executor, over passes.
class Claims {
 public:
  /// All resources that there are: those that went lose their claims, new ones are untried.
  void update(const std::vector<const api::SplitDeliveryDomain*>& resources);

  /// Reads, for domains that several name, whose ledger owns something; to be awaited after `update`,
  /// before the passes.
  base::Task<base::Done> learnOwners(source::BookStore& books);

  /// Those that share their domain with another, in the order in which they should be tried.
  [[nodiscard]] std::vector<api::ObjectKey> contested() const;

  /// What keeps this resource from working: Stall "DomainClaimed", naming the other; Retry
  /// "DomainClaimed" while the other has not been tried.
  [[nodiscard]] std::optional<base::Error> obstacle(const api::ObjectKey& key) const;

  /// Whether its ledger has entries.
  void setOwner(const api::ObjectKey& key, bool owns);
  /// Its credentials have listed the domain on the server, or have not.
  void setListed(const api::ObjectKey& key, bool listed);

 private:
  enum class Proof { Untried, Listed, NotListed };
  struct Claim {
    std::string domain;
    std::optional<base::WallTime> createdAt;
    std::optional<bool> owns{};  ///< none: not read yet
    Proof proof = Proof::Untried;
  };
  using Named = std::pair<const api::ObjectKey, Claim>;

  [[nodiscard]] static bool before(const Named& a, const Named& b);

  std::map<api::ObjectKey, Claim> claims_;
  std::map<std::string, std::vector<api::ObjectKey>> contested_;  ///< by domain, where there are several
};

}  // namespace splitdelivery::reconcile
