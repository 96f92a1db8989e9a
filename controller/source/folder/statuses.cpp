#include "source/folder/statuses.h"

#include "base/await.h"
#include "source/folder/saving.h"
#include "source/folder/status_document.h"
#include "source/folder/yaml.h"
#include "source/folder/yaml_writer.h"

namespace splitdelivery::source::folder {
namespace {

constexpr std::size_t kLargestStatus = std::size_t{1} << 20U;

api::Status loadStatus(const std::filesystem::path& file) {
  const auto text = readFile(file, kLargestStatus);
  if (!text || !*text) return {};
  const auto documents = readYaml(**text);
  if (documents.size() != 1 || !documents.front().value) return {};
  return statusFrom(*documents.front().value);
}

}  // namespace

base::Task<api::Status> FolderStatuses::load(api::ObjectKey key) {
  return base::offload(executor_, [file = paths_.status(key)] { return loadStatus(file); });
}

base::Task<base::Result<base::Done>> FolderStatuses::save(api::ObjectKey key, api::Status status) {
  return base::offload(executor_, [file = paths_.status(key), access = access_, key, status = std::move(status)] {
    if (access == Access::ReadOnly) return refuseToSave(file);
    return saveFile(file, writeYaml(statusDocument(key, status)), kReadableFile);
  });
}

}  // namespace splitdelivery::source::folder
