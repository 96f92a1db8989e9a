#pragma once

#include "api/resource.h"
#include "api/value.h"

namespace splitdelivery::source {

/// apiVersion, kind, metadata and status, as the resource in a cluster would show them. Times have
/// whole seconds, as metav1.Time has.
[[nodiscard]] api::Value statusDocument(const api::ObjectKey& key, const api::Status& status);

/// `status` alone; where `before` is given, of its members those alone that differ from that.
[[nodiscard]] api::Value statusValue(const api::Status& status, const api::Status* before);

/// Reads `status` back. What is missing or of another shape has its default.
[[nodiscard]] api::Status statusFrom(const api::Value& document);

}  // namespace splitdelivery::source
