#include "kube/object.h"

#include <functional>
#include <string>

namespace splitdelivery::kube {
namespace {

/// A member with the comma that goes with it: the one behind it or, for the last one, the one before it.
std::string_view withComma(std::string_view object, const raw_json::Member& member) {
  std::size_t begin = member.begin;
  std::size_t end = raw_json::skipBlanks(object, member.end);
  if (end < object.size() && object[end] == ',') return object.substr(begin, end + 1 - begin);
  while (begin > 0 && object[begin - 1] != ',' && object[begin - 1] != '{') --begin;
  if (begin > 0 && object[begin - 1] == ',') --begin;
  return object.substr(begin, member.end - begin);
}

/// `text` without a part of it.
std::string without(std::string_view text, std::string_view part) {
  const auto begin = static_cast<std::size_t>(part.data() - text.data());
  std::string rest;
  rest.reserve(text.size() - part.size());
  return rest.append(text.substr(0, begin)).append(text.substr(begin + part.size()));
}

}  // namespace

Object::Object(std::string_view text) : text_(text) {
  raw_json::eachMember(text, [this](const raw_json::Member& member) {
    if (member.name == "metadata" && part("metadata").empty()) readMetadata(member.value);
    if (member.name == "spec") addToWill(member);
    parts_.emplace_back(member.name, member.value);
    return true;
  });
}

void Object::readMetadata(std::string_view metadata) {
  raw_json::eachMember(metadata, [&](const raw_json::Member& member) {
    if (member.name == "namespace") ns_ = raw_json::plainText(member.value);
    if (member.name == "name") name_ = raw_json::plainText(member.value);
    if (member.name == "uid") uid_ = raw_json::plainText(member.value);
    if (member.name == "resourceVersion") version_ = raw_json::plainText(member.value);
    if (member.name == "managedFields") cutOut_ = withComma(metadata, member);
    if (member.name == "annotations" || member.name == "finalizers" || member.name == "deletionTimestamp") {
      addToWill(member);
    }
    return true;
  });
}

void Object::addToWill(const raw_json::Member& member) {
  constexpr std::size_t kMix = 1'000'003;
  const std::hash<std::string_view> digest;
  will_ = (will_ * kMix + digest(member.name)) * kMix + digest(member.value);
}

std::string_view Object::part(std::string_view name) const {
  for (const auto& [known, value] : parts_) {
    if (known == name) return value;
  }
  return {};
}

Json Object::parsed(std::string_view part) const {
  const std::string_view text = this->part(part);
  Json json = part == "metadata" && !cutOut_.empty() ? Json::parse(without(text, cutOut_), nullptr, false)
                                                     : Json::parse(text, nullptr, false);
  return json.is_discarded() ? Json() : json;
}

Json Object::whole() const {
  return cutOut_.empty() ? Json::parse(text_, nullptr, false) : Json::parse(without(text_, cutOut_), nullptr, false);
}

}  // namespace splitdelivery::kube
