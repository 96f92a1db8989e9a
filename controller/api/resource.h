#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "api/address.h"
#include "api/condition.h"
#include "api/server_pattern.h"
#include "base/secret.h"

/// SplitDeliveryDomain, splitdelivery.dev/v1alpha1: the types. Parsing and validation: parse.h.
namespace splitdelivery::api {

inline constexpr std::string_view kApiVersion = "splitdelivery.dev/v1alpha1";
inline constexpr std::string_view kKind = "SplitDeliveryDomain";

namespace annotation {
inline constexpr std::string_view kPrefix = "splitdelivery.dev/";
inline constexpr std::string_view kAdopt = "splitdelivery.dev/adopt";                 ///< "true": see S2
inline constexpr std::string_view kApprovedPlan = "splitdelivery.dev/approved-plan";  ///< a plan id: see S5
inline constexpr std::string_view kReconcileAt = "splitdelivery.dev/reconcile-at";
inline constexpr std::string_view kDelete = "splitdelivery.dev/delete";    ///< folder only, see S14
inline constexpr std::string_view kServers = "splitdelivery.dev/servers";  ///< on a Secret, see S19
}  // namespace annotation

enum class Policy { Observe, CreateOnly, UpsertOnly, Sync };
enum class Delivery { Split, Dual };
enum class LocalDelivery { Ignore, Check, Ensure };
enum class BlockedUsers { Drop, Keep };
enum class Approval { Automatic, Manual };
enum class DeletionPolicy { Retain, Delete };

/// How many updates and deletes may happen in 24 hours (S5).
struct MaxDeletions {
  std::uint32_t amount = 30;
  bool percent = true;

  friend bool operator==(const MaxDeletions&, const MaxDeletions&) = default;
};

struct ZohoSpec {
  std::string organizationId;
  std::string dataCenter;
  std::string accountsUrl;  ///< never empty: the override, or the data centre's host
  std::string mailUrl;      ///< likewise
  std::string credentialsSecret;

  friend bool operator==(const ZohoSpec&, const ZohoSpec&) = default;
};

struct DirectAdminSpec {
  std::string server;  ///< scheme://host:port, lower case, no path
  std::string credentialsSecret;
  std::string caBundle{};  ///< PEM, or empty
  LocalDelivery localDelivery = LocalDelivery::Check;

  friend bool operator==(const DirectAdminSpec&, const DirectAdminSpec&) = default;
};

/// Local parts, canonical and sorted.
struct AddressesSpec {
  std::vector<std::string> only{};
  bool aliases = true;
  bool groups = true;
  BlockedUsers blocked = BlockedUsers::Drop;
  std::vector<std::string> extra{};
  std::vector<std::string> exclude{};
  bool mirrorMainDomain = false;  ///< the domain is an alias at Zoho: its main domain's local parts are wanted

  friend bool operator==(const AddressesSpec&, const AddressesSpec&) = default;
};

struct DnsSpec {
  bool check = true;
  bool holdWithoutRoutingMx = true;
  std::vector<std::string> routingMx{};

  friend bool operator==(const DnsSpec&, const DnsSpec&) = default;
};

struct Spec {
  std::string domain;  ///< canonical
  Policy policy = Policy::Observe;
  std::string routingHost;  ///< canonical, never empty
  Delivery delivery = Delivery::Split;
  ZohoSpec zoho;
  DirectAdminSpec directAdmin;
  AddressesSpec addresses;
  MaxDeletions maxDeletions;
  Approval approval = Approval::Automatic;
  DeletionPolicy deletionPolicy = DeletionPolicy::Retain;
  DnsSpec dns;
  std::chrono::seconds interval{300};
  bool suspend = false;

  friend bool operator==(const Spec&, const Spec&) = default;
};

/// Names one object of a namespace.
struct ObjectKey {
  std::string ns;
  std::string name;

  [[nodiscard]] std::string text() const { return ns + "/" + name; }
  friend auto operator<=>(const ObjectKey&, const ObjectKey&) = default;
};

struct SplitDeliveryDomain {
  ObjectKey key;
  std::int64_t generation = 0;
  std::map<std::string, std::string, std::less<>> annotations;
  std::optional<base::WallTime> createdAt{};  ///< metadata.creationTimestamp, where there is one
  Spec spec{};
  std::optional<base::WallTime> deletedAt{};  ///< metadata.deletionTimestamp: a person has deleted it in a cluster
  bool fromEnvironment = false;               ///< no document is about it: variables are (run --from-env)

  [[nodiscard]] bool annotated(std::string_view name, std::string_view value) const {
    const auto found = annotations.find(name);
    return found != annotations.end() && found->second == value;
  }

  friend bool operator==(const SplitDeliveryDomain&, const SplitDeliveryDomain&) = default;
};

/// A Secret's decoded keys.
struct SecretObject {
  ObjectKey key;
  std::map<std::string, base::Secret, std::less<>> values;
  std::vector<ServerPattern> servers{};  ///< the only ones it may go to (S19); empty: no such rule

  friend bool operator==(const SecretObject&, const SecretObject&) = default;
};

struct ZohoCounts {
  std::uint32_t users = 0;
  std::uint32_t aliases = 0;
  std::uint32_t groups = 0;
  std::uint32_t skipped = 0;
  std::vector<std::string> incomplete{};  ///< of "accounts", "groups", "domains"

  friend bool operator==(const ZohoCounts&, const ZohoCounts&) = default;
};

struct ForwarderCounts {
  std::uint32_t desired = 0;
  std::uint32_t inSync = 0;
  std::uint32_t managed = 0;
  std::uint32_t found = 0;
  std::uint32_t unmanaged = 0;
  std::uint32_t conflicts = 0;

  friend bool operator==(const ForwarderCounts&, const ForwarderCounts&) = default;
};

struct ChangeCounts {
  std::uint32_t created = 0;
  std::uint32_t updated = 0;
  std::uint32_t deleted = 0;
  std::uint32_t failed = 0;

  [[nodiscard]] bool any() const { return (created | updated | deleted | failed) != 0; }
  friend bool operator==(const ChangeCounts&, const ChangeCounts&) = default;
};

struct PlanSummary {
  std::string id{};  ///< empty when nothing is held
  std::uint32_t creates = 0;
  std::uint32_t updates = 0;
  std::uint32_t deletes = 0;
  bool held = false;
  std::uint32_t heldCount = 0;        ///< how many of these wait for approval
  std::vector<std::string> sample{};  ///< at most 20 lines: first what is held, last what stays undone

  friend bool operator==(const PlanSummary&, const PlanSummary&) = default;
};

struct StatusConflict {
  std::string address;
  std::string reason;
  std::string message;

  friend bool operator==(const StatusConflict&, const StatusConflict&) = default;
};

struct Status {
  std::int64_t observedGeneration = 0;
  std::string lastHandledReconcileAt{};
  std::string firstReceiver = "Unknown";
  ZohoCounts zoho{};
  ForwarderCounts forwarders{};
  ChangeCounts changes{};  ///< of the last pass that changed something
  PlanSummary plan{};
  std::vector<StatusConflict> conflicts{};  ///< at most 20
  std::optional<base::WallTime> lastSyncTime{};
  std::optional<base::WallTime> lastChangeTime{};
  Conditions conditions{};

  friend bool operator==(const Status&, const Status&) = default;
};

}  // namespace splitdelivery::api
