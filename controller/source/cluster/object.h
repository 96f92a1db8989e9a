#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "api/parse.h"
#include "api/resource.h"

namespace splitdelivery::source::cluster {

using Json = nlohmann::json;

/// What the API server says of an object besides what it is about.
struct Metadata {
  api::ObjectKey key{};
  std::string uid{};
  std::string version{};  ///< resourceVersion
  std::int64_t generation = 0;
  bool deleted = false;  ///< it has a deletionTimestamp
  std::vector<std::string> finalizers{};
};

/// Lenient: what is missing is empty. Never throws.
[[nodiscard]] Metadata metadataOf(const Json& object);

/// Whether version `a` is newer than `b`. Versions of one kind may be compared as numbers
/// (https://kep.k8s.io/5504); where one is no number, every other version counts as newer.
[[nodiscard]] bool isNewer(const std::string& a, const std::string& b);

/// A resource as it came. What others write into `metadata` (managed fields, kubectl's copy of the document,
/// annotations that are not ours) is left out before it is parsed, and so is the annotation
/// splitdelivery.dev/delete, which has a meaning in a folder alone.
///
/// Fields that this version does not know go into `passedOver`: the API server has held them against the CRD that is
/// installed, which is a newer one then. They may be defaults that nobody wrote.
[[nodiscard]] api::Parsed<api::SplitDeliveryDomain> domainFrom(const Json& object,
                                                               std::vector<api::FieldError>& passedOver);
/// A digest of which object it is and of all that domainFrom reads, but for when a pass was asked for. Never 0.
[[nodiscard]] std::size_t ordersOf(const Json& metadata, std::string_view spec);
/// The annotation splitdelivery.dev/reconcile-at.
[[nodiscard]] std::optional<std::string> reconcileAtOf(const Json& metadata);
[[nodiscard]] api::Parsed<api::SecretObject> secretFrom(const Json& object);
/// Lenient: a status that was damaged by hand has its defaults where it is damaged.
[[nodiscard]] api::Status statusOf(const Json& object);

}  // namespace splitdelivery::source::cluster
