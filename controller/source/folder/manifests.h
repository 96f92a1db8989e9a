#pragma once

#include <filesystem>

#include "source/source.h"

namespace splitdelivery::source::folder {

/// The files of a folder that count as manifests, in the order of their names. Error: as below.
[[nodiscard]] base::Result<std::vector<std::filesystem::path>> manifestsIn(const std::filesystem::path& folder);

/// Reads PATH flat: every *.yaml and *.yml that is not hidden, documents of other kinds and `status`
/// ignored, in the order of the names. PATH may be one file. An invalid document never stops the
/// others. Two documents of one kind, namespace and name are an error for both. Two resources of one
/// domain are both given: which of them works is for S15 to say.
///
/// Error: Stall, "ManifestsUnreadable": PATH itself is not there or not readable.
[[nodiscard]] base::Result<Snapshot> readManifests(const std::filesystem::path& path);

}  // namespace splitdelivery::source::folder
