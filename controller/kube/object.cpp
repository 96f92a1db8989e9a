#include "kube/object.h"

#include <functional>
#include <string>

namespace splitdelivery::kube {
namespace {

/// What is between `begin` and `end` with the comma that goes with it: the one behind it or, for the last member, the
/// one before it.
std::string_view withComma(std::string_view object, std::size_t begin, std::size_t end) {
  const std::size_t next = raw_json::skipBlanks(object, end);
  if (next < object.size() && object[next] == ',') return object.substr(begin, next + 1 - begin);
  while (begin > 0 && object[begin - 1] != ',' && object[begin - 1] != '{') --begin;
  if (begin > 0 && object[begin - 1] == ',') --begin;
  return object.substr(begin, end - begin);
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
  size_ = raw_json::eachMember(text, [&](const raw_json::Member& member) {
    const bool about = member.name == "metadata" && part("metadata").empty();
    std::size_t end = about ? readMetadata(text.substr(member.value)) : raw_json::kBroken;
    if (about && end == raw_json::kBroken) forgetMetadata();
    end = end == raw_json::kBroken ? raw_json::skipValue(text, member.value) : member.value + end;
    const std::string_view value = text.substr(member.value, end - member.value);
    if (member.name == "spec") addToWill(member.name, value);
    parts_.emplace_back(member.name, value);
    return end;
  });
  if (size_ != raw_json::kBroken) text_ = text.substr(0, size_);
}

/// Gives where it has ended, as eachMember does.
std::size_t Object::readMetadata(std::string_view metadata) {
  return raw_json::eachMember(metadata, [&](const raw_json::Member& member) {
    const std::string_view name = member.name;
    const std::size_t end = raw_json::skipValue(metadata, member.value);
    const std::string_view value = metadata.substr(member.value, end - member.value);
    if (name == "namespace") ns_ = raw_json::plainText(value);
    if (name == "name") name_ = raw_json::plainText(value);
    if (name == "uid") uid_ = raw_json::plainText(value);
    if (name == "resourceVersion") version_ = raw_json::plainText(value);
    if (name == "managedFields") cutOut_ = withComma(metadata, member.begin, end);
    if (name == "annotations" || name == "finalizers" || name == "deletionTimestamp") addToWill(name, value);
    return end;
  });
}

/// Of metadata that is no object nothing is believed: what was found may stand anywhere behind its beginning.
void Object::forgetMetadata() {
  for (auto* text : {&ns_, &name_, &uid_, &version_, &cutOut_}) *text = {};
  will_ = 0;
}

void Object::addToWill(std::string_view name, std::string_view value) {
  constexpr std::size_t kMix = 1'000'003;
  const std::hash<std::string_view> digest;
  will_ = (will_ * kMix + digest(name)) * kMix + digest(value);
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
