#pragma once

#include "api/resource.h"
#include "api/value.h"

namespace splitdelivery::source {

/// apiVersion, kind, metadata and status, as the resource in a cluster would show them. Times have
/// whole seconds, as metav1.Time has.
[[nodiscard]] api::Value statusDocument(const api::ObjectKey& key, const api::Status& status);

/// Reads `status` back. What is missing or of another shape has its default.
[[nodiscard]] api::Status statusFrom(const api::Value& document);

}  // namespace splitdelivery::source
