#include "source/folder/manifests.h"

#include <algorithm>
#include <system_error>

#include "source/folder/atomic_file.h"
#include "source/folder/collection.h"

namespace splitdelivery::source::folder {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestFile = std::size_t{16} << 20U;

/// Editors' left-overs (.#mail.yaml, mail.yaml~, #mail.yaml#) fail one of the two.
bool isManifest(const fs::path& file) {
  const std::string name = file.filename().string();
  const std::string ending = file.extension().string();
  return !name.starts_with('.') && !name.starts_with('#') && (ending == ".yaml" || ending == ".yml");
}

tl::unexpected<base::Error> unreadable(const fs::path& path, const std::error_code& code) {
  return base::fail(base::ErrorKind::Stall, "ManifestsUnreadable",
                    "cannot read " + path.string() + ": " + code.message() + ": check --manifests");
}

void readInto(Collection& collection, const fs::path& file) {
  const std::string name = file.filename().string();
  const auto text = readFile(file, kLargestFile);
  if (!text) {
    collection.addError(name, text.error().code == EFBIG ? "has more than 16 MiB: split it" : text.error().message);
  } else if (!*text) {
    collection.addError(name, "is gone, or a link that leads nowhere");
  } else {
    collection.addFile(name, **text);
  }
}

}  // namespace

base::Result<std::vector<fs::path>> manifestsIn(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code code;
  for (fs::directory_iterator entry(folder, code), end; !code && entry != end; entry.increment(code)) {
    std::error_code ignored;
    // Through links: Kubernetes mounts every file as one.
    if (isManifest(entry->path()) && !fs::is_directory(entry->path(), ignored)) files.push_back(entry->path());
  }
  if (code) return unreadable(folder, code);
  std::ranges::sort(files);
  return files;
}

base::Result<Snapshot> readManifests(const fs::path& path) {
  std::error_code code;
  const auto about = fs::status(path, code);
  if (code || !fs::exists(about)) {
    return unreadable(path, code ? code : std::make_error_code(std::errc::no_such_file_or_directory));
  }
  std::vector<fs::path> files{path};
  if (fs::is_directory(about)) {
    auto found = manifestsIn(path);
    if (!found) return tl::unexpected(std::move(found.error()));
    files = std::move(*found);
  }
  Collection collection;
  for (const auto& file : files) readInto(collection, file);
  return collection.settle();
}

}  // namespace splitdelivery::source::folder
