#pragma once

#include <string_view>

namespace splitdelivery::serve {

/// The whole of the status page's CSS. Colours keep a contrast of 4.5 at least in both schemes, and never stand alone:
/// what they mean is there in words too.
extern const std::string_view kStatusStyle;

}  // namespace splitdelivery::serve
