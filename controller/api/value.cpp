#include "api/value.h"

namespace splitdelivery::api {

const Value* Value::find(std::string_view key) const {
  const auto* map = std::get_if<Map>(&data);
  if (map == nullptr) return nullptr;
  for (const auto& [name, value] : *map) {
    if (name == key) return &value;
  }
  return nullptr;
}

std::string_view Value::typeName() const {
  struct Name {
    std::string_view operator()(std::monostate) const { return "nothing (null)"; }
    std::string_view operator()(bool) const { return "true or false (as are yes, no, on and off)"; }
    std::string_view operator()(std::int64_t) const { return "a whole number"; }
    std::string_view operator()(double) const { return "a number"; }
    std::string_view operator()(const std::string&) const { return "a string"; }
    std::string_view operator()(const List&) const { return "a list"; }
    std::string_view operator()(const Map&) const { return "a map"; }
  };
  return std::visit(Name{}, data);
}

}  // namespace splitdelivery::api
