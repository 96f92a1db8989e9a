#pragma once

#include <sys/stat.h>

#include "source/folder/atomic_file.h"

namespace splitdelivery::source::folder {

inline constexpr mode_t kPrivateFile = S_IRUSR | S_IWUSR;
inline constexpr mode_t kReadableFile = kPrivateFile | S_IRGRP | S_IROTH;

/// Replaces a file of the state folder. Error: Retry, "StateNotWritable".
[[nodiscard]] inline base::Result<base::Done> saveFile(const std::filesystem::path& file, std::string_view content,
                                                       mode_t mode) {
  const auto written = replaceFile(file, content, mode);
  if (written) return base::Done{};
  return base::fail(base::ErrorKind::Retry, "StateNotWritable", written.error().message);
}

/// What a state folder that is open for reading alone answers.
[[nodiscard]] inline base::Result<base::Done> refuseToSave(const std::filesystem::path& file) {
  return base::fail(base::ErrorKind::Retry, "StateNotWritable",
                    "cannot write " + file.string() + ": this command opened the state folder for reading alone");
}

}  // namespace splitdelivery::source::folder
