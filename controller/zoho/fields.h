#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// Reading Zoho's JSON, whose types waver: ids are numbers or strings, flags are booleans, words or
/// 0/1, lists are arrays or, for one row, the row itself. Nothing here throws or copies.
namespace splitdelivery::zoho {

using Json = nlohmann::json;

/// The member under `key`; nullptr when `object` is none, has none, or has null there.
[[nodiscard]] const Json* member(const Json& object, const char* key);

/// The string under `key`, empty when there is none. A view into `object`.
[[nodiscard]] std::string_view textOf(const Json& object, const char* key);

/// true/false, "true"/"false", 0/1, "0"/"1", in any case; none for everything else.
[[nodiscard]] std::optional<bool> flagOf(const Json& object, const char* key);

/// A non-negative whole number, also when written as a string.
[[nodiscard]] std::optional<std::uint64_t> numberOf(const Json& object, const char* key);

/// An id as its digits. Ids exceed 2^53, so a number that went through a double (1e18) is none.
[[nodiscard]] std::optional<std::string> idOf(const Json& object, const char* key);

/// The rows of a list; none when `list` is neither an array nor an object.
[[nodiscard]] std::optional<std::span<const Json>> rowsOf(const Json& list);

/// Whether two texts are the same but for the case of ASCII letters.
[[nodiscard]] bool sameWord(std::string_view a, std::string_view b);

}  // namespace splitdelivery::zoho
