#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace splitdelivery::source::folder {

/// Tells when manifests change, by inotify, on a thread of its own that sleeps until then.
///
/// Best effort: network file systems tell nothing, and a folder that is replaced is watched again only
/// after `renew`. Whoever uses it reads the folder now and then as well.
class FolderWatch {
 public:
  /// `changed` is called on the watch's thread, once for changes that come close together, and never
  /// after the watch has gone. `path`: as readManifests takes it.
  FolderWatch(std::filesystem::path path, std::function<void()> changed);
  ~FolderWatch();
  FolderWatch(const FolderWatch&) = delete;
  FolderWatch& operator=(const FolderWatch&) = delete;

  /// Watches what stands at the path now; does nothing when that is being watched already.
  void renew();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// What tells two states of a folder of manifests apart without reading them: names, sizes, times and
/// inodes. Blocks.
[[nodiscard]] std::string manifestsFingerprint(const std::filesystem::path& path);

}  // namespace splitdelivery::source::folder
