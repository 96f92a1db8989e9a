#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace splitdelivery::api {

/// A document as a tree of plain values, between the format it came in (YAML in a folder, JSON from
/// the API server) and the types of this room, so that both are validated by the same code.
///
/// A map keeps its order and its repeated keys (a repeated key is an error to report, not to lose).
struct Value {
  using List = std::vector<Value>;
  using Map = std::vector<std::pair<std::string, Value>>;

  std::variant<std::monostate, bool, std::int64_t, double, std::string, List, Map> data{};

  /// The first value under `key`; nullptr when this is no map or has no such key.
  [[nodiscard]] const Value* find(std::string_view key) const;
  [[nodiscard]] bool isNull() const { return std::holds_alternative<std::monostate>(data); }
  /// "a string", "a whole number", … for messages.
  [[nodiscard]] std::string_view typeName() const;
};

}  // namespace splitdelivery::api
