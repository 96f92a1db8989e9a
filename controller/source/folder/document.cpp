#include "source/folder/document.h"

#include <array>

#include "api/address.h"
#include "api/parse_parts.h"
#include "api/suggest.h"

namespace splitdelivery::source::folder {
namespace {

constexpr std::string_view kGroup = "splitdelivery.dev/";
constexpr std::string_view kBookKind = "AddressBook";

std::string textAt(const api::Value& map, std::string_view name) {
  const api::Value* value = map.find(name);
  const auto* text = value == nullptr ? nullptr : std::get_if<std::string>(&value->data);
  return text == nullptr ? std::string() : *text;
}

/// A slip in the name must not make a resource vanish without a word.
bool isMeantForUs(std::string_view apiVersion, std::string_view kind) {
  constexpr std::array kOurs{api::kKind};
  if (kind == kBookKind) return false;
  return apiVersion.starts_with(kGroup) || !api::nearest(kind, kOurs).empty();
}

}  // namespace

Concern concernOf(const api::Value& document) {
  const std::string apiVersion = textAt(document, "apiVersion");
  const std::string kind = textAt(document, "kind");
  if (apiVersion == "v1" && kind == "List") return Concern::List;
  if (isMeantForUs(apiVersion, kind)) return Concern::Resource;
  if (api::canonicalLocal(kind) == "secret" && apiVersion.find('/') == std::string::npos) return Concern::Secret;
  const bool untyped = apiVersion.empty() && kind.empty();
  const bool manifest = document.find("metadata") != nullptr && document.find("spec") != nullptr;
  return untyped && manifest ? Concern::Resource : Concern::Other;
}

api::ObjectKey keyOf(const api::Value& document) {
  const api::Value* metadata = document.find("metadata");
  if (metadata == nullptr) return {};
  api::ObjectKey key{textAt(*metadata, "namespace"), textAt(*metadata, "name")};
  if (key.ns.empty()) key.ns = "default";
  // Anything else would reach the log as it stands.
  if (!api::isLabelName(key.ns) || !api::isSubdomainName(key.name)) return {};
  return key;
}

std::string titleOf(Concern concern, const api::ObjectKey& key) {
  const std::string kind = concern == Concern::Secret ? "Secret" : std::string(api::kKind);
  return " (" + kind + (key.name.empty() ? "" : " " + key.text()) + ")";
}

}  // namespace splitdelivery::source::folder
