#pragma once

#include <string>
#include <string_view>

namespace splitdelivery::kube {

/// A kind of object as the API server's paths name it.
struct ResourceType {
  std::string_view group;  ///< "" for the core group
  std::string_view version;
  std::string_view plural;  ///< "splitdeliverydomains"

  /// All of one namespace, or of every namespace when `ns` is empty.
  [[nodiscard]] std::string collection(std::string_view ns) const {
    std::string path = group.empty() ? "/api/" : "/apis/" + std::string(group) + "/";
    path.append(version).append("/");
    if (!ns.empty()) path.append("namespaces/").append(ns).append("/");
    return path.append(plural);
  }
  /// Names need no percent-encoding: they are DNS labels and sub-domains.
  [[nodiscard]] std::string object(std::string_view ns, std::string_view name) const {
    return collection(ns).append("/").append(name);
  }
};

inline constexpr ResourceType kSecrets{"", "v1", "secrets"};
inline constexpr ResourceType kConfigMaps{"", "v1", "configmaps"};
inline constexpr ResourceType kEvents{"events.k8s.io", "v1", "events"};
inline constexpr ResourceType kLeases{"coordination.k8s.io", "v1", "leases"};

}  // namespace splitdelivery::kube
