#pragma once

#include <string>
#include <vector>

#include "api/resource.h"
#include "source/cluster/object.h"

/// What is written to a resource: patches that touch nothing of anybody else's.
namespace splitdelivery::source::cluster {

/// What of the status is another than before; all of it where `before` is nullptr. Fields that it lacks stand as null:
/// a merge patch leaves alone what it does not name.
[[nodiscard]] Json statusPatch(const api::Status& status, const api::Status* before);

/// Whether our finalizer is on it.
[[nodiscard]] bool isHeld(const Metadata& about);
/// The finalizers with ours, or without.
[[nodiscard]] std::vector<std::string> finalizersOf(const Metadata& about, bool held);
/// With a test of what stands there now, so that a finalizer which somebody else has just put there is not lost.
[[nodiscard]] Json finalizersPatch(const Metadata& about, const std::vector<std::string>& next);

}  // namespace splitdelivery::source::cluster
