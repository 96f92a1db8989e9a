#pragma once

#include "kube/resource_type.h"

/// Our own kinds, as crds/ has them.
namespace splitdelivery::source::cluster {

inline constexpr kube::ResourceType kDomains{"splitdelivery.dev", "v1alpha1", "splitdeliverydomains"};
inline constexpr kube::ResourceType kBooks{"splitdelivery.dev", "v1alpha1", "addressbooks"};

/// On every resource and every address book that something outside may depend on (S14).
inline constexpr const char* kFinalizer = "splitdelivery.dev/forwarders";

}  // namespace splitdelivery::source::cluster
