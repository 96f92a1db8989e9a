#pragma once

#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "api/enums.h"
#include "api/time.h"

/// Strict reading of JSON: what is missing or of another type throws, where nlohmann's own `get`
/// would turn -1 into 4294967295. Throws nlohmann::json::exception or WrongShape; for use inside a
/// decoder that catches both.
namespace splitdelivery::source {

using Json = nlohmann::json;

struct WrongShape {};

inline std::uint32_t countIn(const Json& object, const char* name) {
  const auto& value = object.at(name);
  if (!value.is_number_unsigned()) throw WrongShape{};
  const auto number = value.get<std::uint64_t>();
  if (number > std::numeric_limits<std::uint32_t>::max()) throw WrongShape{};
  return static_cast<std::uint32_t>(number);
}

inline bool flagIn(const Json& object, const char* name) {
  const auto& value = object.at(name);
  if (!value.is_boolean()) throw WrongShape{};
  return value.get<bool>();
}

inline std::string textIn(const Json& object, const char* name) {
  return object.at(name).get_ref<const std::string&>();
}

inline const Json& listIn(const Json& object, const char* name) {
  const auto& value = object.at(name);
  if (!value.is_array()) throw WrongShape{};
  return value;
}

inline std::vector<std::string> textsIn(const Json& object, const char* name) {
  std::vector<std::string> texts;
  for (const auto& entry : listIn(object, name)) texts.push_back(entry.get_ref<const std::string&>());
  return texts;
}

inline base::WallTime timeIn(const Json& object, const char* name) {
  const auto time = api::parseRfc3339(textIn(object, name));
  if (!time) throw WrongShape{};
  return *time;
}

template <api::Worded E>
E choiceIn(const Json& object, const char* name) {
  const auto value = api::choiceFrom<E>(textIn(object, name));
  if (!value) throw WrongShape{};
  return *value;
}

/// Bytes that are not UTF-8 (a server may send any) are replaced, which JSON needs.
inline std::string jsonText(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace splitdelivery::source
