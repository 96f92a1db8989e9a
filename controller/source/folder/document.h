#pragma once

#include <string>

#include "api/resource.h"
#include "api/value.h"

namespace splitdelivery::source::folder {

/// What a document of the folder is to us.
enum class Concern {
  Resource,  ///< a SplitDeliveryDomain, or plainly meant to be one
  Secret,    ///< a v1 Secret, or plainly meant to be one
  List,      ///< a v1 List, as `kubectl get -o yaml` prints: its items count
  Other,     ///< not ours
};

[[nodiscard]] Concern concernOf(const api::Value& document);

/// Namespace and name as far as they can be read; empty names otherwise.
[[nodiscard]] api::ObjectKey keyOf(const api::Value& document);

/// " (SplitDeliveryDomain default/example-com)", as far as it can be read.
[[nodiscard]] std::string titleOf(Concern concern, const api::ObjectKey& key);

}  // namespace splitdelivery::source::folder
