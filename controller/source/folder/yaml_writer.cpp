#include "source/folder/yaml_writer.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "source/folder/yaml_scalar.h"

namespace splitdelivery::source::folder {
namespace {

using api::Value;
using Json = nlohmann::json;

bool isLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string quoted(const std::string& text) {
  // A JSON string is a double-quoted scalar of YAML.
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string textScalar(const std::string& text) {
  const auto plain = [](char c) {
    return isLetter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '/';
  };
  const bool bare = !text.empty() && isLetter(text.front()) && std::ranges::all_of(text, plain) &&
                    std::holds_alternative<std::string>(plainScalar(text).data);
  return bare ? text : quoted(text);
}

std::string scalar(const Value& value) {
  if (const auto* flag = std::get_if<bool>(&value.data)) return *flag ? "true" : "false";
  if (const auto* number = std::get_if<std::int64_t>(&value.data)) return std::to_string(*number);
  if (const auto* number = std::get_if<double>(&value.data)) return Json(*number).dump();
  if (const auto* text = std::get_if<std::string>(&value.data)) return textScalar(*text);
  if (std::holds_alternative<Value::List>(value.data)) return "[]";
  if (std::holds_alternative<Value::Map>(value.data)) return "{}";
  return "null";
}

bool isEmpty(const Value& value) {
  const auto* list = std::get_if<Value::List>(&value.data);
  const auto* map = std::get_if<Value::Map>(&value.data);
  return list != nullptr ? list->empty() : map == nullptr || map->empty();
}

/// Writes a list or map whose lines start at `indent`; the first line's indent is there already.
void writeBlock(const Value& value, const std::string& indent, std::string& out) {
  bool first = true;
  const auto startLine = [&] {
    if (!first) out += indent;
    first = false;
  };
  if (const auto* list = std::get_if<Value::List>(&value.data)) {
    for (const auto& entry : *list) {
      startLine();
      out += "- ";
      if (isEmpty(entry)) {
        out += scalar(entry) + "\n";
      } else {
        writeBlock(entry, indent + "  ", out);
      }
    }
  } else if (const auto* map = std::get_if<Value::Map>(&value.data)) {
    for (const auto& [key, entry] : *map) {
      startLine();
      out += textScalar(key) + ":";
      if (isEmpty(entry)) {
        out += " " + scalar(entry) + "\n";
      } else {
        out += "\n" + indent + "  ";
        writeBlock(entry, indent + "  ", out);
      }
    }
  }
}

}  // namespace

std::string writeYaml(const Value& document) {
  if (isEmpty(document)) return scalar(document) + "\n";
  std::string out;
  writeBlock(document, "", out);
  return out;
}

}  // namespace splitdelivery::source::folder
