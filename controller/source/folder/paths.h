#pragma once

#include <filesystem>

#include "api/resource.h"

namespace splitdelivery::source::folder {

/// Where the state folder keeps what.
class StatePaths {
 public:
  explicit StatePaths(std::filesystem::path folder) : folder_(std::move(folder)) {}

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  [[nodiscard]] std::filesystem::path books() const { return folder_ / "books"; }
  [[nodiscard]] std::filesystem::path statuses() const { return folder_ / "status"; }
  [[nodiscard]] std::filesystem::path lock() const { return folder_ / "lock"; }
  [[nodiscard]] std::filesystem::path accounts() const { return folder_ / "accounts.json"; }
  [[nodiscard]] std::filesystem::path book(const api::ObjectKey& key) const;
  [[nodiscard]] std::filesystem::path status(const api::ObjectKey& key) const;
  /// The same status for ourselves, hidden from whoever looks into the folder.
  [[nodiscard]] std::filesystem::path statusMemory(const api::ObjectKey& key) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace splitdelivery::source::folder
