#pragma once

#include <filesystem>

#include "source/source.h"

namespace splitdelivery::source::folder {

/// Reads PATH flat: every *.yaml and *.yml that is not hidden, documents of other kinds and `status`
/// ignored, in the order of the names. PATH may be one file. An invalid document never stops the
/// others. Two documents of one kind, namespace and name are an error for both; two resources of one
/// domain too (S15: neither is worked on until one of them goes).
///
/// Error: Stall, "ManifestsUnreadable": PATH itself is not there or not readable.
[[nodiscard]] base::Result<Snapshot> readManifests(const std::filesystem::path& path);

}  // namespace splitdelivery::source::folder
