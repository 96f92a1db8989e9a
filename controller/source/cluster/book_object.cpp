#include "source/cluster/book_object.h"

#include <algorithm>

#include "base/digest.h"
#include "source/cluster/resource_types.h"

namespace splitdelivery::source::cluster {
namespace {

constexpr int kRecordVersion = 1;

std::string sliceName(const std::string& resource, std::string_view data) {
  // With the digest it stays below the 253 characters of a name.
  constexpr std::size_t kKept = 180;
  std::string start = resource.substr(0, kKept);
  while (!start.empty() && (start.back() == '.' || start.back() == '-')) start.pop_back();
  return start + ".slice-" + base::digest({resource, data}).substr(0, 32);
}

Json object(const std::string& ns, const std::string& name, Json record, const std::string& version = "") {
  Json made = {{"apiVersion", "splitdelivery.dev/v1alpha1"},
               {"kind", "AddressBook"},
               {"metadata", {{"name", name}, {"namespace", ns}, {"finalizers", {kFinalizer}}}},
               {"record", std::move(record)}};
  if (!version.empty()) made["metadata"]["resourceVersion"] = version;
  return made;
}

std::string textIn(const Json& map, const char* name) {
  const auto found = map.find(name);
  return found != map.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// False for a list of something else.
bool readNames(const Json& map, const char* name, std::vector<std::string>& names) {
  const auto found = map.find(name);
  if (found == map.end() || !found->is_array()) return true;
  for (const Json& each : *found) {
    if (!each.is_string()) return false;
    names.push_back(each.get<std::string>());
  }
  return true;
}

}  // namespace

std::vector<Slice> slicesOf(const std::string& resource, std::string_view encoded) {
  std::vector<Slice> slices;
  if (encoded.size() <= kLongestSlice) return slices;
  while (!encoded.empty()) {
    std::size_t size = std::min(encoded.size(), kLongestSlice);
    // Not in the middle of a character: each slice has to be text.
    while (size < encoded.size() && (static_cast<unsigned char>(encoded[size]) & 0xC0U) == 0x80U) --size;
    const std::string data(encoded.substr(0, size));
    slices.push_back({sliceName(resource, data), data});
    encoded.remove_prefix(size);
  }
  return slices;
}

Json headObject(const api::ObjectKey& key, std::string_view encoded, const std::vector<Slice>& slices,
                const std::vector<std::string>& strays, const std::string& version) {
  Json record = {{"version", kRecordVersion}, {"resource", key.name}};
  if (slices.empty()) {
    record["data"] = encoded;
  } else {
    Json& names = record["slices"] = Json::array();
    for (const Slice& slice : slices) names.push_back(slice.name);
  }
  if (!strays.empty()) record["strays"] = strays;
  return object(key.ns, key.name, std::move(record), version);
}

Json announcement(const api::ObjectKey& key, const std::vector<std::string>& strays, const std::string& version) {
  return object(key.ns, key.name, {{"version", kRecordVersion}, {"resource", key.name}, {"strays", strays}}, version);
}

Json sliceObject(const api::ObjectKey& key, const Slice& slice) {
  return object(key.ns, slice.name, {{"version", kRecordVersion}, {"sliceOf", key.name}, {"data", slice.data}});
}

Head headFrom(const api::ObjectKey& key, const Json& object) {
  const auto record = object.find("record");
  if (record == object.end() || !record->is_object()) return {.damaged = true};
  Head head;
  if (!textIn(*record, "sliceOf").empty()) return {.ours = false};
  const std::string resource = textIn(*record, "resource");
  if (!resource.empty() && resource != key.name) return {.ours = false};
  head.data = textIn(*record, "data");
  const bool named = readNames(*record, "slices", head.slices) && readNames(*record, "strays", head.strays);
  if (!named) return {.damaged = true};
  head.announced = head.data.empty() && head.slices.empty() && !head.strays.empty();
  head.damaged = head.data.empty() == head.slices.empty() && !head.announced;
  return head;
}

std::vector<std::string> Head::everySlice() const {
  std::vector<std::string> every = slices;
  every.insert(every.end(), strays.begin(), strays.end());
  return every;
}

bool isAnothers(const std::string& resource, const Json& object) {
  const auto record = object.find("record");
  if (record == object.end() || !record->is_object()) return false;
  const std::string owner = textIn(*record, "sliceOf");
  return !textIn(*record, "resource").empty() || (!owner.empty() && owner != resource);
}

std::optional<std::string> sliceFrom(const std::string& resource, const Json& object) {
  const auto record = object.find("record");
  if (record == object.end() || !record->is_object()) return std::nullopt;
  std::string data = textIn(*record, "data");
  const auto metadata = object.find("metadata");
  const bool whole = metadata != object.end() && textIn(*metadata, "name") == sliceName(resource, data);
  return whole ? std::optional(std::move(data)) : std::nullopt;
}

}  // namespace splitdelivery::source::cluster
