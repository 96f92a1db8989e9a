#include "source/value_json.h"

namespace splitdelivery::source {
namespace {

using Json = nlohmann::json;

struct Writer {
  Json operator()(std::monostate /*null*/) const { return nullptr; }
  Json operator()(bool value) const { return value; }
  Json operator()(std::int64_t value) const { return value; }
  Json operator()(double value) const { return value; }
  Json operator()(const std::string& value) const { return value; }
  Json operator()(const api::Value::List& list) const {
    Json array = Json::array();
    for (const api::Value& item : list) array.push_back(toJson(item));
    return array;
  }
  Json operator()(const api::Value::Map& map) const {
    Json object = Json::object();
    for (const auto& [key, value] : map) object[key] = toJson(value);
    return object;
  }
};

}  // namespace

Json toJson(const api::Value& value) {
  return std::visit(Writer{}, value.data);
}

api::Value valueFrom(const Json& json) {
  switch (json.type()) {
    case Json::value_t::boolean:
      return {json.get<bool>()};
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
      return {json.get<std::int64_t>()};
    case Json::value_t::number_float:
      return {json.get<double>()};
    case Json::value_t::string:
      return {json.get_ref<const std::string&>()};
    case Json::value_t::array: {
      api::Value::List list;
      for (const Json& item : json) list.push_back(valueFrom(item));
      return {std::move(list)};
    }
    case Json::value_t::object: {
      api::Value::Map map;
      for (const auto& [key, value] : json.items()) map.emplace_back(key, valueFrom(value));
      return {std::move(map)};
    }
    default:
      return {};
  }
}

}  // namespace splitdelivery::source
