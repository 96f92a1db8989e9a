#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "api/address_book.h"
#include "api/resource.h"
#include "base/task.h"
#include "cli/kubectl/session.h"

namespace splitdelivery::cli::kubectl {

/// A SplitDeliveryDomain as a person looks at it, also one whose spec cannot be used.
struct Resource {
  api::ObjectKey key;
  std::string version;  ///< resourceVersion
  std::int64_t generation = 0;
  bool deleted = false;
  std::map<std::string, std::string, std::less<>> annotations;  ///< ours alone
  std::optional<api::Spec> spec;                                ///< nothing: it cannot be used
  std::string domain;                                           ///< as far as it is known
  std::string policy;                                           ///< likewise
  bool suspended = false;
  api::Status status;

  [[nodiscard]] const api::Condition* condition(std::string_view type) const { return status.conditions.find(type); }
  /// Whether the status speaks of the resource as it is now.
  [[nodiscard]] bool observed() const {
    return status.observedGeneration >= generation && condition("Ready") != nullptr;
  }
  [[nodiscard]] std::string annotation(std::string_view name) const;
};

[[nodiscard]] Resource resourceFrom(const kube::Json& object);

/// All of one namespace, or of every one when `ns` is empty, sorted by key. Error: one sentence for the person, with
/// the fix: the CRD, the verb, the login, the way to the API server.
base::Task<base::Result<std::vector<Resource>>> listResources(const Session& session, std::string ns);

/// The one that the command line names. Error: as above; for one that is not there which there are, or where it is.
base::Task<base::Result<Resource>> getResource(const Session& session);

/// Sets what `change` names, as long as nobody has changed the resource since `resource` was read; whatever was, when
/// its version is empty. Error: as above; Refuse "Conflict" when somebody has.
base::Task<base::Result<Resource>> mergeInto(const Session& session, Resource resource, kube::Json change);

/// The resource's address book; nothing when there is none yet. Error: as above.
base::Task<base::Result<std::optional<api::AddressBook>>> bookOf(const Session& session, api::ObjectKey key);

/// An error of the API server in words for a person at a terminal. `verb` as RBAC names it; `ns` empty: all.
[[nodiscard]] base::Error explained(const Session& session, base::Error error, std::string_view verb,
                                    kube::ResourceType type, const std::string& ns);

}  // namespace splitdelivery::cli::kubectl
