#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace splitdelivery::base {

/// SHA-256 of the parts, as 64 lower-case hexadecimal digits. Each part is preceded by its length,
/// so that ("ab", "c") and ("a", "bc") differ.
[[nodiscard]] std::string digest(std::initializer_list<std::string_view> parts);

}  // namespace splitdelivery::base
