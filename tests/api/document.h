#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "api/value.h"

/// Documents for the tests of this room, written without a format.
namespace splitdelivery::api::testing {

inline Value text(std::string value) {
  return Value{std::move(value)};
}
inline Value number(std::int64_t value) {
  return Value{value};
}
inline Value flag(bool value) {
  return Value{value};
}
inline Value none() {
  return Value{};
}
inline Value list(std::initializer_list<Value> values) {
  return Value{Value::List(values)};
}
inline Value texts(std::initializer_list<std::string> values) {
  Value::List entries;
  for (const auto& value : values) entries.push_back(text(value));
  return Value{std::move(entries)};
}
inline Value map(std::initializer_list<std::pair<std::string, Value>> entries) {
  return Value{Value::Map(entries)};
}

/// Sets `path` ("spec>zoho>dataCenter") in `document`, making the maps on the way.
inline void put(Value& document, std::string_view path, Value value) {
  Value* at = &document;
  while (!path.empty()) {
    const auto end = path.find('>');
    const std::string key(path.substr(0, end));
    path.remove_prefix(end == std::string_view::npos ? path.size() : end + 1);
    if (!std::holds_alternative<Value::Map>(at->data)) at->data = Value::Map{};
    auto& entries = std::get<Value::Map>(at->data);
    auto* found = const_cast<Value*>(at->find(key));
    if (found == nullptr) found = &entries.emplace_back(key, Value{}).second;
    at = found;
  }
  *at = std::move(value);
}

/// Takes the last key of `path` out of its map.
inline void drop(Value& document, std::string_view path) {
  const auto cut = path.rfind('>');
  Value* at = &document;
  auto above = cut == std::string_view::npos ? std::string_view() : path.substr(0, cut);
  while (!above.empty()) {
    const auto end = above.find('>');
    at = const_cast<Value*>(at->find(above.substr(0, end)));
    above.remove_prefix(end == std::string_view::npos ? above.size() : end + 1);
  }
  const auto key = cut == std::string_view::npos ? path : path.substr(cut + 1);
  std::erase_if(std::get<Value::Map>(at->data), [&](const auto& entry) { return entry.first == key; });
}

/// The shortest SplitDeliveryDomain that is valid.
inline Value minimal() {
  return map({{"apiVersion", text("splitdelivery.dev/v1alpha1")},
              {"kind", text("SplitDeliveryDomain")},
              {"metadata", map({{"name", text("example-com")}})},
              {"spec", map({{"domain", text("example.com")},
                            {"policy", text("Sync")},
                            {"zoho", map({{"organizationId", text("60012345")},
                                          {"dataCenter", text("us")},
                                          {"credentialsSecretRef", map({{"name", text("zoho")}})}})},
                            {"directAdmin", map({{"server", text("https://eagle.mxlogin.com:2222")},
                                                 {"credentialsSecretRef", map({{"name", text("directadmin")}})}})}})}});
}

inline Value minimalWith(std::string_view path, Value value) {
  Value document = minimal();
  put(document, path, std::move(value));
  return document;
}

inline Value minimalWithout(std::string_view path) {
  Value document = minimal();
  drop(document, path);
  return document;
}

}  // namespace splitdelivery::api::testing
