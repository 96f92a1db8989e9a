#pragma once

#include <span>
#include <string>
#include <string_view>

namespace splitdelivery::api {

/// The word of `known` that a person most likely meant by `word`: the same but for its case, or a
/// slip or two away. Empty when none is near.
[[nodiscard]] std::string_view nearest(std::string_view word, std::span<const std::string_view> known);

/// "; did you mean \"policy\"?", or nothing.
[[nodiscard]] std::string didYouMean(std::string_view word, std::span<const std::string_view> known);

}  // namespace splitdelivery::api
