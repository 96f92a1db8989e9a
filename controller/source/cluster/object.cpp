#include "source/cluster/object.h"

#include <algorithm>
#include <charconv>
#include <functional>

#include "api/time.h"
#include "source/status_document.h"
#include "source/value_json.h"

namespace splitdelivery::source::cluster {
namespace {

const Json& childOf(const Json& object, const char* name) {
  static const Json nothing;
  if (!object.is_object()) return nothing;
  const auto found = object.find(name);
  return found == object.end() ? nothing : *found;
}

std::string textOf(const Json& object, const char* name) {
  const Json& value = childOf(object, name);
  return value.is_string() ? value.get<std::string>() : std::string();
}

std::optional<std::uint64_t> numberFrom(const std::string& text) {
  std::uint64_t number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

/// Of all annotations those that are meant for us.
Json ownAnnotations(const Json& metadata, bool inResource) {
  Json own = Json::object();
  for (const auto& [name, value] : childOf(metadata, "annotations").items()) {
    if (!name.starts_with(api::annotation::kPrefix)) continue;
    if (inResource && name == api::annotation::kDelete) continue;
    own[name] = value;
  }
  return own;
}

/// The object with the metadata that the parser needs, and with `parts`. What it is we know from where it was asked
/// for: in a list the API server leaves out the kind of built-in objects.
api::Value reduced(const Json& object, std::initializer_list<const char*> parts, bool isResource) {
  const Json& metadata = childOf(object, "metadata");
  Json document = {{"apiVersion", isResource ? api::kApiVersion : "v1"}, {"kind", isResource ? api::kKind : "Secret"}};
  Json& about = document["metadata"] = Json::object();
  for (const char* name : {"name", "namespace", "generation", "creationTimestamp"}) {
    if (const Json& value = childOf(metadata, name); !value.is_null()) about[name] = value;
  }
  if (Json own = ownAnnotations(metadata, isResource); !own.empty()) about["annotations"] = std::move(own);
  for (const char* part : parts) {
    if (const Json& value = childOf(object, part); !value.is_null()) document[part] = value;
  }
  return valueFrom(document);
}

}  // namespace

Metadata metadataOf(const Json& object) {
  const Json& metadata = childOf(object, "metadata");
  Metadata about{.key = {textOf(metadata, "namespace"), textOf(metadata, "name")},
                 .uid = textOf(metadata, "uid"),
                 .version = textOf(metadata, "resourceVersion"),
                 .deleted = !textOf(metadata, "deletionTimestamp").empty()};
  if (const Json& generation = childOf(metadata, "generation"); generation.is_number_integer()) {
    about.generation = generation.get<std::int64_t>();
  }
  if (const Json& finalizers = childOf(metadata, "finalizers"); finalizers.is_array()) {
    for (const Json& name : finalizers) {
      if (name.is_string()) about.finalizers.push_back(name.get<std::string>());
    }
  }
  return about;
}

bool isNewer(const std::string& a, const std::string& b) {
  const auto left = numberFrom(a);
  const auto right = numberFrom(b);
  return left && right ? *left > *right : a != b;
}

api::Parsed<api::SplitDeliveryDomain> domainFrom(const Json& object, std::vector<api::FieldError>& passedOver) {
  auto parsed = api::parseKnownFields(reduced(object, {"spec"}, true), passedOver);
  if (parsed) parsed->deletedAt = api::parseRfc3339(textOf(childOf(object, "metadata"), "deletionTimestamp"));
  return parsed;
}

std::size_t ordersOf(const Json& metadata, std::string_view spec) {
  Json about = {{"annotations", ownAnnotations(metadata, true)}};
  if (reconcileAtOf(metadata)) about["annotations"].erase(std::string(api::annotation::kReconcileAt));
  for (const char* name : {"uid", "generation", "creationTimestamp", "deletionTimestamp"})
    about[name] = childOf(metadata, name);
  const std::string text = about.dump(-1, ' ', false, Json::error_handler_t::replace).append(spec);
  return std::max<std::size_t>(std::hash<std::string>{}(text), 1);
}

std::optional<std::string> reconcileAtOf(const Json& metadata) {
  const Json& at = childOf(childOf(metadata, "annotations"), std::string(api::annotation::kReconcileAt).c_str());
  return at.is_string() ? std::optional(at.get<std::string>()) : std::nullopt;
}

api::Parsed<api::SecretObject> secretFrom(const Json& object) {
  return api::parseSecret(reduced(object, {"data"}, false));
}

api::Status statusOf(const Json& object) {
  Json document = Json::object();
  if (const Json& status = childOf(object, "status"); status.is_object()) document["status"] = status;
  return statusFrom(valueFrom(document));
}

}  // namespace splitdelivery::source::cluster
