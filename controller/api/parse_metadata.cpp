#include <algorithm>

#include "api/parse_parts.h"
#include "api/time.h"

namespace splitdelivery::api {
namespace {

constexpr std::size_t kLongestName = 253;
constexpr std::size_t kLongestLabel = 63;

bool isNamePart(std::string_view text) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !text.empty() && plain(text.front()) && plain(text.back()) &&
         std::ranges::all_of(text, [&](char c) { return plain(c) || c == '-'; });
}

}  // namespace

bool isLabelName(std::string_view name) {
  return name.size() <= kLongestLabel && isNamePart(name);
}

bool isSubdomainName(std::string_view name) {
  if (name.size() > kLongestName) return false;
  // Kubernetes limits only the whole, not the parts.
  auto dot = name.find('.');
  for (; dot != std::string_view::npos; dot = name.find('.')) {
    if (!isNamePart(name.substr(0, dot))) return false;
    name.remove_prefix(dot + 1);
  }
  return isNamePart(name);
}

void checkType(const Fields& document, std::string_view apiVersion, std::string_view kind) {
  const auto check = [&](std::string_view name, std::string_view wanted) {
    const std::string must = "must be " + std::string(wanted);
    const auto found = document.text(name);
    if (!document.has(name) || (found && *found != wanted)) document.error(name, must);
  };
  check("apiVersion", apiVersion);
  check("kind", kind);
}

Metadata parseMetadata(const Fields& document) {
  if (!document.has("metadata")) {
    document.error("metadata", "is required: at least a name");
    return {};
  }
  const Fields fields =
      document.map("metadata", {"name", "namespace", "labels", "annotations", "generation", "uid", "resourceVersion",
                                "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "managedFields",
                                "finalizers", "ownerReferences", "generateName", "selfLink"});
  if (!fields.isMap()) return {};
  Metadata metadata;
  metadata.key.ns = fields.text("namespace").value_or("default");
  if (metadata.key.ns.empty()) metadata.key.ns = "default";
  if (!isLabelName(metadata.key.ns)) {
    fields.error("namespace", "must be lower-case letters, digits and hyphens, at most 63");
  }
  if (auto name = fields.requiredText("name", "a name of its own in the namespace, such as example-com")) {
    if (!isSubdomainName(*name)) {
      fields.error("name", "must be lower-case letters, digits, hyphens and dots, at most 253, such as example-com");
    }
    metadata.key.name = std::move(*name);
  }
  static_cast<void>(fields.textMap("labels"));
  metadata.annotations = fields.textMap("annotations");
  if (const auto created = fields.text("creationTimestamp")) metadata.createdAt = parseRfc3339(*created);
  metadata.generation = fields.wholeNumber("generation").value_or(0);
  return metadata;
}

}  // namespace splitdelivery::api
