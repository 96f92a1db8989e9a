#include "source/folder/statuses.h"

#include "base/await.h"
#include "source/folder/saving.h"
#include "source/folder/yaml_writer.h"
#include "source/json_values.h"
#include "source/status_document.h"
#include "source/value_json.h"

namespace splitdelivery::source::folder {
namespace {

constexpr std::size_t kLargestStatus = std::size_t{1} << 20U;

/// Reads the JSON, which takes a tenth of the time of the YAML that people read. Where either is
/// missing or damaged both are written anew.
api::Status loadStatus(const std::filesystem::path& memory, const std::filesystem::path& document) {
  std::error_code code;
  if (!std::filesystem::exists(document, code)) return {};
  const auto text = readFile(memory, kLargestStatus);
  if (!text || !*text) return {};
  const auto json = nlohmann::json::parse(**text, nullptr, false);
  return json.is_discarded() ? api::Status{} : statusFrom(valueFrom(json));
}

}  // namespace

base::Task<api::Status> FolderStatuses::load(api::ObjectKey key) {
  return base::offload(executor_, [memory = paths_.statusMemory(key), document = paths_.status(key)] {
    return loadStatus(memory, document);
  });
}

base::Task<base::Result<base::Done>> FolderStatuses::save(api::ObjectKey key, api::Status status) {
  return base::offload(executor_, [paths = paths_, access = access_, key, status = std::move(status)] {
    if (access == Access::ReadOnly) return refuseToSave(paths.status(key));
    const api::Value document = statusDocument(key, status);
    auto saved = saveFile(paths.statusMemory(key), jsonText(toJson(document)), kReadableFile);
    if (!saved) return saved;
    return saveFile(paths.status(key), writeYaml(document), kReadableFile);
  });
}

}  // namespace splitdelivery::source::folder
